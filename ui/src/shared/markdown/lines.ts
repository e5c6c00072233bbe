// What one line of markdown begins: the few rules of CommonMark that decide where a block ends.

const FENCE = /^( {0,3})(`{3,}|~{3,})(.*)$/;
const MARKER = /^( {0,3})([-*+]|\d{1,9}[.)])(?:([ \t]+)(?=\S)|[ \t]*$)/;
const DELIMITERS = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

export const isBlank = (line: string): boolean => /^[ \t]*$/.test(line);
export const isHeading = (line: string): boolean => /^ {0,3}#{1,6}(?:[ \t]|$)/.test(line);
export const isRule = (line: string): boolean => /^ {0,3}([-*_])[ \t]*(?:\1[ \t]*){2,}$/.test(line);
export const isUnderline = (line: string): boolean => /^ {0,3}(?:=+|-+)[ \t]*$/.test(line);
export const isQuote = (line: string): boolean => /^ {0,3}>/.test(line);

const cellsOf = (row: string): number =>
  row
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/).length;

/** Whether two lines begin a table: a header row and, with as many cells, the row of dashes under it. */
export function isTableHead(header: string, dashes: string): boolean {
  return (
    header.includes("|") &&
    dashes.includes("|") &&
    DELIMITERS.test(dashes) &&
    cellsOf(header) === cellsOf(dashes)
  );
}

/** Columns of white space that a line begins with; a tab counts four. */
export function indentOf(line: string): number {
  let columns = 0;
  for (const char of line) {
    if (char === " ") columns += 1;
    else if (char === "\t") columns += 4;
    else break;
  }
  return columns;
}

/** A code fence: its character, its length and what stands behind it (the language). */
export interface Fence {
  char: string;
  length: number;
  info: string;
}

/** The fence that a line opens, if it opens one. */
export function fenceOf(line: string): Fence | undefined {
  const match = FENCE.exec(line);
  const [, , marks = "", info = ""] = match ?? [];
  if (!match || (marks[0] === "`" && info.includes("`"))) return undefined;
  return { char: marks[0] ?? "`", length: marks.length, info: info.trim() };
}

/** Whether a line closes a fence. */
export function closes(line: string, fence: Fence): boolean {
  const marks = line.trim();
  return marks.length >= fence.length && mayClose(line, fence);
}

/** Whether an unfinished line may yet turn out to close a fence. */
export function mayClose(line: string, fence: Fence): boolean {
  const marks = line.trim();
  return indentOf(line) <= 3 && marks === fence.char.repeat(marks.length);
}

/** The marker of a list item. */
export interface Marker {
  /** Items with the same kind belong to one list: `-`, `*`, `+`, `.` or `)`. */
  kind: string;
  /** Its number, where it has one. */
  number: number | undefined;
  /** Column where the item's own text begins. */
  content: number;
  /** Nothing follows it. */
  empty: boolean;
}

/** The list item that a line begins, if it begins one. */
export function markerOf(line: string): Marker | undefined {
  const match = MARKER.exec(line);
  const [, indent = "", sign = "", gap = ""] = match ?? [];
  if (!match || isRule(line)) return undefined;
  const digits = /^\d+/.exec(sign)?.[0];
  return {
    kind: sign.slice(-1),
    number: digits === undefined ? undefined : Number(digits),
    content: indent.length + sign.length + (gap.length > 0 && gap.length < 5 ? gap.length : 1),
    empty: gap === "",
  };
}

/** Whether a line begins a block of its own in the middle of a paragraph. */
export function interrupts(line: string): boolean {
  const marker = markerOf(line);
  return (
    isHeading(line) ||
    isRule(line) ||
    isQuote(line) ||
    fenceOf(line) !== undefined ||
    (marker !== undefined && !marker.empty && (marker.number === undefined || marker.number === 1))
  );
}

/** Where to cut a line that is longer than `cap`: after a word, never inside a character. */
export function cutOf(line: string, cap: number): number {
  const space = line.lastIndexOf(" ", cap) + 1;
  if (space > cap / 2) return space;
  return /[\uD800-\uDBFF]/.test(line.charAt(cap - 1)) ? cap - 1 : cap;
}
