// What the Classify tab asks with: the kind, the text or the picture, labels, parameters, and where a run would go.
import type { Preparing, RunInput } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { host } from "../../host/host";
import { answererOf, builtinLacks, modelFor } from "../../models/answering";
import { models } from "../../models/models.svelte";
import { reset } from "../../parameters/change";
import { Presets } from "../../parameters/presets.svelte";
import { jsonProblem } from "../../parameters/request";
import { asFailure } from "../../runs/failure";
import { toast } from "../../shared/toasts.svelte";
import { KINDS, type Kind, type KindRow, kindRow } from "./kinds";
import { type Asked, inputOf } from "./request";
import { type Destination, ignored, templateProblem, type Values } from "./specs";

/** A picture that is ready to be asked about. */
export interface Ready {
  address: string;
  /** Pixels. */
  width: number;
  /** Pixels. */
  height: number;
}

/** How pictures are made ready: classifiers look at no more, and boxes stay exact to a pixel in a thousand. */
export const PREPARING: Preparing = { max_side: 1024, quality: 90 };

const perKind = <T>(make: (kind: Kind) => T) =>
  Object.fromEntries(KINDS.map(({ id }) => [id, make(id)])) as Record<Kind, T>;

class Classify {
  kind = $state<Kind>("text_classification");
  mode = $state<"one" | "batch">("one");
  text = $state("");
  picture = $state.raw<Ready | undefined>();
  /** A picture is being made ready. */
  preparing = $state(false);
  /** How many bars are shown; 0 for all. */
  most = $state(5);
  /** The parameters of each kind; missing ones are default. */
  all = $state<Record<Kind, Values>>(perKind(() => ({})));
  readonly #presets = perKind((kind) => new Presets(`classifyPresets ${kind}`));
  #asked = 0;

  /** Takes up what was left at the last exit. */
  recall(): void {
    const kind = recall<string>("classifyKind", this.kind);
    this.kind = KINDS.find(({ id }) => id === kind)?.id ?? this.kind;
    this.mode = recall<string>("classifyMode", this.mode) === "batch" ? "batch" : "one";
    this.text = recall("classifyText", this.text);
    this.most = Math.max(0, Math.round(recall("classifyMost", this.most)));
    this.picture = recall<{ picture?: Ready }>("classifyPicture", {}).picture;
    this.all = { ...this.all, ...recall("classifyParameters", {}) };
    keep("classifyKind", () => this.kind);
    keep("classifyMode", () => this.mode);
    keep("classifyText", () => this.text);
    keep("classifyMost", () => this.most);
    keep("classifyPicture", () => ({ picture: this.picture }));
    keep("classifyParameters", () => this.all);
    for (const presets of Object.values(this.#presets)) presets.start();
  }

  /** A picture of the last time may be gone: a file that no run names is not kept for ever. */
  async checkPicture(): Promise<void> {
    const { picture } = this;
    if (!picture) return;
    const there = await host()
      .call("picture", { address: picture.address })
      .catch(() => undefined);
    if (!there && this.picture === picture) this.picture = undefined;
  }

  /** The row of the kind. */
  get row(): KindRow {
    return kindRow(this.kind);
  }

  /** The kind's parameters. */
  get values(): Values {
    return this.all[this.kind];
  }

  /** The kind's presets; labels are part of them. */
  get presets(): Presets {
    return this.#presets[this.kind];
  }

  /** The labels to choose from. */
  get labels(): string[] {
    return this.values.candidate_labels ?? [];
  }

  set labels(labels: string[]) {
    if (labels.length > 0) this.values.candidate_labels = labels;
    else delete this.values.candidate_labels;
  }

  /** Sets all parameters back to default; the labels stay. */
  reset(): void {
    const { labels } = this;
    reset(this.values);
    this.labels = labels;
  }

  /** The model that would answer, by its id; where the connection chooses, the first that it offers. */
  get model(): string {
    return modelFor(this.kind);
  }

  /** Where a run would go now. */
  get destination(): Destination {
    return answererOf(this.kind, this.model);
  }

  /** No model of the used connection does this. */
  get lacks(): boolean {
    const { kind, id } = connections.current;
    if (kind === "builtin") return builtinLacks(this.kind);
    const known = models.catalogue(id, this.kind);
    return kind !== "hugging_face" && known.state === "ready" && known.index.rows.length === 0;
  }

  /** What keeps anything from being asked, one sentence; empty when nothing does. */
  get obstacle(): string {
    if (this.lacks) return `${connections.current.name} has no model for this. Choose another connection.`;
    if (connections.current.kind === "hugging_face" && !models.chosen(this.kind).model)
      return "Pick a model first.";
    if (jsonProblem(this.values.extra)) return "Repair the extra JSON first.";
    const { hypothesis_template } = this.values;
    const counts = !ignored("hypothesis_template", this.destination);
    if (counts && templateProblem(hypothesis_template)) return "The hypothesis needs a {} for the label.";
    return this.#labelsProblem;
  }

  get #labelsProblem(): string {
    const left = this.row.labels - this.labels.length;
    if (left <= 0) return "";
    if (this.row.labels === 1) return "Add a label to choose from.";
    return left === 1 ? "Add one more label to choose from." : `Add at least ${left} labels to choose from.`;
  }

  /** There is nothing to ask about yet. */
  get idle(): boolean {
    if (this.row.takes === "text") return this.text.trim() === "";
    return this.picture === undefined || this.preparing;
  }

  /** What is asked for now. */
  ask(): Asked {
    const { kind, text, picture } = this;
    const { model } = models.chosen(kind);
    return { kind, model, text, picture: picture?.address ?? "", values: $state.snapshot(this.values) };
  }

  /** What is asked of each row of a batch: without a text or picture of its own. */
  askEach(): { connection: string; provider?: string; input: RunInput; preparing?: Preparing } {
    const { provider } = models.chosen(this.kind);
    const input = inputOf({ ...this.ask(), text: "", picture: "media:" }, this.destination);
    const how = this.row.takes === "picture" ? { preparing: PREPARING } : {};
    return { connection: connections.current.id, ...(provider ? { provider } : {}), input, ...how };
  }

  /** Takes over what a run was made with. */
  use({ kind, text, picture, values }: Asked): void {
    this.kind = kind;
    this.mode = "one";
    if (kindRow(kind).takes === "text") this.text = text;
    else void this.#show(picture);
    this.all[kind] = values;
  }

  /** Takes a text to be asked about. */
  takeText(text: string): void {
    if (this.row.takes !== "text") this.kind = "text_classification";
    this.mode = "one";
    this.text = text;
  }

  /** Takes a picture to be asked about, and makes it ready; only the last one counts. */
  async take(address: string): Promise<void> {
    if (this.row.takes !== "picture") this.kind = "image_classification";
    this.mode = "one";
    const mine = ++this.#asked;
    this.preparing = true;
    try {
      const made = await host().call("prepare_picture", { address, model: this.model, ...PREPARING });
      if (mine === this.#asked) this.picture = readyOf(made);
    } catch (reason) {
      if (mine === this.#asked) toast(asFailure(reason).message);
    } finally {
      if (mine === this.#asked) this.preparing = false;
    }
  }

  /** Shows a picture that is ready already. */
  async #show(address: string): Promise<void> {
    const mine = ++this.#asked;
    this.preparing = false;
    const facts = await host()
      .call("picture", { address })
      .catch(() => undefined);
    if (mine === this.#asked && facts) this.picture = readyOf(facts);
  }
}

function readyOf({ address, width, height }: Ready): Ready {
  return { address, width, height };
}

/** What the Classify tab asks with. */
export const classify = new Classify();
