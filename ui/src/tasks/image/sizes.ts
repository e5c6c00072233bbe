// Sizes of pictures: what a form such as 3:2 comes to at a model, and keeping what is typed to what a model takes.

/** Width and height, pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A form to choose: what it is called, and its size at the model. */
export interface Form extends Size {
  ratio: string;
}

/** Sizes that a provider still takes: beyond, most refuse (hf-api 9.1: providers cap at about 2 MP, varying). */
export const LEAST_SIDE = 64;
export const MOST_SIDE = 4096;

const RATIOS = ["1:1", "4:3", "3:2", "16:9", "21:9", "3:4", "2:3", "9:16", "9:21"] as const;

/** The forms of a model that takes any size of about `side` × `side` pixels whose sides are multiples of `multiple`. */
export function formsOf(side: number, multiple: number): Form[] {
  return RATIOS.map((ratio) => {
    const [across = 1, down = 1] = ratio.split(":").map(Number);
    const height = Math.sqrt((side * side * down) / across);
    return {
      ratio,
      width: snapped((height * across) / down, multiple),
      height: snapped(height, multiple),
    };
  });
}

/** The nearest multiple, within what any model takes, and no longer than `longest`. */
export function snapped(pixels: number, multiple: number, longest = MOST_SIDE): number {
  const near = Math.round(pixels / multiple) * multiple;
  const least = Math.ceil(LEAST_SIDE / multiple) * multiple;
  return Math.min(Math.floor(longest / multiple) * multiple, Math.max(least, near));
}

/** A size in its form, made smaller where a side is longer than `longest`. */
export function fittingInto(size: Size, longest: number, multiple: number): Size {
  const scale = longest / Math.max(size.width, size.height);
  if (scale >= 1) return size;
  const side = (pixels: number) => snapped(pixels * scale, multiple, longest);
  return { width: side(size.width), height: side(size.height) };
}

/** A size as it is written: "1024 × 768", "1024x768", "1024*768". */
export function readSize(text: string): Size | undefined {
  const found = /^\s*(\d{2,4})\s*[x×*]\s*(\d{2,4})\s*$/i.exec(text);
  const [width, height] = [Number(found?.[1]), Number(found?.[2])];
  const fits = (side: number) => side >= LEAST_SIDE && side <= MOST_SIDE;
  return found && fits(width) && fits(height) ? { width, height } : undefined;
}

/** How a size is shown. */
export function shownSize({ width, height }: Size): string {
  return `${width} × ${height}`;
}

/** How many boxes go side by side so that `count` of them, of a form, are as large as a room allows; px. */
export function fitted(
  count: number,
  aspect: number,
  room: Size,
  gap: number,
): { columns: number; width: number } {
  let best = { columns: 1, width: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns++) {
    const rows = Math.ceil(count / columns);
    const across = (room.width - gap * (columns - 1)) / columns;
    const down = ((room.height - gap * (rows - 1)) / rows) * aspect;
    const width = Math.floor(Math.min(across, down));
    if (width > best.width) best = { columns, width };
  }
  return best;
}
