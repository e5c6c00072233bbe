// The fake's runs: what they say depends on the prompt, so that every screen can be brought about by typing.
import type { Commands, ErrorCode, Figures, RunEvent, StartRun, Streams } from "../../bindings";
import { isText, isTextRun, type TextRun } from "../../runs/output";
import { gone } from "./gone";
import { type Listener, Listeners } from "./listeners";
import { type Script, scriptFor } from "./scripts";
import type { FakeStore } from "./store";
import { place, questionIn } from "./turns";

const encoder = new TextEncoder();

/** Who makes the runs of other tabs. */
interface Maker {
  takes(input: StartRun["input"]): boolean;
  start(args: StartRun, on: Listener): void;
  knows(id: string): boolean;
  watch(id: string, on: Listener): void;
  stop(id: string): void;
}

/** Runs of the Text tab; those of others go on to who makes them. */
export class FakeRuns {
  readonly #store: FakeStore;
  readonly #pace: number;
  readonly #makers: Maker[];
  readonly #listeners = new Listeners();
  readonly #stopped = new Set<string>();

  constructor(store: FakeStore, makers: Maker[], pace: number) {
    this.#store = store;
    this.#makers = makers;
    this.#pace = pace;
  }

  /** The commands that it answers. */
  answers(): Partial<{ [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] }> {
    return {
      stop_run: ({ id }) => this.#stop(id),
      stop_runs: ({ ids }) => {
        for (const id of ids) this.#stop(id);
        return {};
      },
    };
  }

  /** The streams that it answers. */
  flows(): Partial<{
    [K in keyof Streams]: (args: Streams[K]["args"], on: (event: Streams[K]["event"]) => void) => void;
  }> {
    return {
      start_run: (args, on) => this.#start(args, on),
      watch_run: ({ id }, on) => this.#watch(id, on),
    };
  }

  #stop(id: string): Record<string, never> {
    const maker = this.#makers.find((each) => each.knows(id));
    // A Stop may be faster than the start: nobody knows the run then.
    for (const each of maker ? [maker] : this.#makers) each.stop(id);
    this.#stopped.add(id);
    return {};
  }

  #get(id: string): TextRun {
    const run = this.#store.runs.get(id);
    if (!run || !isTextRun(run)) throw gone("run");
    return run;
  }

  #start(args: StartRun, on: Listener): void {
    const { id, connection, provider, input } = args;
    if (!isText(input)) {
      const maker = this.#makers.find((each) => each.takes(input));
      if (!maker) throw gone("task");
      maker.start(args, on);
      return;
    }
    this.#listeners.add(id, on);
    const placed = place(this.#store, args);
    const output = input.task === "chat_completion" ? emptyChat() : emptyText();
    const model = input.model || (connection === "builtin" ? "SmolLM2 135M Instruct" : "tiny");
    const run: TextRun = {
      id,
      state: "running",
      created_at: Date.now(),
      connection,
      connection_name: this.#store.nameOf(connection),
      provider: connection === "hf" ? (provider ?? "together") : undefined,
      model,
      input,
      output,
      figures: { estimated: true },
      marks: { favourite: false, tags: [], note: "" },
      conversation: placed.conversation,
      assistant_message: placed.assistant_message,
    };
    this.#store.runs.set(id, run);
    this.#tell(id, { kind: "started", ...placed });
    const blocked = this.#store.offline && connection === "hf";
    const script = scriptFor(blocked ? "error:offline" : questionIn(input));
    if (input.model === "labels") script.reasoning = ["The classifier saw: tabby cat 62 %, ", "lynx 9 %. "];
    void this.#play(run, script);
  }

  async #play(run: TextRun, script: Script): Promise<void> {
    const started = performance.now();
    for (const status of script.statuses) {
      this.#tell(run.id, { kind: "status", status });
      await this.#wait(run.id, script.statusPause);
    }
    const chat = run.output.task === "chat_completion";
    const pieces = [
      ...script.reasoning.map((text) => [text, true] as const),
      ...script.text.map((text) => [text, false] as const),
    ];
    for (const [piece, thought] of pieces) {
      if (this.#stopped.has(run.id)) break;
      if (thought && !chat) continue;
      this.#grow(run, piece, thought, performance.now() - started);
      await this.#wait(run.id, this.#pace);
    }
    this.#end(run, script.error, performance.now() - started);
  }

  #grow(run: TextRun, piece: string, thought: boolean, elapsed: number): void {
    const { output } = run;
    const offset = encoder.encode(output.text).length;
    const count = (run.figures.completion_tokens ?? 0) + 1;
    run.figures = figures(run.figures.first_token_ms ?? elapsed, count, elapsed, run.connection === "hf");
    if (thought && output.task === "chat_completion") output.reasoning += piece;
    else output.text += piece;
    const text = thought ? "" : piece;
    const delta =
      output.task === "chat_completion"
        ? { task: output.task, text, reasoning: thought ? piece : "" }
        : { task: output.task, text };
    this.#tell(run.id, { kind: "delta", delta, offset, figures: run.figures });
  }

  #end(run: TextRun, code: ErrorCode | undefined, elapsed: number): void {
    run.figures = { ...run.figures, estimated: false, total_ms: elapsed, prompt_tokens: 31 };
    const { output, figures } = run;
    if (this.#stopped.has(run.id)) {
      run.state = "cancelled";
      this.#tell(run.id, { kind: "cancelled", output, figures });
    } else if (code) {
      run.state = "failed";
      run.error = {
        code,
        message: `This is how “${code}” looks.`,
        status: 500,
        request_id: "req-1",
        detail: "scripted",
      };
      this.#tell(run.id, { kind: "failed", output, figures, ...run.error });
    } else {
      run.state = "done";
      this.#tell(run.id, { kind: "done", output, figures });
    }
    this.#listeners.forget(run.id);
  }

  #watch(id: string, on: Listener): void {
    const maker = this.#makers.find((each) => each.knows(id));
    if (maker) {
      maker.watch(id, on);
      return;
    }
    const run = this.#get(id);
    const { output, figures } = run;
    const delta =
      output.task === "chat_completion"
        ? { task: output.task, text: output.text, reasoning: output.reasoning }
        : { task: output.task, text: output.text };
    on({ kind: "delta", delta, offset: 0, figures });
    if (run.state === "running") this.#listeners.add(id, on);
    else if (run.error) on({ kind: "failed", output, figures, ...run.error });
    else on({ kind: run.state === "done" ? "done" : "cancelled", output, figures });
  }

  #tell(id: string, event: RunEvent): void {
    this.#listeners.tell(id, event);
  }

  #wait(id: string, ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.#stopped.has(id) || this.#pace === 0 ? 0 : ms));
  }
}

function figures(first: number, count: number, elapsed: number, paid: boolean): Figures {
  const speed = count > 1 && elapsed > first ? ((count - 1) * 1000) / (elapsed - first) : undefined;
  const cost = paid ? count * 0.000_000_6 : undefined;
  return {
    first_token_ms: first,
    tokens_per_second: speed,
    completion_tokens: count,
    estimated: true,
    cost_usd: cost,
  };
}

function emptyChat(): TextRun["output"] {
  return { task: "chat_completion", text: "", reasoning: "", tool_calls: [] };
}

function emptyText(): TextRun["output"] {
  return { task: "text_generation", text: "" };
}
