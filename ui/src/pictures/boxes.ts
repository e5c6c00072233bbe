// Boxes on a picture: cut at its edges, and their words kept inside of it.
import type { BoundingBox } from "../bindings";

/** A box in shares of the picture's width and height. */
export interface Share {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** What of a box lies on a picture of this size; undefined where nothing does, or where it is no box. */
export function clipped(
  { xmin, ymin, xmax, ymax }: BoundingBox,
  size: { width: number; height: number },
): Share | undefined {
  const left = within(xmin / size.width);
  const right = within(xmax / size.width);
  const top = within(ymin / size.height);
  const bottom = within(ymax / size.height);
  if (!(left < right && top < bottom)) return undefined;
  return { left, top, width: right - left, height: bottom - top };
}

/** What is no number stays none, so that no comparison with it holds. */
function within(share: number): number {
  return Math.min(1, Math.max(0, share));
}

/** Where the words of a box stand, in pixels: above it, else at its upper edge; never outside of the picture. */
export function wordsPlace(
  box: Share,
  words: { width: number; height: number },
  picture: { width: number; height: number },
): { left: number; top: number } {
  const above = box.top * picture.height - words.height;
  return {
    left: Math.max(0, Math.min(box.left * picture.width, picture.width - words.width)),
    top: Math.max(0, Math.min(above >= 0 ? above : box.top * picture.height, picture.height - words.height)),
  };
}

/** How much of the picture a box covers: small ones lie on top, where the pointer reaches them. */
export function areaOf({ width, height }: Share): number {
  return width * height;
}
