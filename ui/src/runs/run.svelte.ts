// One run as the UI sees it: one start, any number of deltas and statuses, exactly one ending, then nothing.
import type {
  Caption,
  Error as Failure,
  Figures,
  RunEvent,
  RunOutput,
  StartRun,
  Status,
  Run as Stored,
} from "../bindings";
import { host } from "../host/host";
import { announceError, answerFinished, answerStarted, answerText } from "../shared/announce.svelte";
import { asFailure } from "./failure";
import { handOver } from "./handing";
import { freshId } from "./id";
import type { RunListeners } from "./listeners";
import { live } from "./live.svelte";
import { answersInWords, textOf } from "./output";
import { begins, hasEnded, type Phase, type Place } from "./phase";
import { keepThought } from "./thought";

const encoder = new TextEncoder();

/** A run under way or ended. */
export class Run {
  readonly id: string;
  /** When it began, by the page's clock: after its time in the queue. */
  startedAt = $state(performance.now());
  phase = $state<Phase>("starting");
  /** The answer so far. */
  text = $state("");
  /** The model's reasoning so far. */
  reasoning = $state("");
  /** What a voice has said so far, and when. */
  captions = $state.raw<Caption[]>([]);
  /** How a picture that is under way looks by now; empty where that is not told. */
  preview = $state("");
  status = $state.raw<Status | undefined>();
  /** When `status` came, by the page's clock. */
  statusAt = $state(0);
  /** What the person should know that is no failure. */
  notes = $state<string[]>([]);
  figures = $state.raw<Figures>({ estimated: false });
  output = $state.raw<RunOutput | undefined>();
  error = $state.raw<Failure | undefined>();
  place = $state.raw<Place>({});
  /** The person has pressed Stop and the ending has not come yet. */
  stopping = $state(false);
  /** How long the model reasoned, milliseconds; known once the answer itself begins. */
  reasoningMs = $state<number | undefined>();

  #bytes = 0;
  #reasoningSince: number | undefined;
  #watch = 0;
  #on: RunListeners;

  private constructor(id: string, on: RunListeners) {
    this.id = id;
    this.#on = on;
  }

  /** Starts a run; what goes wrong at the start ends it as `failed`. */
  static start(request: Omit<StartRun, "id">, on: RunListeners = {}): Run {
    const run = new Run(freshId(), on);
    if (request.queued) run.phase = "waiting";
    live.set(run.id, run);
    if (answersInWords(request.input)) answerStarted();
    const asked = $state.snapshot<unknown>({ id: run.id, ...request }) as StartRun;
    run.#follow((take) => handOver(request.queued, () => host().stream("start_run", asked, take)));
    return run;
  }

  /** Follows a run that is under way: the one this page has already, or, after a reload, Rust's. */
  static watch(id: string, on: RunListeners = {}, phase: "running" | "waiting" = "running"): Run {
    const known = live.get(id);
    if (known) {
      // Who only looks on does not take the news from who acts on it.
      if (on.place || on.end) known.#on = on;
      return known;
    }
    const run = new Run(id, on);
    run.phase = phase;
    live.set(id, run);
    run.#rewatch();
    return run;
  }

  /** A run as it is kept: followed when it is still under way, else as it ended. */
  static of(stored: Stored, on: RunListeners = {}): Run {
    if (stored.state === "running" || stored.state === "waiting")
      return Run.watch(stored.id, on, stored.state);
    const run = new Run(stored.id, on);
    run.phase = stored.state;
    run.text = textOf(stored.output);
    if ("captions" in stored.output) run.captions = stored.output.captions ?? [];
    if ("reasoning" in stored.output) run.reasoning = stored.output.reasoning;
    run.output = stored.output;
    run.figures = stored.figures;
    run.error = stored.error;
    return run;
  }

  /** Its turn in the queue has come. */
  begun(): void {
    if (this.phase !== "waiting") return;
    this.phase = "running";
    this.status = undefined;
    this.startedAt = performance.now();
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return hasEnded(this.phase);
  }

  /** Nothing of the answer has come yet. */
  get waiting(): boolean {
    return !this.ended && this.text === "" && this.reasoning === "" && this.captions.length === 0;
  }

  /** Stops it; what came is kept. The ending comes as an event. */
  async stop(): Promise<void> {
    if (this.ended || this.stopping) return;
    this.stopping = true;
    try {
      await host().call("stop_run", { id: this.id });
    } catch {
      this.stopping = false;
    }
  }

  #rewatch(): void {
    this.#follow((take) => host().stream("watch_run", { id: this.id }, take));
  }

  /** Only the newest stream is heard: an older one may still deliver what was on its way. */
  #follow(open: (take: (event: RunEvent) => void) => Promise<void>): void {
    const mine = ++this.#watch;
    open((event) => {
      if (mine === this.#watch) this.#take(event);
    }).catch((reason: unknown) => {
      if (mine === this.#watch && !this.ended)
        this.#finish("failed", undefined, this.figures, asFailure(reason));
    });
  }

  #take(event: RunEvent): void {
    if (this.ended) return;
    if (this.phase === "starting") this.phase = "running";
    if (begins(event)) this.begun();
    switch (event.kind) {
      case "started":
        this.place = event;
        this.#on.place?.(this);
        break;
      case "status":
        this.#stand(event.status);
        break;
      case "delta":
        this.#append(event);
        break;
      case "failed": {
        const { kind: _, output, figures, ...error } = event;
        this.#finish("failed", output, figures, error);
        break;
      }
      default:
        this.#finish(event.kind, event.output, event.figures);
    }
  }

  #stand(status: Status): void {
    if (status.state === "note") {
      if (!this.notes.includes(status.text)) this.notes.push(status.text);
      return;
    }
    this.status = status;
    this.statusAt = performance.now();
  }

  #append(event: Extract<RunEvent, { kind: "delta" }>): void {
    if (event.offset === 0 && this.#bytes > 0) this.#forget();
    if (event.offset !== this.#bytes) this.#rewatch();
    else if ("captions" in event.delta) this.#speak(event.delta.captions);
    else if ("preview" in event.delta) this.preview = event.delta.preview;
    else this.#write(event.delta, event.figures);
  }

  #write({ text, reasoning = "" }: { text: string; reasoning?: string }, figures: Figures): void {
    this.status = undefined;
    this.figures = figures;
    if (reasoning) {
      this.#reasoningSince ??= performance.now();
      this.reasoning += reasoning;
    }
    if (text) this.#say(text);
  }

  /** A stream that is followed anew tells all of it again. */
  #speak(more: Caption[]): void {
    const first = this.captions.length === 0;
    const last = this.captions.at(-1)?.start ?? -1;
    this.captions = [...this.captions, ...more.filter(({ start }) => start > last)];
    this.status = undefined;
    if (first && this.captions.length > 0) this.#on.heard?.(this);
  }

  #say(chunk: string): void {
    if (this.#reasoningSince !== undefined && this.reasoningMs === undefined) {
      this.reasoningMs = performance.now() - this.#reasoningSince;
      keepThought(this.id, this.reasoningMs);
    }
    this.#bytes += encoder.encode(chunk).length;
    this.text += chunk;
    answerText(chunk);
  }

  #forget(): void {
    this.text = "";
    this.reasoning = "";
    this.#bytes = 0;
  }

  #finish(
    phase: "done" | "failed" | "cancelled",
    output: RunOutput | undefined,
    figures: Figures,
    error?: Failure,
  ) {
    if (output) {
      this.output = output;
      const text = textOf(output);
      if (text !== this.text) this.text = text;
      if ("captions" in output && output.captions) this.captions = output.captions;
      if ("reasoning" in output && output.reasoning !== this.reasoning) this.reasoning = output.reasoning;
    }
    this.figures = figures;
    this.error = error;
    this.status = undefined;
    this.stopping = false;
    this.phase = phase;
    live.delete(this.id);
    if (error) announceError(error.message);
    else if (output && answersInWords(output)) answerFinished(this.text.match(/\S+/g)?.length ?? 0);
    this.#on.end?.(this);
  }
}
