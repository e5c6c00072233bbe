// Renders markdown that grows. Sealed blocks go into the page once and are left alone; the open tail is parsed
// anew at each update, and the splitter keeps it short. So an update costs the same at any length.
import type { Block, Sink } from "./blocks";
import { build } from "./build";
import { CodeBlock } from "./code";
import { mend } from "./mend";
import { morph } from "./morph";
import { noLinks, parse } from "./parse";
import { Splitter } from "./split";
import { tableFor } from "./tables";

/** Text taken at a time, and the time after which the rest waits for the next frame, in milliseconds. */
const SLICE = 4_000;
const PATIENCE = 6;
/** Blocks after which a new chapter begins: the browser lays out the last chapter, not all that came before. */
const CHAPTER = 40;
/** Blocks kept for links whose address comes later. */
const MOST_LATE = 500;
const MAY_REFER = /\[[^\]]+\](?![(:])/;

export class Renderer implements Sink {
  #root: HTMLElement;
  #splitter = new Splitter(this);
  /** The text that is to be shown, and how much of it has been taken. */
  #text = "";
  #taken = 0;
  #streaming = true;
  #ended = false;
  #links = noLinks();
  /** Where the tail is shown; a sealed block takes it over. */
  #tail: HTMLElement | undefined;
  #code: CodeBlock | undefined;
  /** The table whose further rows are still coming. */
  #table: HTMLTableElement | undefined;
  #late: { block: Block; element: HTMLElement }[] = [];

  constructor(root: HTMLElement) {
    this.#root = root;
  }

  /** Sets what is to be shown. Text that only grew costs what was added; other text begins anew. */
  set(text: string, streaming: boolean): void {
    if (text === this.#text && streaming === this.#streaming) return;
    if (this.#ended || !text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    this.#streaming = streaming;
  }

  /** Renders for a few milliseconds; says whether all is shown. */
  work(): boolean {
    const until = performance.now() + PATIENCE;
    while (this.#taken < this.#text.length) {
      this.#splitter.push(this.#text.slice(this.#taken, this.#taken + SLICE));
      this.#taken = Math.min(this.#taken + SLICE, this.#text.length);
      if (performance.now() > until) break;
    }
    const all = this.#taken === this.#text.length;
    if (all && !this.#streaming) this.#end();
    else this.#showTail();
    return all;
  }

  sealed(block: Block): void {
    const fragment = this.#built(block, true);
    if (fragment.hasChildNodes()) this.#place(block, fragment);
    else this.#dropTail();
  }

  #place(block: Block, fragment: DocumentFragment): void {
    const rows = block.joined ? this.#rowsOf(fragment) : undefined;
    const element = this.#holder(rows ? this.#table : undefined);
    this.#fill(element, block, rows ?? fragment);
    this.#tail = undefined;
    if (rows && this.#table) this.#table = tableFor(this.#table);
    else this.#table = element.querySelector("table") ?? undefined;
    const late = !rows && this.#late.length < MOST_LATE && MAY_REFER.test(block.source);
    if (late) this.#late.push({ block, element });
  }

  fenceOpened(info: string, depth: number): void {
    this.#code = new CodeBlock(info);
    const element = this.#holder(undefined);
    element.replaceChildren(this.#code.element);
    mark(element, { joined: false, depth });
    this.#tail = undefined;
  }

  fenceText(code: string): void {
    this.#code?.append(code);
  }

  fenceClosed(): void {
    this.#code?.seal();
    this.#code = undefined;
  }

  #reset(): void {
    this.#root.replaceChildren();
    this.#splitter = new Splitter(this);
    this.#taken = 0;
    this.#ended = false;
    this.#links = noLinks();
    this.#tail = this.#code = this.#table = undefined;
    this.#late = [];
  }

  #showTail(): void {
    const block = this.#splitter.tail;
    if (!block) {
      this.#dropTail();
      return;
    }
    // Definitions in the tail may be half arrived: they count once their block is sealed.
    const fragment = this.#built({ ...block, source: mend(block.source) }, false);
    const rows = block.joined ? this.#rowsOf(fragment) : undefined;
    this.#fill(this.#holder(rows ? this.#table : undefined), block, rows ?? fragment);
  }

  #dropTail(): void {
    this.#tail?.remove();
    this.#tail = undefined;
  }

  #built(block: Block, sealed: boolean): DocumentFragment {
    const links = sealed ? this.#links : Object.assign(noLinks(), this.#links);
    return build(parse(block.source, links), { sealed, start: block.start });
  }

  /** The rows of a table that goes on, when there is a table for them to go into. */
  #rowsOf(fragment: DocumentFragment): Element | undefined {
    const again = this.#table && fragment.firstElementChild;
    return again?.matches(".table") ? (again.querySelector("tbody") ?? undefined) : undefined;
  }

  /** The element for the open block: the tail's, or a new one at the end of the page or of the table. */
  #holder(table: HTMLElement | undefined): HTMLElement {
    const name = table ? "TBODY" : "DIV";
    if (this.#tail?.nodeName === name) return this.#tail;
    this.#dropTail();
    this.#tail = document.createElement(name.toLowerCase());
    (table ?? this.#chapter()).append(this.#tail);
    return this.#tail;
  }

  /** The chapter that takes the next block. */
  #chapter(): Element {
    const last = this.#root.lastElementChild;
    if (last && last.childElementCount < CHAPTER) return last;
    const next = document.createElement("div");
    next.className = "chapter";
    this.#root.append(next);
    return next;
  }

  #fill(element: HTMLElement, block: Block, wanted: Node): void {
    morph(element, wanted);
    if (element.nodeName === "DIV") mark(element, block);
  }

  #end(): void {
    this.#splitter.end();
    this.#dropTail();
    this.#ended = true;
    if (Object.keys(this.#links).length === 0) return;
    for (const { block, element } of this.#late) this.#fill(element, block, this.#built(block, true));
    this.#late = [];
  }
}

function mark(element: HTMLElement, { joined, depth }: Pick<Block, "joined" | "depth">): void {
  element.className = "block";
  element.toggleAttribute("data-joined", joined);
  if (depth > 0) element.dataset.depth = String(Math.min(depth, 4));
  else delete element.dataset.depth;
}
