// How long each run of this page's life reasoned: the store does not keep it.

const thought = new Map<string, number>();

/** Keeps how long a run reasoned, milliseconds. */
export function keepThought(run: string, ms: number): void {
  thought.set(run, ms);
}

/** How long a run reasoned, milliseconds. */
export function thoughtFor(run: string | undefined): number | undefined {
  return run === undefined ? undefined : thought.get(run);
}
