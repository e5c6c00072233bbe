// Built-in models and what is under way with them: fetching and checking go on when Settings is left.
import type { BuiltinModel, Error as Failure, FetchEvent } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { toast } from "../shared/toasts.svelte";

/** Something under way with a model. */
export interface Work {
  what: "fetch" | "verify";
  bytes: number;
  total: number;
  /** Bytes a second, once known. */
  rate?: number | undefined;
  stopping: boolean;
}

/** How it ended, until something else is done with the model. */
export interface Outcome {
  text: string;
  failed: boolean;
}

/** What a model is: it writes (some see, too), it speaks, it paints, or it labels. */
export type Kind = keyof typeof KINDS;

/** The kinds of models, and the files that a person can add of each; no `add` where they can add none. */
export const KINDS = {
  language: {
    one: "language model",
    title: "Language models",
    add: "Add a GGUF file of your own",
    choose: "Choose a GGUF file",
    extensions: ["gguf"],
    hint: "A model that sees is two files: model.gguf, and mmproj-model.gguf beside it.",
  },
  voice: {
    one: "voice",
    title: "Voices",
    add: "Add a Piper voice of your own",
    choose: "Choose the .onnx file of a Piper voice",
    extensions: ["onnx"],
    hint: "A Piper voice is two files: voice.onnx, and voice.onnx.json beside it.",
  },
  painter: {
    one: "painter",
    title: "Pictures",
    add: "",
    choose: "",
    extensions: [],
    hint: "",
  },
  labels: {
    one: "labels and meaning",
    title: "Labels and meaning",
    add: "",
    choose: "",
    extensions: [],
    hint: "",
  },
};

/** Tasks of models that write words. */
const WRITES = ["chat_completion", "text_generation", "image_text_to_text"];

/** The rate is taken over this long, in milliseconds, so that the time left does not jump. */
const WINDOW = 4_000;

class Fetching {
  models = $state.raw<BuiltinModel[]>([]);
  failure = $state.raw<Failure | undefined>();
  work = $state<Record<string, Work>>({});
  outcome = $state<Record<string, Outcome>>({});
  #marks = new Map<string, { at: number; bytes: number }>();

  /** Asks which models there are. */
  async load(): Promise<void> {
    try {
      this.models = await host().call("builtin_models", {});
      this.failure = undefined;
    } catch (reason) {
      this.failure = asFailure(reason);
    }
  }

  /** Fetches a model, or checks it. */
  start(model: BuiltinModel, what: Work["what"]): void {
    delete this.outcome[model.id];
    this.work[model.id] = { what, bytes: 0, total: model.size, stopping: false };
    this.#marks.delete(model.id);
    const row = what === "fetch" ? "fetch_model" : "verify_model";
    host()
      .stream(row, { id: model.id }, (event) => this.#take(model, event))
      .catch((reason: unknown) => this.#end(model, asFailure(reason).message, true));
  }

  /** Stops what is under way; what came is kept for the next try. */
  async stop(id: string): Promise<void> {
    const work = this.work[id];
    if (work) work.stopping = true;
    await host().call("stop_fetch", { id });
  }

  /** Deletes a model, or takes the person's own file off the list. */
  async remove(id: string): Promise<void> {
    delete this.outcome[id];
    await host().call("remove_model", { id });
    await this.load();
  }

  /** Adds a file of the person's own; undefined when they change their mind. */
  async add(kind: Kind): Promise<BuiltinModel | undefined> {
    const { choose, extensions } = KINDS[kind];
    const path = await host().pickFile(choose, extensions);
    const model = path === null ? undefined : await host().call("add_model", { path });
    if (model) await this.load();
    return model;
  }

  #take(model: BuiltinModel, event: FetchEvent): void {
    const work = this.work[model.id];
    if (!work) return;
    if (event.kind === "progress") this.#progress(model.id, work, event);
    else if (event.kind === "failed") this.#end(model, event.message, true);
    else if (event.kind === "cancelled") this.#end(model, "", false);
    else this.#done(model, work);
  }

  #done(model: BuiltinModel, work: Work): void {
    this.#end(model, work.what === "verify" ? "Checked: nothing is missing or changed." : "", false);
    if (work.what === "fetch") toast(`${model.name} is ready.`);
  }

  #progress(id: string, work: Work, { bytes, total }: { bytes: number; total: number }): void {
    const now = performance.now();
    const mark = this.#marks.get(id) ?? { at: now, bytes };
    this.#marks.set(id, mark);
    Object.assign(work, { bytes, total });
    if (now - mark.at < WINDOW / 4) return;
    work.rate = (1_000 * (bytes - mark.bytes)) / (now - mark.at);
    if (now - mark.at > WINDOW)
      this.#marks.set(id, { at: now - WINDOW / 2, bytes: bytes - (work.rate * WINDOW) / 2_000 });
  }

  #end(model: BuiltinModel, text: string, failed: boolean): void {
    delete this.work[model.id];
    if (text) this.outcome[model.id] = { text, failed };
    void this.load();
  }
}

/** What kind a model is. */
export function kindOf({ tasks }: BuiltinModel): Kind {
  if (tasks.includes("text_to_speech")) return "voice";
  if (tasks.includes("text_to_image")) return "painter";
  return tasks.some((task) => WRITES.includes(task)) ? "language" : "labels";
}

/** The built-in models. */
export const fetching = new Fetching();
