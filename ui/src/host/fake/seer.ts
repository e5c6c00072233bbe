// The fake's seer: captions, questions about a picture, labels. The question says how it goes: "error:limit", "slow"; a
// picture whose file is "missing" fails.
import type { Commands, ErrorCode, Run, StartRun } from "../../bindings";
import { gone } from "./gone";
import { type Listener, Listeners } from "./listeners";
import { drawnAddress, sizeOf } from "./pictures";
import { markOf, type SeeingInput, type SeeingOutput, seenIn } from "./seen";
import type { FakeStore } from "./store";
import { place } from "./turns";

type SeeingRun = Run & { input: SeeingInput; output: SeeingOutput };

const NOTHING: { [K in SeeingOutput["task"]]: () => SeeingOutput } = {
  image_to_text: () => ({ task: "image_to_text", generated_text: "" }),
  visual_question_answering: () => ({ task: "visual_question_answering", answers: [] }),
  image_classification: () => ({ task: "image_classification", labels: [] }),
  zero_shot_image_classification: () => ({ task: "zero_shot_image_classification", labels: [] }),
  object_detection: () => ({ task: "object_detection", objects: [] }),
  text_classification: () => ({ task: "text_classification", labels: [] }),
  token_classification: () => ({ task: "token_classification", entities: [] }),
  zero_shot_classification: () => ({ task: "zero_shot_classification", labels: [] }),
};

/** Whether the seer answers it. */
export function isSeeing(input: StartRun["input"]): input is SeeingInput {
  return input.task in NOTHING;
}

/** Who sees. */
export class FakeSeer {
  readonly #store: FakeStore;
  readonly #pace: number;
  readonly #mine = new Map<string, SeeingRun>();
  readonly #listeners = new Listeners();
  readonly #stopped = new Set<string>();

  constructor(store: FakeStore, pace: number) {
    this.#store = store;
    this.#pace = pace;
  }

  /** The commands that it answers. */
  answers(): Partial<{ [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] }> {
    return { prepare_picture: (args) => prepared(args) };
  }

  /** Whether it makes what is asked. */
  takes(input: StartRun["input"]): boolean {
    return isSeeing(input);
  }

  /** Takes a run on. */
  start(args: StartRun, on: Listener): void {
    const { id, input, connection, provider, batch, repeats } = args;
    if (!isSeeing(input)) throw gone("task");
    this.#listeners.add(id, on);
    const placed = place(this.#store, args);
    const run: SeeingRun = {
      ...{ id, connection, input, batch, repeats, state: "running", created_at: Date.now() },
      connection_name: this.#store.nameOf(connection),
      provider: connection === "hf" ? (provider ?? "hf-inference") : undefined,
      model: input.model || (input.task.includes("image") ? "efficientnet" : "minilm"),
      output: NOTHING[input.task](),
      figures: { estimated: false },
      conversation: placed.conversation,
      assistant_message: placed.assistant_message,
      marks: { favourite: false, tags: [], note: "" },
    };
    this.#mine.set(id, run);
    this.#store.runs.set(id, run);
    this.#listeners.tell(id, { kind: "started", ...placed });
    void this.#see(run);
  }

  /** Whether a run is one of its own. */
  knows(id: string): boolean {
    return this.#mine.has(id);
  }

  /** Follows a run. */
  watch(id: string, on: Listener): void {
    const run = this.#mine.get(id);
    if (!run) throw gone("run");
    const { output, figures, error, state } = run;
    if (state === "running") this.#listeners.add(id, on);
    else if (error) on({ kind: "failed", output, figures, ...error });
    else on({ kind: state === "done" ? "done" : "cancelled", output, figures });
  }

  /** Stops a run. */
  stop(id: string): void {
    this.#stopped.add(id);
  }

  async #see(run: SeeingRun): Promise<void> {
    const started = performance.now();
    const asked = JSON.stringify(run.input);
    this.#listeners.tell(run.id, { kind: "status", status: { state: "sent", provider: run.provider } });
    const blocked = this.#store.offline && run.connection === "hf";
    const code = blocked ? "offline" : codeOf(asked);
    for (let beat = 0; beat < (/\bslow\b/.test(asked) ? 200 : 12) && !this.#stopped.has(run.id); beat++)
      await new Promise((resolve) => setTimeout(resolve, this.#pace));
    this.#end(run, code, performance.now() - started);
  }

  #end(run: SeeingRun, code: ErrorCode | undefined, total_ms: number): void {
    this.#store.changes++;
    run.figures = { estimated: false, total_ms };
    const { id, figures } = run;
    if (this.#stopped.has(id)) {
      run.state = "cancelled";
      this.#listeners.tell(id, { kind: "cancelled", output: run.output, figures });
    } else if (code) {
      run.state = "failed";
      run.error = { code, message: `This is how “${code}” looks.`, status: 500, provider: run.provider };
      this.#listeners.tell(id, { kind: "failed", output: run.output, figures, ...run.error });
    } else {
      run.state = "done";
      run.output = seenIn(run.input);
      this.#listeners.tell(id, { kind: "done", output: run.output, figures });
    }
    this.#listeners.forget(id);
  }
}

/** How a question is to fail, if it is. */
export function codeOf(asked: string): ErrorCode | undefined {
  if (asked.includes("media:missing")) return "input";
  return /error:(\w+)/.exec(asked)?.[1] as ErrorCode | undefined;
}

/** As small as it was asked for; a picture of 768 pixels a side counts as about 780 tokens. */
function prepared({ address, max_side, quality }: Commands["prepare_picture"]["args"]) {
  if (address.startsWith("media:missing")) throw gone("picture");
  const [whole, high] = sizeOf(address) ?? [1024, 768];
  const scale = Math.min(1, max_side / Math.max(whole, high));
  const [width, height] = [Math.round(whole * scale), Math.round(high * scale)];
  return {
    ...{ width, height },
    address: scale === 1 ? address : drawnAddress("fake", markOf(address) % 100_000, width, height),
    bytes: Math.round((width * height * quality) / 500),
    original_bytes: whole * high + 71_000,
    tokens: Math.ceil((width * height) / 750),
  };
}
