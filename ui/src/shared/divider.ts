// Where the keys move a divider.

/** Percent that an arrow moves it, and that Shift with an arrow or a page key does. */
const STEP = 2;
const LEAP = 10;

/** The divider's next place in percent; undefined for a key that does not move it. */
export function dividerStep(event: { key: string; shiftKey: boolean }, share: number): number | undefined {
  const by = event.shiftKey ? LEAP : STEP;
  const places: Record<string, number> = {
    ArrowLeft: share - by,
    ArrowRight: share + by,
    PageDown: share - LEAP,
    PageUp: share + LEAP,
    Home: 0,
    End: 100,
  };
  const next = places[event.key];
  return next === undefined ? undefined : Math.min(100, Math.max(0, next));
}
