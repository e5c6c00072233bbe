// Where everything lies on a labelled sheet of pictures. Pure: it is told how wide words are.
import { wrap } from "./wrap";

/** No side of the sheet is longer than this, px. */
export const LONGEST = 8_192;

/** What the sheet holds. */
export interface SheetWords {
  columns: string[];
  rows: string[];
  titles: { column: string; row: string };
  prompt: string;
}

/** A line of words and where it is: its middle, or its left edge, at the line's middle height. */
export interface Line {
  text: string;
  x: number;
  y: number;
  align: "center" | "left";
  bold?: boolean;
  /** Read from below to above. */
  turned?: boolean;
}

/** Where a picture goes. */
export interface Place {
  row: number;
  column: number;
  x: number;
  y: number;
}

/** The sheet, in px before `scale`. */
export interface SheetLayout {
  width: number;
  height: number;
  /** At most 1: what all is multiplied by, so that no side is too long. */
  scale: number;
  /** Height of the type. */
  type: number;
  cell: { width: number; height: number };
  lines: Line[];
  places: Place[];
}

/** How wide words are in the sheet's type of this height. */
export type Measure = (text: string, type: number, bold: boolean) => number;

/** The measures of a sheet, and its words broken into lines; px. */
interface Frame {
  type: number;
  line: number;
  gap: number;
  /** Where the cells begin. */
  left: number;
  top: number;
  /** How wide the labels of the rows are. */
  side: number;
  titleTop: number;
  width: number;
  height: number;
  prompt: string[];
  heads: string[][];
  sides: string[][];
  fits: (text: string, room: number, most: number, bold?: boolean) => string[];
}

/** Lays a sheet out around cells of one size. */
export function layOut(
  words: SheetWords,
  cell: { width: number; height: number },
  measure: Measure,
): SheetLayout {
  const frame = frameOf(words, cell, measure);
  const { type, width, height, left, top, gap } = frame;
  const at = (row: number, column: number): Place => ({
    row,
    column,
    x: left + column * (cell.width + gap),
    y: top + row * (cell.height + gap),
  });
  const places = words.rows.flatMap((_, row) => words.columns.map((__, column) => at(row, column)));
  const lines = [
    ...stack(frame.prompt, gap, gap, frame.line, "left"),
    ...titles(words, frame),
    ...frame.heads.flatMap((texts, column) => {
      const first = top - gap - texts.length * frame.line;
      return stack(texts, at(0, column).x + cell.width / 2, first, frame.line);
    }),
    ...frame.sides.flatMap((texts, row) => {
      const first = at(row, 0).y + (cell.height - texts.length * frame.line) / 2;
      return stack(texts, left - gap - frame.side / 2, first, frame.line);
    }),
  ];
  const scale = Math.min(1, LONGEST / width, LONGEST / height);
  return { width, height, scale, type, cell, lines, places };
}

function frameOf(words: SheetWords, cell: { width: number; height: number }, measure: Measure): Frame {
  const type = Math.max(12, Math.round(cell.width / 18));
  const [gap, line] = [Math.round(type / 2), Math.round(type * 1.35)];
  const fits: Frame["fits"] = (text, room, most, bold = false) =>
    wrap(text, room, most, (piece) => measure(piece, type, bold));
  const heads = words.columns.map((text) => fits(text, cell.width, 2));
  const sides = words.rows.map((text) => fits(text, cell.width * 0.6, 4));
  const side = Math.ceil(Math.max(0, ...sides.flat().map((text) => measure(text, type, false))));
  const left = gap + (words.titles.row ? line + gap : 0) + side + gap;
  const width = left + words.columns.length * (cell.width + gap);
  const prompt = words.prompt ? fits(words.prompt, width - 2 * gap, 3) : [];
  const titleTop = gap + prompt.length * line + (prompt.length ? gap : 0);
  const headTop = titleTop + (words.titles.column ? line : 0);
  const top = headTop + Math.max(1, ...heads.map((each) => each.length)) * line + gap;
  const height = top + words.rows.length * (cell.height + gap);
  return { type, line, gap, left, top, side, titleTop, width, height, prompt, heads, sides, fits };
}

/** What the columns and the rows stand for. */
function titles({ titles: { column, row } }: SheetWords, frame: Frame): Line[] {
  const { left, top, width, height, gap, line, titleTop, fits } = frame;
  const title = { align: "center", bold: true } as const;
  const [across = ""] = fits(column, width - left, 1, true);
  const [down = ""] = fits(row, height - top, 1, true);
  const middle = { x: (left + width - gap) / 2, y: (top + height - gap) / 2 };
  const lines: Line[] = [
    { ...title, text: across, x: middle.x, y: titleTop + line / 2 },
    { ...title, text: down, x: gap + line / 2, y: middle.y, turned: true },
  ];
  return lines.filter(({ text }) => text !== "");
}

/** Lines below each other from `top` on. */
function stack(
  texts: string[],
  x: number,
  top: number,
  line: number,
  align: Line["align"] = "center",
): Line[] {
  return texts.map((text, at) => ({ text, x, y: top + (at + 0.5) * line, align }));
}
