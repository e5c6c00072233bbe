// The list that is open: which lines are still its own, and where its last item begins.
import { closes, type Fence, fenceOf, indentOf, interrupts, isBlank, type Marker, markerOf } from "./lines";

export class OpenList {
  /** Where the last item begins in the open block. */
  lastItem = 0;
  /** A fence that is open inside the last item, and its indent. */
  inner: (Fence & { indent: number }) | undefined;
  /** The number that the open block begins with; undefined for bullets. */
  start: number | undefined;
  #marker: Marker;
  #items = 0;
  #afterBlank = false;

  constructor(line: string, marker: Marker) {
    this.#marker = marker;
    this.start = marker.number;
    this.#item(line, marker, 0);
  }

  /** Column where the last item's text begins. */
  get content(): number {
    return this.#marker.content;
  }

  /** Whether a line belongs to the list; `at` is where it would stand in the open block. */
  takes(line: string, at: number): boolean {
    const next = markerOf(line);
    const [blank, inside] = [isBlank(line), indentOf(line) >= this.content];
    if (!blank && inside) this.#insideItem(line);
    else if (!blank && next?.kind === this.#marker.kind) this.#item(line, next, at);
    else if (!blank && (next || this.#afterBlank || interrupts(line))) return false;
    this.#afterBlank = blank;
    return true;
  }

  /** All items but the last have been sealed: it is the first now. */
  keepLast(): void {
    if (this.start !== undefined) this.start += this.#items - 1;
    this.#items = 1;
    this.lastItem = 0;
  }

  #item(line: string, marker: Marker, at: number): void {
    this.#marker = marker;
    this.lastItem = at;
    this.#items += 1;
    this.inner = undefined;
    this.#openInner(line.slice(marker.content), marker.content);
  }

  #insideItem(line: string): void {
    const text = line.trimStart();
    if (this.inner && closes(text, this.inner)) this.inner = undefined;
    else if (!this.inner) this.#openInner(text, Math.max(this.content, indentOf(line)));
  }

  #openInner(text: string, indent: number): void {
    const fence = fenceOf(text);
    if (fence) this.inner = { indent, ...fence };
  }
}
