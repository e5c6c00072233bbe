// Which rows of a long list of equal height are in sight: only those are drawn.

/** Rows above and below the sight that are drawn too, so that scrolling shows no gaps. */
const SPARE = 6;

/** The first row to draw and the one after the last. */
export function inSight(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): [number, number] {
  if (rowHeight <= 0) return [0, Math.min(count, SPARE * 2)];
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - SPARE);
  const after = Math.min(count, Math.ceil((scrollTop + height) / rowHeight) + SPARE);
  return [Math.min(first, count), after];
}

/** Where to scroll so that a row is wholly in sight; the present place when it is already. */
export function scrollTo(row: number, scrollTop: number, height: number, rowHeight: number): number {
  const top = row * rowHeight;
  if (top < scrollTop) return top;
  return top + rowHeight > scrollTop + height ? top + rowHeight - height : scrollTop;
}
