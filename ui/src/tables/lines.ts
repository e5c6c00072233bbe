// The maths of rows of one height of which only those in sight are mounted. Pure.
import { type Layout, step } from "../shared/virtual";

/** `count` rows, `pitch` px each. */
export function linesOf(count: number, pitch: number): Layout {
  return { columns: 1, rows: count, tile: pitch, pitch, height: count * pitch };
}

/** Where a key leads from a row; undefined for a key that leads nowhere. Home and End go to the ends of all. */
export function stepOf(key: string, from: number, count: number, page: number): number | undefined {
  if (key === "ArrowLeft" || key === "ArrowRight") return undefined;
  const end = key === "Home" || key === "End";
  return step(end ? `Mod+${key}` : key, from, count, 1, page);
}
