// How fast a table goes: since when, and how long it is likely to take still.
import type { Table } from "../bindings";

/** A guess is told after this many rows, for the first may have waited for a model to load. */
const ENOUGH = 3;

/** The pace of one table, from the moment that it went on. */
export class Pace {
  /** When it went on, by `performance.now()`; undefined while it rests. */
  since = $state<number | undefined>();
  /** Milliseconds that the last stretch took. */
  took = $state<number | undefined>();
  #before = 0;
  #ended = 0;

  /** Looks at how the table stands. */
  follow(table: Table, now = performance.now()): void {
    this.#ended = table.done + table.failed;
    if (table.running && this.since === undefined) {
      this.since = now;
      this.#before = this.#ended;
    } else if (!table.running && this.since !== undefined) {
      this.took = now - this.since;
      this.since = undefined;
    }
  }

  /** Seconds that it is likely to take still; infinite while nobody can know. */
  left(table: Table, now = performance.now()): number {
    const done = this.#ended - this.#before;
    if (this.since === undefined || done < ENOUGH) return Number.POSITIVE_INFINITY;
    return (((now - this.since) / done) * (table.rows - this.#ended)) / 1_000;
  }
}
