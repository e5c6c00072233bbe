// Runs that were asked for together: several pictures of one prompt, the parts of a long text.
import { SvelteMap } from "svelte/reactivity";
import type { RunInput, StartRun, Run as Stored } from "../bindings";
import { host } from "../host/host";
import { announce } from "../shared/announce.svelte";
import { allHanded } from "./handing";
import { queue } from "./queue.svelte";
import { Run } from "./run.svelte";

/** One run of a batch. */
export interface Cell<I extends RunInput = RunInput> {
  run: Run;
  input: I;
  /** How it was sent, to send it again. */
  sent: Pick<StartRun, "connection" | "provider" | "anew">;
}

/** Several endings within this time are read at once, milliseconds. */
const TOGETHER = 50;

/** Runs that were asked for together. */
export abstract class Batch<I extends RunInput> {
  /** Empty for runs that start at once, beside the queue, and belong together only here. */
  readonly id: string;
  cells = $state.raw<Cell<I>[]>([]);
  /** The run that it repeats. */
  readonly repeats: string | undefined;
  /** What is stored of each run: which provider answered, what it cost. */
  readonly stored = new SvelteMap<string, Stored>();
  #reading: ReturnType<typeof setTimeout> | undefined;

  constructor(id: string, repeats?: string) {
    this.id = id;
    this.repeats = repeats;
  }

  /** Whether a run is of its kind. */
  protected abstract takes(input: RunInput): input is I;

  /** One of it has ended: reads what came of it. */
  protected abstract came(): Promise<void>;

  /** What one of it makes: "picture". */
  protected abstract readonly what: string;

  /** The first of a run's voice can be heard. */
  protected heard(_run: Run): void {}

  /** Puts these into the queue. */
  start(inputs: I[], sent: Cell["sent"]): void {
    this.cells = inputs.map((input) => this.#run(input, sent));
    void allHanded().then(() => queue.load());
  }

  /** Takes up runs as they are kept; those under way are followed. */
  take(runs: Stored[]): void {
    this.cells = runs.flatMap((stored) => {
      const { input, connection, provider } = stored;
      if (!this.takes(input)) return [];
      this.stored.set(stored.id, stored);
      const run = Run.of(stored, this.#listeners());
      return { run, input, sent: { connection, ...(provider ? { provider } : {}) } };
    });
    this.#read();
  }

  /** Whether one of it is still to come. */
  get running(): boolean {
    return this.cells.some(({ run }) => !run.ended);
  }

  /** Stops all that has not ended; what came is kept. */
  async stop(): Promise<void> {
    const open = this.cells.map(({ run }) => run).filter((run) => !run.ended);
    for (const run of open) run.stopping = true;
    await queue.stop(open.map((run) => run.id)).catch(() => {
      for (const run of open) run.stopping = false;
    });
  }

  /** Asks once more for what failed, `anew` as told; what came stays. */
  retry(cells: Cell<I>[], anew: (cell: Cell<I>) => Cell["sent"]): void {
    this.cells = this.cells.map((cell) => (cells.includes(cell) ? this.#run(cell.input, anew(cell)) : cell));
    void allHanded().then(() => queue.load());
  }

  #run(input: I, sent: Cell["sent"]): Cell<I> {
    const repeats = this.repeats === undefined ? {} : { repeats: this.repeats };
    const together = this.id === "" ? {} : { queued: true, batch: this.id };
    const request = { ...sent, input, ...together, ...repeats };
    return { input, sent, run: Run.start(request, this.#listeners()) };
  }

  #listeners() {
    return { heard: (run: Run) => this.heard(run), end: ({ id }: Run) => this.#ended(id) };
  }

  #ended(run: string): void {
    if (!this.running) announce(summary(this.cells, this.what));
    queue.ended(run);
    this.#read();
  }

  /** Several endings at once are read at once. */
  #read(): void {
    clearTimeout(this.#reading);
    this.#reading = setTimeout(() => void this.#readNow(), TOGETHER);
  }

  async #readNow(): Promise<void> {
    await Promise.all(this.cells.filter(({ run }) => run.ended).map(({ run }) => this.#readRun(run.id)));
    await this.came();
  }

  async #readRun(id: string): Promise<void> {
    if (this.stored.get(id)?.state === "done") return;
    const stored = await host()
      .call("run", { id })
      .catch(() => undefined);
    if (stored) this.stored.set(id, stored);
  }
}

/** How a batch ended, in words. */
export function summary(cells: Pick<Cell, "run">[], what: string): string {
  const came = cells.filter(({ run }) => run.phase === "done").length;
  const failed = cells.filter(({ run }) => run.phase === "failed").length;
  const stopped = cells.length - came - failed;
  const parts = [
    came > 0 ? `${came} ${came === 1 ? what : `${what}s`} done` : "",
    failed > 0 ? `${failed} failed` : "",
    stopped > 0 ? `${stopped} stopped` : "",
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}
