// The queue as Rust has it: what is under way, what waits, whether it rests. Facts; nothing is decided here.
import type { Queue, RunSummary } from "../bindings";
import { host } from "../host/host";
import { followed } from "./live.svelte";

/** While something waits or runs the queue is read this often, milliseconds: other windows of it have no events. */
const BEAT = 1_000;

class QueueState {
  running = $state.raw<RunSummary[]>([]);
  /** The next one first. */
  waiting = $state.raw<RunSummary[]>([]);
  paused = $state(false);
  /** What waits was left by an app that is gone; until the person decides. */
  left = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /** Reads the queue at the start: what waits then waits since last time. */
  async start(): Promise<void> {
    await this.load();
    this.left = this.paused && this.waiting.length > 0;
  }

  /** Reads the queue, and goes on reading while there is something in it. A queue that cannot be read is empty. */
  async load(): Promise<void> {
    await this.#ask(host().call("queue", {}));
  }

  /** Lets it rest, or go on. */
  async pause(paused: boolean): Promise<void> {
    if (!paused) this.left = false;
    await this.#ask(host().call("pause_queue", { paused }));
  }

  /** Moves a waiting run by one place. */
  async move(id: string, step: 1 | -1): Promise<void> {
    const at = this.waiting.findIndex((run) => run.id === id);
    const to = at + step;
    if (at < 0 || to < 0 || to >= this.waiting.length) return;
    const before = this.waiting[step < 0 ? to : to + 1]?.id;
    await this.#ask(host().call("move_run", before === undefined ? { id } : { id, before }));
  }

  /** Takes runs out, waiting or under way; what came is kept. */
  async stop(ids: string[]): Promise<void> {
    if (ids.length === 0) return;
    await host().call("stop_runs", { ids });
    await this.load();
  }

  /** A run has ended: it is no longer in the queue, whatever was read last. */
  ended(id: string): void {
    this.running = this.running.filter((run) => run.id !== id);
    this.waiting = this.waiting.filter((run) => run.id !== id);
    void this.load();
  }

  /** Takes out all that wait, and lets the queue go on. */
  async clear(): Promise<void> {
    await this.stop(this.waiting.map((run) => run.id));
    if (this.paused) await this.pause(false);
  }

  /** Only the newest answer counts: an older one may come late. */
  async #ask(answer: Promise<Queue>): Promise<void> {
    const mine = ++this.#asked;
    const queue = await answer.catch(() => undefined);
    if (mine !== this.#asked) return;
    this.running = queue?.running ?? [];
    this.waiting = queue?.waiting ?? [];
    this.paused = queue?.paused ?? false;
    if (this.waiting.length === 0) this.left = false;
    // Not every run says by an event that its turn has come.
    for (const { id } of this.running) followed(id)?.begun();
    clearTimeout(this.#timer);
    const busy = this.running.length > 0 || (this.waiting.length > 0 && !this.paused);
    if (busy) this.#timer = setTimeout(() => void this.load(), BEAT);
  }
}

/** The queue. */
export const queue = new QueueState();

/** Where a run stands in the queue, from 1; undefined when it does not wait. */
export function placeInQueue(id: string): number | undefined {
  const at = queue.waiting.findIndex((run) => run.id === id);
  return at < 0 ? undefined : at + 1;
}
