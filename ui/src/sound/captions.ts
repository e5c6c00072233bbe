// What is said when: the sentences of a voice, found again in the text as it was written. Pure.
import type { Caption } from "../bindings";

/** A piece of a text: a sentence that is said, or what stands between. */
export interface Line {
  text: string;
  /** Which caption it is, from 0; undefined for what is not said, or not yet. */
  caption?: number;
}

/** The text in lines: each caption where it stands, and all that lies around them. */
export function linesOf(text: string, captions: Caption[]): Line[] {
  const lines: Line[] = [];
  let from = 0;
  for (const [caption, { text: said }] of captions.entries()) {
    const words = said.trim();
    const at = words === "" ? -1 : text.indexOf(words, from);
    if (at < 0) continue;
    if (at > from) lines.push({ text: text.slice(from, at) });
    lines.push({ text: words, caption });
    from = at + words.length;
  }
  if (from < text.length) lines.push({ text: text.slice(from) });
  return lines;
}

/** Which caption is heard at a time; in a pause the one before it. -1 before the first. */
export function captionAt(captions: Caption[], seconds: number): number {
  return captions.findLastIndex(({ start }) => start <= seconds + 0.001);
}
