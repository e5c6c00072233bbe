// The fake's speaker: a voice for a text, sentence by sentence from the built-in one, in one piece from the others.
// The text says how it goes: "error:limit", "slow".
import type { Caption, ErrorCode, Run, StartRun, Status } from "../../bindings";
import { isSpeaking, type SpeakingRun } from "../../runs/output";
import { gone } from "./gone";
import { type Listener, Listeners } from "./listeners";
import type { FakeQueue } from "./queue";
import { captionsOf, soundAddress } from "./sounds";
import type { FakeStore } from "./store";

/** Voices. */
export class FakeSpeaker {
  readonly #store: FakeStore;
  readonly #queue: FakeQueue;
  readonly #pace: number;
  readonly #mine = new Map<string, SpeakingRun>();
  readonly #listeners = new Listeners();
  readonly #stopped = new Set<string>();

  constructor(store: FakeStore, queue: FakeQueue, pace: number) {
    this.#store = store;
    this.#queue = queue;
    this.#pace = pace;
  }

  /** Whether it makes what is asked. */
  takes(input: StartRun["input"]): boolean {
    return isSpeaking(input);
  }

  /** Takes a run on: at once, or when its turn comes. */
  start(args: StartRun, on: Listener): void {
    const { id, input, queued } = args;
    if (!isSpeaking(input)) throw gone("task");
    this.#listeners.add(id, on);
    const run = this.#stored(args, input);
    this.#mine.set(id, run);
    this.#store.runs.set(id, run);
    this.#listeners.tell(id, { kind: "started" });
    if (queued) this.#queue.add(run, () => this.#speak(run));
    else void this.#speak(run);
  }

  /** Whether a run is one of its own. */
  knows(id: string): boolean {
    return this.#mine.has(id);
  }

  /** Follows a run. */
  watch(id: string, on: Listener): void {
    const { output, figures, error, state } = this.#get(id);
    if (state === "running" || state === "waiting") {
      const captions = output.captions ?? [];
      if (captions.length > 0)
        on({ kind: "delta", delta: { task: output.task, captions }, offset: 0, figures });
      this.#listeners.add(id, on);
    } else if (error) on({ kind: "failed", output, figures, ...error });
    else on({ kind: state === "done" ? "done" : "cancelled", output, figures });
  }

  /** Stops a run, waiting or under way. */
  stop(id: string): void {
    this.#stopped.add(id);
    if (this.#queue.remove(id)) this.#end(this.#get(id), undefined, 0);
  }

  #stored(
    { id, connection, provider, batch, repeats, queued }: StartRun,
    input: SpeakingRun["input"],
  ): SpeakingRun {
    const state: Run["state"] = queued ? "waiting" : "running";
    return {
      ...{ id, connection, input, batch, repeats, state, created_at: Date.now() },
      connection_name: this.#store.nameOf(connection),
      provider: connection === "hf" ? (provider ?? "fal-ai") : undefined,
      model: input.model || (connection === "builtin" ? "kokoro" : "tiny-voice"),
      output: { task: "text_to_speech", audio: "media:", captions: [] },
      figures: { estimated: false },
      marks: { favourite: false, tags: [], note: "" },
    };
  }

  async #speak(run: SpeakingRun): Promise<void> {
    const started = performance.now();
    const { text } = run.input;
    run.state = "running";
    const status: Status = run.connection === "builtin" ? { state: "loading" } : { state: "sent" };
    this.#listeners.tell(run.id, { kind: "status", status });
    await this.#wait(run.id, 8);
    const blocked = this.#store.offline && run.connection === "hf";
    const code = blocked ? "offline" : (/error:(\w+)/.exec(text)?.[1] as ErrorCode | undefined);
    const beats = /\bslow\b/.test(text) ? 60 : 12;
    const captions = code ? [] : captionsOf(text);
    if (run.connection === "builtin") await this.#sayAll(run, captions, beats);
    else await this.#wait(run.id, beats);
    this.#end(run, code, performance.now() - started, captions.at(-1)?.end);
  }

  async #sayAll(run: SpeakingRun, captions: Caption[], beats: number): Promise<void> {
    for (const caption of captions) {
      if (this.#stopped.has(run.id)) return;
      run.output.captions = [...(run.output.captions ?? []), caption];
      const delta = { task: "text_to_speech" as const, captions: [caption] };
      this.#listeners.tell(run.id, { kind: "delta", delta, offset: 0, figures: run.figures });
      await this.#wait(run.id, beats);
    }
  }

  #end(run: SpeakingRun, code: ErrorCode | undefined, total_ms: number, seconds = 0): void {
    this.#store.changes++;
    const { id, output } = run;
    run.figures = { estimated: false, total_ms };
    const stopped = this.#stopped.has(id);
    const said = stopped || run.connection === "builtin" ? (output.captions?.at(-1)?.end ?? 0) : seconds;
    if (said > 0) output.audio = soundAddress(this.#mine.size, said);
    const { figures } = run;
    if (stopped) {
      run.state = "cancelled";
      this.#listeners.tell(id, { kind: "cancelled", output, figures });
    } else if (code) {
      run.state = "failed";
      run.error = { code, message: `This is how “${code}” looks.`, status: 500, provider: run.provider };
      this.#listeners.tell(id, { kind: "failed", output, figures, ...run.error });
    } else {
      run.state = "done";
      this.#listeners.tell(id, { kind: "done", output, figures });
    }
    this.#listeners.forget(id);
  }

  #get(id: string): SpeakingRun {
    const run = this.#mine.get(id);
    if (!run) throw gone("run");
    return run;
  }

  #wait(id: string, beats: number): Promise<void> {
    const ms = this.#stopped.has(id) ? 0 : beats * this.#pace;
    return new Promise((resolve) => setTimeout(resolve, ms));
  }
}
