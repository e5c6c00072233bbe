// Notes on runs as they are typed: kept here until Rust has them, whatever is shown meanwhile.
import { host } from "../host/host";
import { asFailure } from "./failure";

/** Typing rests this long before a note is stored, in milliseconds. */
const PAUSE = 500;

class Notes {
  /** What was typed since the run was read, by run: newer than what the run itself says. */
  typed = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** Why a note could not be stored, by run. */
  problems = $state.raw<ReadonlyMap<string, string>>(new Map());
  #waiting = new Map<string, ReturnType<typeof setTimeout>>();

  /** Takes what was typed; it is stored when the typing rests. */
  type(run: string, note: string): void {
    this.typed = new Map(this.typed).set(run, note);
    clearTimeout(this.#waiting.get(run));
    this.#waiting.set(
      run,
      setTimeout(() => void this.store(run), PAUSE),
    );
  }

  /** Stores a run's note now, if it waits. */
  async store(run: string): Promise<void> {
    const timer = this.#waiting.get(run);
    const note = this.typed.get(run);
    if (timer === undefined || note === undefined) return;
    clearTimeout(timer);
    try {
      await host().call("mark_runs", { ids: [run], note });
      // What was typed meanwhile waits for its own turn.
      if (this.#waiting.get(run) === timer) this.#waiting.delete(run);
      const problems = new Map(this.problems);
      problems.delete(run);
      this.problems = problems;
    } catch (reason) {
      this.problems = new Map(this.problems).set(run, asFailure(reason).message);
    }
  }

  /** Called when a run was read anew: what it says itself holds again, unless something waits to be stored. */
  settle(run: string): void {
    if (this.#waiting.has(run) || !this.typed.has(run)) return;
    const typed = new Map(this.typed);
    typed.delete(run);
    this.typed = typed;
  }

  /** Stores all that waits: the page may go away. */
  storeAll(): void {
    for (const run of [...this.#waiting.keys()]) void this.store(run);
  }
}

/** The notes that are being written. */
export const notes = new Notes();
