// How large everything in the window is drawn, in the steps that browsers have.

/** Percent. */
const STEPS = [50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300];
/** As it is drawn at first. */
export const USUAL = 100;

/** The next larger or smaller step; where there is none, the same. */
export function nextZoom(now: number, way: "larger" | "smaller"): number {
  const step = way === "larger" ? STEPS.find((each) => each > now) : STEPS.findLast((each) => each < now);
  return step ?? now;
}
