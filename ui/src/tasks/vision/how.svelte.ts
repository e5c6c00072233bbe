// How Vision asks: the open mode, the parameters, the way, the size of what is sent, and where a run would go.
import type { Preparing } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { modelFor } from "../../models/answering";
import { models } from "../../models/models.svelte";
import { Presets } from "../../parameters/presets.svelte";
import { drawSeed, problem } from "../../parameters/request";
import type { Destination, Values as TextValues } from "../../parameters/specs";
import { closed, counts, fitting, rowOf, WAYS, type Way } from "./ways";

/** One picture after another, or a folder of them. */
export type Mode = "ask" | "folder";

/** What the person has set. */
export interface Values extends TextValues {
  way?: Way;
  max_side?: number;
  quality?: number;
}

/** Pixels of the longest side and quality of the JPEG while nothing is set: what most models look at anyway. */
export const USUAL: Preparing = { max_side: 1024, quality: 85 };

class How {
  mode = $state<Mode>("ask");
  /** The parameters; missing ones are default. */
  values = $state<Values>({});
  /** What is asked about each picture of a folder. */
  question = $state("");
  /** The seed of the last run, where one was sent. */
  lastSeed = $state<number | undefined>();
  readonly presets = new Presets("visionPresets");

  /** Takes up what was left at the last exit. */
  recall(): void {
    this.mode = recall<Mode>("visionMode", this.mode) === "folder" ? "folder" : "ask";
    this.values = recall("visionParameters", this.values);
    this.question = recall("visionFolderQuestion", this.question);
    this.presets.start();
    keep("visionFolderQuestion", () => this.question);
    keep("visionMode", () => this.mode);
    keep("visionParameters", () => this.values);
  }

  /** How pictures are made ready. */
  get preparing(): Preparing {
    const { max_side = USUAL.max_side, quality = USUAL.quality } = this.values;
    return { max_side, quality };
  }

  /** The way that is taken: the person's own where it is open here, else the one that fits. */
  get way(): Way {
    const { way } = this.values;
    return way && !closed(way, connections.current.kind) ? way : this.automatic;
  }

  /** The way that fits by itself. */
  get automatic(): Way {
    const { id, kind } = connections.current;
    if (kind === "space") return this.#atSpace(id);
    return fitting(kind, modelFor(rowOf("chat").models));
  }

  /** The task under which models are listed and picked. */
  get task(): string {
    const chosen = this.values.way && this.way === this.values.way;
    const space = connections.current.kind === "space";
    return rowOf(chosen || space ? this.way : "chat").models;
  }

  /** The model that would answer, by its id; where the connection chooses, the first that it offers. */
  get model(): string {
    return modelFor(this.task);
  }

  /** Where a run would go now. */
  get destination(): Destination {
    const { id, kind } = connections.current;
    const { provider } = models.chosen(this.task);
    const row = models.row(id, this.task)?.providers.find((each) => each.name === provider);
    return { kind, provider, structured: row?.structured_output, ...counts(this.way) };
  }

  /** The parameters that go out as they are. */
  get sent(): TextValues {
    const { way: _, max_side: __, quality: ___, ...values } = $state.snapshot(this.values);
    return values;
  }

  /** The built-in connection has nothing that sees, or the Space has not. */
  get blind(): boolean {
    const { id, kind } = connections.current;
    const known = models.catalogue(id, this.task);
    if (known.state !== "ready" || (kind !== "builtin" && kind !== "space")) return false;
    return !known.index.rows.some((row) => row.ready);
  }

  /** What keeps any run from starting, one sentence; empty when nothing does. */
  get obstacle(): string {
    const { kind } = connections.current;
    if (this.blind)
      return kind === "builtin" ? "Get a model that sees first." : "This Space sees no pictures.";
    if (kind === "hugging_face" && !models.chosen(this.task).model) return "Pick a model first.";
    return problem(this.sent, this.destination);
  }

  /** Draws a new seed where the person wants one for each run, and remembers the one that is sent. */
  drawSeed(): void {
    if (this.values.seed !== undefined && this.values.seed_locked === false) this.values.seed = drawSeed();
    this.lastSeed = this.values.seed;
  }

  /** Lists the models of every way at a Space: only what is there tells which way it has. */
  async look(): Promise<void> {
    const { current } = connections;
    if (current.kind !== "space") return;
    await Promise.all(WAYS.map((row) => models.load(current, row.models)));
  }

  #atSpace(id: string): Way {
    const row = WAYS.find((each) => models.catalogue(id, each.models).index.rows.length > 0);
    return row?.way ?? "chat";
  }
}

/** How Vision asks. */
export const how = new How();
