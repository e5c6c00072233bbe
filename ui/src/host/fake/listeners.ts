// Whom the fake tells of a run's events.
import type { RunEvent } from "../../bindings";

/** Hears a run's events. */
export type Listener = (event: RunEvent) => void;

/** The listeners of all runs that are under way. */
export class Listeners {
  readonly #of = new Map<string, Set<Listener>>();

  /** Has one more hear of a run. */
  add(run: string, listener: Listener): void {
    const known = this.#of.get(run);
    if (known) known.add(listener);
    else this.#of.set(run, new Set([listener]));
  }

  /** Tells an event to all who hear of the run. */
  tell(run: string, event: RunEvent): void {
    for (const listener of this.#of.get(run) ?? []) listener(event);
  }

  /** After its ending nothing more is told. */
  forget(run: string): void {
    this.#of.delete(run);
  }
}
