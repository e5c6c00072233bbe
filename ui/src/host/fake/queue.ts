// The fake's queue: one run after the other, whoever makes it.
import type { Commands, Run, RunSummary } from "../../bindings";
import { questionOf } from "../../runs/output";

interface Job {
  run: Run;
  work: () => Promise<void>;
}

/** What waits, and what has its turn. */
export class FakeQueue {
  #waiting: Job[] = [];
  #running: Job | undefined;
  #paused = false;

  /** The commands that it answers. */
  answers(): Partial<{ [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] }> {
    return {
      queue: () => this.#state(),
      pause_queue: ({ paused }) => {
        this.#paused = paused;
        void this.#next();
        return this.#state();
      },
      move_run: ({ id, before }) => {
        const job = this.#waiting.find((each) => each.run.id === id);
        const rest = this.#waiting.filter((each) => each !== job);
        const at = before === undefined ? rest.length : rest.findIndex((each) => each.run.id === before);
        if (job) this.#waiting = rest.toSpliced(at, 0, job);
        return this.#state();
      },
    };
  }

  /** Whether something has its turn already. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Has a run wait for its turn. */
  add(run: Run, work: () => Promise<void>): void {
    this.#waiting.push({ run, work });
    void this.#next();
  }

  /** Takes a run out that waits; false when it does not. */
  remove(id: string): boolean {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter((each) => each.run.id !== id);
    return this.#waiting.length < before;
  }

  #state() {
    const rows = (jobs: Job[]) => jobs.map(({ run }) => summaryOf(run));
    return {
      running: rows(this.#running ? [this.#running] : []),
      waiting: rows(this.#waiting),
      paused: this.#paused,
    };
  }

  async #next(): Promise<void> {
    if (this.#running || this.#paused) return;
    this.#running = this.#waiting.shift();
    if (!this.#running) return;
    await this.#running.work();
    this.#running = undefined;
    void this.#next();
  }
}

/** A run as lists show it. */
function summaryOf(run: Run): RunSummary {
  const { id, state, created_at, connection_name, provider, model, conversation, output } = run;
  const images = "images" in output ? output.images : [];
  return {
    ...{ id, state, created_at, connection_name, provider, model, conversation },
    task: run.input.task,
    prompt: questionOf(run.input).slice(0, 200),
    answer: "text" in output ? output.text.slice(0, 200) : "",
    error: run.error?.message,
    favourite: run.marks.favourite,
    picture: images[0],
    pictures: images.length,
  };
}
