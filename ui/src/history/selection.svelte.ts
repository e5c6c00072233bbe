// What is ticked, with the things themselves: they may be far out of sight when something is done with them.

/** Ticked things by their keys. */
export class Selection<T> {
  /** What is ticked, in the order of ticking. */
  kept = $state.raw<ReadonlyMap<string, T>>(new Map());
  /** Where a range begins: the place of the last single tick. */
  anchor: number | undefined;

  get size(): number {
    return this.kept.size;
  }

  /** Whether it is ticked. */
  has(key: string): boolean {
    return this.kept.has(key);
  }

  /** Ticks one, or takes its tick away. */
  toggle(key: string, thing: T, on = !this.kept.has(key)): void {
    const kept = new Map(this.kept);
    if (on) kept.set(key, thing);
    else kept.delete(key);
    this.kept = kept;
  }

  /** Ticks many. */
  add(things: Iterable<[string, T]>): void {
    this.kept = new Map([...this.kept, ...things]);
  }

  /** Keeps those ticked that are still there. */
  retain(stays: (key: string) => boolean): void {
    this.kept = new Map([...this.kept].filter(([key]) => stays(key)));
  }

  /** Replaces what is known of the ticked things. */
  change(how: (thing: T) => T): void {
    this.kept = new Map([...this.kept].map(([key, thing]) => [key, how(thing)]));
  }

  /** Takes all ticks away. */
  clear(): void {
    this.kept = new Map();
    this.anchor = undefined;
  }
}

/** From the lower to the upper of two places, both included. */
export function between(a: number, b: number): [first: number, last: number] {
  return a < b ? [a, b] : [b, a];
}
