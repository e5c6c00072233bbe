// What the Image tab asks with: prompt, parameters, start picture, count and grid, and where a run would go.
import type { PictureFacts } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { answererOf, builtinLacks, modelFor } from "../../models/answering";
import { models } from "../../models/models.svelte";
import { Presets } from "../../parameters/presets.svelte";
import { drawSeed, jsonProblem } from "../../parameters/request";
import { familyOf } from "./families";
import { type Axis, type AxisKey, type Cells, cellsOf, MOST_CELLS, type Read, readAxis } from "./grid";
import type { Asked } from "./request";
import { seedsFor } from "./seeds";
import { type Destination, type ImageTask, ignored, type Values } from "./specs";

/** What is asked at once: the pictures, and how they lie when they are a grid. */
export interface Order {
  asked: Asked[];
  grid: { columns: string[]; rows: string[]; columnTitle: string; rowTitle: string } | undefined;
}

const NO_AXIS: Axis = { key: "", text: "" };

class Image {
  prompt = $state("");
  negative = $state("");
  /** The row of the negative prompt is open. */
  negativeOpen = $state(false);
  /** The parameters; missing ones are default. */
  values = $state<Values>({});
  /** How many pictures a press on Run makes, 1 to 16. */
  count = $state(1);
  /** The picture to begin with. */
  start = $state.raw<PictureFacts | undefined>();
  /** Run makes a grid over two parameters. */
  gridOpen = $state(false);
  x = $state<Axis>({ key: "num_inference_steps", text: "" });
  y = $state<Axis>({ ...NO_AXIS });
  /** The seed of the last picture, where one is known. */
  lastSeed = $state<number | undefined>();
  readonly presets = new Presets("imagePresets");

  /** Takes up what was left at the last exit. */
  recall(): void {
    this.prompt = recall("imagePrompt", this.prompt);
    this.negative = recall("imageNegative", this.negative);
    this.negativeOpen = recall("imageNegativeOpen", this.negativeOpen);
    this.values = recall("imageParameters", this.values);
    this.count = Math.min(16, Math.max(1, Math.round(recall("imageCount", this.count)))) || 1;
    this.start = recall<{ start?: PictureFacts }>("imageStart", {}).start;
    this.gridOpen = recall("imageGridOpen", this.gridOpen);
    this.x = { ...NO_AXIS, ...recall("imageX", this.x) };
    this.y = { ...NO_AXIS, ...recall("imageY", this.y) };
    this.presets.start();
    keep("imagePrompt", () => this.prompt);
    keep("imageNegative", () => this.negative);
    keep("imageNegativeOpen", () => this.negativeOpen);
    keep("imageParameters", () => this.values);
    keep("imageCount", () => this.count);
    keep("imageStart", () => ({ start: this.start }));
    keep("imageGridOpen", () => this.gridOpen);
    keep("imageX", () => this.x);
    keep("imageY", () => this.y);
  }

  /** The task: with a start picture another one. */
  get task(): ImageTask {
    return this.start ? "image_to_image" : "text_to_image";
  }

  /** The model that would answer, by its id; where the connection chooses, the first that it offers. */
  get model(): string {
    return modelFor(this.task);
  }

  /** Where a run would go now. */
  get destination(): Destination {
    return this.destinationFor(this.model);
  }

  /** Where a run of this model would go. */
  destinationFor(model: string): Destination {
    return { task: this.task, family: familyOf(model), ...answererOf(this.task, model) };
  }

  /** The built-in connection has no model that paints: none is here yet, or none begins with a picture. */
  get cannotPaint(): boolean {
    return builtinLacks(this.task);
  }

  /** What keeps a run from starting, one sentence; empty when nothing does. */
  get obstacle(): string {
    if (this.cannotPaint) return this.start ? "Remove the start picture first." : "Get the painter first.";
    if (connections.current.kind === "hugging_face" && !models.chosen(this.task).model)
      return "Pick a model first.";
    if (jsonProblem(this.values.extra)) return "Repair the extra JSON first.";
    return this.gridOpen ? this.gridProblem : "";
  }

  /** There is nothing to run yet. */
  get idle(): boolean {
    return this.prompt.trim() === "" && !this.start;
  }

  /** What is wrong with the grid, one sentence; empty when it can be made. */
  get gridProblem(): string {
    const [x, y] = this.#axes();
    if (this.x.key === "" && this.y.key === "") return "Choose a parameter for the grid.";
    if (this.x.key !== "" && this.x.key === this.y.key)
      return "Choose two different parameters for the grid.";
    const useless = [this.x.key, this.y.key].map((key) => this.uselessAxis(key)).find(Boolean);
    if (useless) return useless;
    if (x.problem || y.problem) return x.problem || y.problem;
    const cells = this.gridCount;
    return cells > MOST_CELLS ? `${cells} pictures are too many: ${MOST_CELLS} at most.` : "";
  }

  /** How many pictures the grid has. */
  get gridCount(): number {
    const [x, y] = this.#axes();
    return Math.max(1, x.stops.length) * Math.max(1, y.stops.length);
  }

  /** Why an axis would show the same picture again and again; undefined when it would not. */
  uselessAxis(key: AxisKey | ""): string | undefined {
    if (key === "" || key === "model" || key === "prompt") return undefined;
    return ignored(key === "size" ? "width" : key, this.destination);
  }

  /** The pictures to ask for now. A seed that is free is drawn anew; a grid has one seed for all of it. */
  order(titles: Record<AxisKey, { title: string }>): Order {
    if (this.values.seed !== undefined && this.values.seed_locked === false) this.values.seed = drawSeed();
    const asked = this.#asked();
    if (!this.gridOpen)
      return {
        asked: seedsFor(this.count, asked.values.seed).map((seed) => seeded(asked, seed)),
        grid: undefined,
      };
    const grid = this.#cells(seeded(asked, asked.values.seed ?? drawSeed()));
    const title = (key: AxisKey | "") => (key === "" ? "" : titles[key].title);
    const { columns, rows, cells } = grid;
    return {
      asked: cells,
      grid: { columns, rows, columnTitle: title(this.x.key), rowTitle: title(this.y.key) },
    };
  }

  /** Takes over what a picture was made with. */
  use(asked: Asked, start: PictureFacts | undefined): void {
    this.usePrompt(asked);
    this.values = asked.values;
    this.start = start;
  }

  /** Takes over the words alone. */
  usePrompt({ prompt, negative }: Pick<Asked, "prompt" | "negative">): void {
    this.prompt = prompt;
    this.negative = negative;
    if (negative) this.negativeOpen = true;
  }

  /** Takes over a seed, and keeps it. */
  useSeed(seed: number): void {
    this.values.seed = seed;
    this.values.seed_locked = true;
  }

  #asked(): Asked {
    const { model } = models.chosen(this.task);
    const values = $state.snapshot(this.values);
    return { model, prompt: this.prompt, negative: this.negative, start: this.start?.address, values };
  }

  #axes() {
    const { family } = this.destination;
    return [this.x, this.y].map((axis) => readAxis(axis, this.prompt, family)) as [Read, Read];
  }

  #cells(asked: Asked): Cells {
    const [x, y] = this.#axes();
    return cellsOf(asked, x, y);
  }
}

function seeded(asked: Asked, seed: number | undefined): Asked {
  const { seed: _, ...values } = asked.values;
  return { ...asked, values: seed === undefined ? values : { ...values, seed } };
}

/** What the Image tab asks with. */
export const image = new Image();
