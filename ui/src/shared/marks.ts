// Places in a text that others counted in characters (Unicode code points, as Python counts them): found in this page's
// strings, put together, nested, and never drawn inside of what is seen as one sign.

/** A thing that was found in a text. */
export interface Find {
  /** What it is: "PER", "B-PER". */
  kind: string;
  /** The words, as whoever found it writes them. */
  word: string;
  /** Where it begins, in code points; undefined where that is not known. */
  start?: number | undefined;
  /** Where it ends, in code points; undefined where that is not known. */
  end?: number | undefined;
}

/** One or more finds that are drawn as one, by places of this page's strings. */
export interface Mark {
  from: number;
  to: number;
  /** Without the prefix that says whether it begins or goes on. */
  kind: string;
  /** Which finds it is, by their places in the list. */
  finds: number[];
}

/** A mark with what lies in it. One that would cross another is drawn in two pieces, of which the last ends it. */
export interface Nest extends Mark {
  inner: Nest[];
  /** How many marks lie over each other here, at least 1. */
  height: number;
  ends: boolean;
}

/** Deeper than this nothing could be told apart any more. */
const DEEPEST = 6;
/** More marks would make the page slow; all of them are in the list beside it. */
export const MOST_MARKS = 2_000;
/** What a tokenizer puts before a piece: WordPiece's "##", SentencePiece's and byte-level BPE's sign for a space. */
const PIECE = /^(##|[\u2581\u0120])+/;
const PREFIX = /^([BIELSU])-(?=.)/;
const signs = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** A kind without the prefix that says whether it begins ("B-") or goes on ("I-"). */
export function kindOf(kind: string): string {
  return kind.replace(PREFIX, "");
}

/** From code points to places of the string; undefined for what is no place in it. */
export function pointsIn(text: string): (point: number | undefined) => number | undefined {
  const places: number[] = [];
  for (let at = 0; at < text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) places.push(at);
  places.push(text.length);
  return (point) => (point === undefined ? undefined : places[point]);
}

/** Where each find stands in the text; undefined for what is nowhere. Without places, words are found in their order. */
export function placed(text: string, finds: Find[]): ({ from: number; to: number } | undefined)[] {
  const place = pointsIn(text);
  // Some models read small letters alone. Where these are not as many as the large ones, places would not fit.
  const small = text.toLowerCase();
  const texts = small.length === text.length ? [text, small] : [text];
  let after = 0;
  return finds.map((find) => {
    const from = place(find.start);
    const to = place(find.end);
    const told = from !== undefined && to !== undefined && from < to;
    const where = told ? { from, to } : search(texts, find.word, after);
    if (where) after = where.to;
    return where;
  });
}

function search(texts: string[], word: string, after: number): { from: number; to: number } | undefined {
  const exact = word.replace(PIECE, "").trim();
  if (exact === "") return undefined;
  for (const [at, text] of texts.entries()) {
    const wanted = at === 0 ? exact : exact.toLowerCase();
    const from = text.indexOf(wanted, after);
    if (from >= 0) return { from, to: from + wanted.length };
  }
  return undefined;
}

/** The marks to draw: pieces of one thing put together, at the edges of whole signs. Kind "O" is no thing. */
export function marksOf(text: string, finds: Find[]): Mark[] {
  const marks: Mark[] = [];
  const edges = edgesOf(text);
  placed(text, finds).forEach((where, at) => {
    const find = finds[at];
    if (!where || !find || find.kind === "O") return;
    const mark = { ...wholeSigns(edges, where), kind: kindOf(find.kind), finds: [at] };
    const last = marks.at(-1);
    if (last && goesOn(text, last, mark, find)) {
      last.to = Math.max(last.to, mark.to);
      last.finds.push(at);
    } else marks.push(mark);
  });
  return marks;
}

/** Whether a find is the next piece of the mark before it. */
function goesOn(text: string, last: Mark, next: Mark, { kind, word }: Find): boolean {
  const prefix = PREFIX.exec(kind)?.[1] ?? "";
  const piece = ["I", "E", "L"].includes(prefix) || (prefix === "" && word.startsWith("##"));
  if (!piece || last.kind !== next.kind || next.from < last.from) return false;
  return text.slice(last.to, Math.max(last.to, next.from)).trim() === "";
}

/** Where the signs of a text begin, and where the last one ends. */
function edgesOf(text: string): number[] {
  // Asking for the sign at one place would be shorter, but WebKit then takes the space before a flag for a part of it.
  return [...Array.from(signs.segment(text), ({ index }) => index), text.length];
}

/** The least range of whole signs that holds a range: an emoji or a letter with its accents is never cut. */
function wholeSigns(edges: number[], { from, to }: { from: number; to: number }) {
  const after = edgeAfter(edges, from);
  return {
    from: edges[after] === from ? from : (edges[after - 1] ?? from),
    to: edges[edgeAfter(edges, to)] ?? to,
  };
}

/** The first edge that is not before a place. */
function edgeAfter(edges: number[], place: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The marks, nested as they are drawn, and whether all of them are. */
export function nested(marks: Mark[]): { nests: Nest[]; all: boolean } {
  const waiting = marks.toSorted(outerFirst).slice(0, MOST_MARKS);
  const nests: Nest[] = [];
  const open: Nest[] = [];
  let all = marks.length <= MOST_MARKS;
  for (let made = 0; waiting.length > 0; made++) {
    const mark = waiting.shift() as Mark;
    while ((open.at(-1)?.to ?? Number.POSITIVE_INFINITY) <= mark.from) open.pop();
    const around = open.at(-1);
    if (open.length >= DEEPEST || made >= 2 * MOST_MARKS) {
      all = false;
      continue;
    }
    const crosses = around !== undefined && mark.to > around.to;
    const nest = { ...mark, inner: [], height: 1, ends: !crosses };
    if (crosses) {
      nest.to = around.to;
      insert(waiting, { ...mark, from: around.to });
    }
    (around?.inner ?? nests).push(nest);
    open.push(nest);
  }
  for (const nest of nests) measure(nest);
  return { nests, all };
}

function outerFirst(a: Mark, b: Mark): number {
  return a.from - b.from || b.to - a.to;
}

function insert(waiting: Mark[], mark: Mark): void {
  const at = waiting.findIndex((each) => outerFirst(each, mark) > 0);
  waiting.splice(at < 0 ? waiting.length : at, 0, mark);
}

function measure(nest: Nest): number {
  nest.height = 1 + Math.max(0, ...nest.inner.map(measure));
  return nest.height;
}
