// Cues: what can be written into a text so that a voice laughs, sings or takes turns. Plain text, sent as it stands.

/** What a chip does to the text. */
export interface Cue {
  /** What the chip says. */
  label: string;
  /** What it does, in a few words. */
  about: string;
  /** Stands in the text. */
  insert?: string;
  /** Stands before and after what is selected. */
  around?: [before: string, after: string];
  /** What is selected is written so. */
  change?: (words: string) => string;
}

const sounds = (names: string, [open, close]: [string, string]): Cue[] =>
  names.split(",").map((name) => ({
    ...{ label: `${open}${name}${close}`, about: `A sound: ${name}`, insert: `${open}${name}${close}` },
  }));

/** Of suno-ai/bark's README. */
export const BARK_CUES: Cue[] = [
  ...sounds("laughter,laughs,sighs,music,gasps,clears throat", ["[", "]"]),
  { label: "—", about: "Hesitates", insert: "—" },
  { label: "…", about: "Hesitates longer", insert: "…" },
  { label: "♪ sing ♪", about: "Sings what is selected", around: ["♪ ", " ♪"] },
  { label: "CAPITALS", about: "Stresses what is selected", change: (words) => words.toLocaleUpperCase() },
  { label: "[MAN]", about: "Leans to a man's voice", insert: "[MAN]" },
  { label: "[WOMAN]", about: "Leans to a woman's voice", insert: "[WOMAN]" },
];

/** Of nari-labs/Dia's card. */
export const DIA_CUES: Cue[] = [
  { label: "[S1]", about: "The first speaker", insert: "[S1]" },
  { label: "[S2]", about: "The second speaker", insert: "[S2]" },
  ...sounds("laughs,sighs,gasps,coughs,clears throat", ["(", ")"]),
];

/** Of canopyai/Orpheus-TTS. */
export const ORPHEUS_CUES: Cue[] = sounds("laugh,chuckle,sigh,cough,sniffle,groan,yawn,gasp", ["<", ">"]);

/** A text with a selection in it. */
export interface Marked {
  text: string;
  from: number;
  to: number;
}

/** What takes the place of the selection, and where the selection lies in it then. */
export interface Change {
  words: string;
  from: number;
  to: number;
}

/** What a cue does at a selection; a cue that stands by itself keeps a space to the words around it. */
export function changeOf(cue: Cue, { text, from, to }: Marked): Change {
  const selected = text.slice(from, to);
  if (cue.change) {
    const words = cue.change(selected);
    return { words, from: 0, to: words.length };
  }
  if (cue.around) {
    const [before, after] = cue.around;
    const words = `${before}${selected}${after}`;
    return { words, from: before.length, to: before.length + selected.length };
  }
  const word = cue.insert ?? "";
  const open = from > 0 && !/\s/.test(text[from - 1] ?? "") ? " " : "";
  const close = /^[\s.,;:!?]?$/.test(text[to] ?? "") && to < text.length ? "" : " ";
  const words = `${open}${word}${close}`;
  return { words, from: words.length, to: words.length };
}

/** Puts a cue into a text box where its cursor is; the box's own undo takes it back. */
export function insert(cue: Cue, box: HTMLTextAreaElement): void {
  const { value: text, selectionStart: from, selectionEnd: to } = box;
  const change = changeOf(cue, { text, from, to });
  box.focus();
  box.setSelectionRange(from, to);
  if (!typed(change.words)) {
    box.setRangeText(change.words, from, to, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  box.setSelectionRange(from + change.from, from + change.to);
}

/** Types into what has the focus, as the person would: the one way that leaves undo whole. */
function typed(words: string): boolean {
  return typeof document.execCommand === "function" && document.execCommand("insertText", false, words);
}
