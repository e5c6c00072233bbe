// The fake's painters: pictures from words, one after the other; the built-in one tells how far a picture is. The prompt says how it goes: "error:limit", "kept", "blank",
// "filtered", "slow", "noseed", "busy" (the provider has a queue of its own).
import type { Cached, Commands, ErrorCode, StartRun, Status } from "../../bindings";
import { isPainting, type PaintingRun, questionOf } from "../../runs/output";
import { gone } from "./gone";
import { type Listener, Listeners } from "./listeners";
import { drawnAddress, sizeOf, sketch } from "./pictures";
import type { FakeQueue } from "./queue";
import type { FakeStore } from "./store";

type Input = PaintingRun["input"];

const STEPS = 12;
/** The built-in painter's name, and its own steps, side and number of previews. */
const OWN = { name: "Limerick Painter 10M", steps: 30, side: 512, previews: 8 };

/** Pictures. */
export class FakePainter {
  readonly #store: FakeStore;
  readonly #pace: number;
  readonly #mine = new Map<string, PaintingRun>();
  readonly #listeners = new Listeners();
  readonly #stopped = new Set<string>();
  readonly #queue: FakeQueue;
  #drawn = 1;

  constructor(store: FakeStore, queue: FakeQueue, pace: number) {
    this.#store = store;
    this.#queue = queue;
    this.#pace = pace;
  }

  /** The commands that it answers. */
  answers(): Partial<{ [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] }> {
    return {
      picture: ({ address }) => this.#facts(address),
      open_picture: ({ path }) => this.#facts(drawnAddress("fake", markOf(path), 640, 480)),
      save_picture: () => ({}),
    };
  }

  /** Whether it makes what is asked. */
  takes(input: StartRun["input"]): boolean {
    return isPainting(input);
  }

  /** Takes a run on: at once, or when its turn comes. */
  start(args: StartRun, on: Listener): void {
    const { id, input } = args;
    if (!isPainting(input)) throw gone("task");
    this.#listeners.add(id, on);
    const run = this.#stored(args, input);
    this.#mine.set(id, run);
    this.#store.runs.set(id, run);
    this.#listeners.tell(id, { kind: "started" });
    if (this.#queue.busy) this.#listeners.tell(id, { kind: "status", status: { state: "queued" } });
    this.#queue.add(run, () => this.#paint(run));
  }

  /** Whether a run is one of its own. */
  knows(id: string): boolean {
    return this.#mine.has(id);
  }

  /** Follows a run. */
  watch(id: string, on: Listener): void {
    const { output, figures, error, state } = this.#get(id);
    if (state === "running" || state === "waiting") this.#listeners.add(id, on);
    else if (error) on({ kind: "failed", output, figures, ...error });
    else on({ kind: state === "done" ? "done" : "cancelled", output, figures });
  }

  /** Stops a run, waiting or under way. */
  stop(id: string): void {
    this.#stopped.add(id);
    if (this.#queue.remove(id)) this.#end(this.#get(id), undefined, 0);
  }

  #stored({ id, connection, provider, batch, repeats, anew }: StartRun, input: Input): PaintingRun {
    return {
      ...{ id, connection, input, batch, repeats, anew, state: "waiting", created_at: Date.now() },
      connection_name: this.#store.nameOf(connection),
      provider: connection === "hf" ? (provider ?? "fal-ai") : undefined,
      model: connection === "builtin" ? OWN.name : input.model || "tiny-painter",
      output: { task: input.task, images: [], filtered: false },
      figures: { estimated: false },
      marks: { favourite: false, tags: [], note: "" },
    };
  }

  async #paint(run: PaintingRun): Promise<void> {
    const prompt = questionOf(run.input);
    const started = performance.now();
    run.state = "running";
    const tell = (status: Status) => this.#listeners.tell(run.id, { kind: "status", status });
    tell({ state: "sent", provider: run.provider });
    await this.#wait(run.id, 8);
    for (const position of /\bbusy\b/.test(prompt) ? [3, 2, 1] : []) {
      tell({ state: "queued", position });
      await this.#wait(run.id, 20);
    }
    const blocked = this.#store.offline && run.connection === "hf";
    const code = blocked ? "offline" : (/error:(\w+)/.exec(prompt)?.[1] as ErrorCode | undefined);
    const total = run.input.num_inference_steps ?? (isOwn(run) ? OWN.steps : STEPS);
    const picture = this.#draw(run);
    for (let step = 1; step <= total && !this.#stopped.has(run.id) && !code; step++) {
      tell({ state: "step", step, total });
      if (isOwn(run)) this.#show(run, step, total, picture);
      await this.#wait(run.id, /\bslow\b/.test(prompt) ? 20 : 4);
    }
    if (!code && !this.#stopped.has(run.id)) run.output = picture;
    this.#end(run, code, performance.now() - started);
  }

  /** A look at the picture, at most eight times and always after the last step. */
  #show({ id, figures }: PaintingRun, step: number, total: number, { images }: PaintingRun["output"]): void {
    if (step % Math.ceil(total / OWN.previews) !== 0 && step !== total) return;
    const preview = sketch(images[0] ?? "", step / total);
    const delta = { task: "text_to_image" as const, preview };
    this.#listeners.tell(id, { kind: "delta", delta, offset: 0, figures });
  }

  #end(run: PaintingRun, code: ErrorCode | undefined, total_ms: number): void {
    this.#store.changes++;
    const cost = run.connection === "hf" && !code ? 0.0042 : undefined;
    const kept = /\bkept\b/.test(questionOf(run.input)) && !run.anew && !code;
    const cached: Cached | undefined = kept ? { by: "history", run: "earlier" } : undefined;
    run.figures = { estimated: false, total_ms, cost_usd: kept ? undefined : cost, cached };
    const { id, output } = run;
    if (this.#stopped.has(id)) {
      run.state = "cancelled";
      this.#listeners.tell(id, { kind: "cancelled", output, figures: run.figures });
    } else if (code) {
      run.state = "failed";
      const page = code === "gated" ? "https://huggingface.co/acme/gated" : undefined;
      run.error = {
        code,
        message: `This is how “${code}” looks.`,
        status: 500,
        provider: run.provider,
        page,
      };
      this.#listeners.tell(id, { kind: "failed", output, figures: run.figures, ...run.error });
    } else {
      run.state = "done";
      this.#listeners.tell(id, { kind: "done", output: run.output, figures: run.figures });
    }
    this.#listeners.forget(id);
  }

  /** What comes of a run. */
  #draw(run: PaintingRun): PaintingRun["output"] {
    const { input } = run;
    const seed = seedOf(input);
    const chance = seed === undefined || /\bnoseed\b/.test(questionOf(input)) ? this.#drawn++ : seed;
    const size = input.task === "image_to_image" ? input.target_size : input;
    const side = isOwn(run) ? OWN.side : 1024;
    const { width = side, height = side } = size ?? {};
    const filtered = /\bfiltered\b/.test(questionOf(input));
    const blank = filtered || /\bblank\b/.test(questionOf(input));
    const mark = markOf(`${JSON.stringify(input)} ${chance}`);
    const images = [drawnAddress(blank ? "blank" : "fake", mark, width, height)];
    return { task: input.task, images, seed: isOwn(run) ? chance : seed, filtered };
  }

  #facts(address: string) {
    const [width, height] = sizeOf(address) ?? [64, 64];
    const run = [...this.#mine.values()].find((each) => each.output.images.includes(address));
    const settings = run?.input.task === "text_to_image" ? { ...run.input, width, height } : undefined;
    return { address, media_type: "image/png", width, height, bytes: width * height, settings };
  }

  #get(id: string): PaintingRun {
    const run = this.#mine.get(id);
    if (!run) throw gone("run");
    return run;
  }

  #wait(id: string, beats: number): Promise<void> {
    const ms = this.#stopped.has(id) ? 0 : beats * this.#pace;
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}

function isOwn({ connection }: PaintingRun): boolean {
  return connection === "builtin";
}

function seedOf(input: Input): number | undefined {
  const seed = input.task === "text_to_image" ? input.seed : input.extra_body?.seed;
  return typeof seed === "number" ? seed : undefined;
}

/** A number that hangs on every letter. */
function markOf(text: string): number {
  let mark = 2_166_136_261;
  for (const letter of text) mark = Math.imul(mark ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return mark % 100_000;
}
