// A block of code: its language, a copy button, its text. It grows by appending only: the text lies in pieces
// of a few lines, so that one more character lays out one piece anew and not the whole block.
import { type Colours, highlight } from "./highlight";
import { languageOf } from "./languages";
import { whole } from "./morph";

/** A new piece begins at the first line end past this many characters, or at twice as many without one. */
const PIECE = 1_000;
/** Longer code stays plain. */
const LONGEST_COLOURED = 50_000;

export class CodeBlock {
  /** The whole block, ready to be put into the page. */
  readonly element = document.createElement("div");
  #code = document.createElement("code");
  #piece: Text | undefined;
  #length = 0;
  #language: string | undefined;

  /** `info` is what stands behind the fence. */
  constructor(info: string) {
    const name = /^[^\s{,]*/.exec(info)?.[0].slice(0, 24) ?? "";
    this.#language = languageOf(name);
    this.element.className = "code";
    const pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.append(this.#code);
    this.element.append(head(name), pre);
  }

  /** Adds code at its end. */
  append(text: string): void {
    this.#length += text.length;
    let rest = text;
    while (rest !== "") {
      const full = !this.#piece || this.#piece.length >= 2 * PIECE;
      if (full || (this.#piece && this.#piece.length >= PIECE && this.#piece.data.endsWith("\n")))
        this.#next();
      const cut = this.#cut(rest);
      this.#piece?.appendData(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
  }

  /** No more code comes: colours it, a piece a frame. */
  seal(): void {
    whole.add(this.element);
    if (!this.#language || this.#length > LONGEST_COLOURED) return;
    void highlight(this.#language, this.#code.textContent ?? "").then((runs) => runs && this.#paint(runs));
  }

  /** How much of `text` the open piece takes: up to the line end that fills it. */
  #cut(text: string): number {
    const length = this.#piece?.length ?? 0;
    const end = text.indexOf("\n", Math.max(0, PIECE - length - 1));
    return Math.min(end < 0 ? text.length : end + 1, 2 * PIECE - length);
  }

  #next(): void {
    const lines = document.createElement("span");
    lines.className = "lines";
    this.#piece = document.createTextNode("");
    lines.append(this.#piece);
    this.#code.append(lines);
  }

  #paint(runs: Colours): void {
    const pieces = [...this.#code.children];
    const source = runs[Symbol.iterator]();
    let left = source.next();
    let used = 0;
    const paintOne = () => {
      const piece = pieces.shift();
      if (!piece) return;
      const painted = document.createDocumentFragment();
      let missing = piece.textContent?.length ?? 0;
      while (missing > 0 && !left.done) {
        const [text, kind] = left.value;
        const part = text.slice(used, used + missing);
        painted.append(run(part, kind));
        missing -= part.length;
        used += part.length;
        if (used === text.length) [left, used] = [source.next(), 0];
      }
      piece.replaceChildren(painted);
      requestAnimationFrame(paintOne);
    };
    requestAnimationFrame(paintOne);
  }
}

function run(text: string, kind: string): Node {
  if (!kind) return document.createTextNode(text);
  const span = document.createElement("span");
  span.className = `t-${kind}`;
  span.textContent = text;
  return span;
}

function head(name: string): HTMLElement {
  const bar = document.createElement("div");
  bar.className = "bar";
  const label = document.createElement("span");
  label.className = "language";
  label.textContent = name || "text";
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "copy";
  copy.textContent = "Copy";
  bar.append(label, copy);
  return bar;
}

/** The code of the block that a copy button belongs to. */
export function codeBeside(button: Element): string {
  return button.closest(".code")?.querySelector("code")?.textContent ?? "";
}
