// List levels that were cut because one item grew past the cap: what follows in them loses their indent.
import { indentOf, isBlank } from "./lines";

export class Levels {
  /** Columns, one entry a level. */
  #columns: number[] = [];

  /** How many levels deep. */
  get depth(): number {
    return this.#columns.length;
  }

  /** Goes one level deeper: its text begins that many columns further in. */
  enter(columns: number): void {
    if (columns > 0) this.#columns.push(columns);
  }

  /** Leaves the levels that a line is not indented enough for; says whether it left any. */
  leave(line: string): boolean {
    if (this.#columns.length === 0 || isBlank(line)) return false;
    const before = this.#columns.length;
    while (this.#columns.length > 0 && indentOf(line) < this.#sum()) this.#columns.pop();
    return this.#columns.length < before;
  }

  /** The line without the indent of its levels. */
  strip(line: string): string {
    const columns = this.#sum();
    if (columns === 0) return line;
    return line.replace(/^[ \t]+/, (space) => space.replaceAll("\t", "    ").slice(columns));
  }

  /** White space that puts a line into the levels. */
  indent(): string {
    return " ".repeat(this.#sum());
  }

  #sum(): number {
    return this.#columns.reduce((sum, one) => sum + one, 0);
  }
}
