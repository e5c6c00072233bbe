// Splits streamed markdown into blocks, each character read once. A block that is over is sealed: it goes to
// the sink and is never looked at again. What is open is the tail, and the tail never grows past a cap: a
// giant paragraph, list, table or quote is sealed in pieces, an open fence hands on its code as it comes.
import { type Block, CAP, CAP_OF_ROWS, type Sink } from "./blocks";
import { Levels } from "./levels";
import {
  closes,
  cutOf,
  type Fence,
  fenceOf,
  indentOf,
  interrupts,
  isBlank,
  isHeading,
  isQuote,
  isRule,
  isTableHead,
  isUnderline,
  markerOf,
  mayClose,
} from "./lines";
import { OpenList } from "./list";

type Kind = "none" | "text" | "table" | "list" | "quote" | "indented" | "fence";

export class Splitter {
  #sink: Sink;
  #levels = new Levels();
  #kind: Kind = "none";
  /** Whole lines of the open block. */
  #open = "";
  /** The line that has not ended yet; in a fence, what has not been handed on of it. */
  #line = "";
  #lastLine = "";
  #joined = false;
  #fence: Fence | undefined;
  /** The beginning of this line of code has been handed on. */
  #midLine = false;
  /** The two lines that head the open table. */
  #head = "";
  #list: OpenList | undefined;

  constructor(sink: Sink) {
    this.#sink = sink;
  }

  /** What is open and not a fence, to be rendered anew at each update; undefined when nothing is. */
  get tail(): Block | undefined {
    const source = this.#open + this.#levels.strip(this.#line);
    if (this.#kind === "fence" || source.trim() === "") return undefined;
    return this.#block(this.#kind === "table" ? this.#head + source : source);
  }

  /** Takes more text. */
  push(text: string): void {
    const lines = text.replaceAll("\r", "").split("\n");
    const unfinished = lines.pop() ?? "";
    for (const line of lines) {
      this.#line += line;
      this.#endLine();
      this.#cap();
    }
    this.#line += unfinished;
    if (this.#kind === "fence") this.#handOn();
    else this.#cap();
  }

  /** Seals what is open: no more text comes. */
  end(): void {
    if (this.#line !== "") this.#endLine();
    if (this.#kind === "fence") this.#sink.fenceClosed();
    else this.#seal();
    this.#kind = "none";
  }

  #block(source: string): Block {
    const start = this.#kind === "list" && this.#joined ? this.#list?.start : undefined;
    return { source, joined: this.#joined, depth: this.#levels.depth, start };
  }

  #endLine(): void {
    if (!this.#midLine && this.#levels.leave(this.#line) && this.#kind !== "fence") this.#seal();
    const line = this.#midLine ? this.#line : this.#levels.strip(this.#line);
    this.#line = "";
    if (this.#kind === "fence") this.#fenceLine(line);
    else this.#take(line);
    this.#lastLine = line;
  }

  #take(line: string): void {
    if (this.#kind === "none") this.#begin(line);
    else if (this.#kind === "list") this.#listLine(line);
    else if (this.#kind === "quote") this.#quoteLine(line);
    else if (this.#kind === "indented") this.#indentedLine(line);
    else this.#textLine(line);
  }

  #append(line: string): void {
    this.#open += `${line}\n`;
  }

  /** Hands the open block to the sink. */
  #seal(): void {
    const source = this.#kind === "table" ? this.#head + this.#open : this.#open;
    if (source.trim() !== "") this.#sink.sealed(this.#block(source));
    this.#open = "";
    this.#kind = "none";
    this.#joined = false;
  }

  /** Seals what is open, then lets a line begin something new. */
  #beginAnew(line: string): void {
    this.#seal();
    this.#begin(line);
  }

  #begin(line: string): void {
    if (isBlank(line)) return;
    const [fence, marker] = [fenceOf(line), markerOf(line)];
    if (fence) {
      this.#openFence(fence);
      return;
    }
    this.#list = marker && new OpenList(line, marker);
    this.#kind = marker ? "list" : isQuote(line) ? "quote" : indentOf(line) >= 4 ? "indented" : "text";
    this.#append(line);
    if (isHeading(line) || isRule(line)) this.#seal();
  }

  #openFence(fence: Fence): void {
    this.#kind = "fence";
    this.#fence = fence;
    this.#joined = false;
    this.#sink.fenceOpened(fence.info, this.#levels.depth);
  }

  #fenceLine(line: string): void {
    const closed = !this.#midLine && this.#fence && closes(line, this.#fence);
    this.#midLine = false;
    if (!closed) {
      this.#sink.fenceText(`${line}\n`);
      return;
    }
    this.#sink.fenceClosed();
    this.#kind = "none";
    this.#fence = undefined;
  }

  /** Hands on an unfinished line of code, unless it may still close the fence. */
  #handOn(): void {
    if (this.#line === "") return;
    const line = this.#midLine ? this.#line : this.#levels.strip(this.#line);
    if (!this.#midLine && this.#fence && mayClose(line, this.#fence)) return;
    this.#sink.fenceText(line);
    this.#midLine = true;
    this.#line = "";
  }

  #textLine(line: string): void {
    const text = this.#kind === "text";
    if (isBlank(line)) this.#seal();
    else if (text && isTableHead(this.#lastLine, line)) this.#beginTable(line);
    else if (text && isUnderline(line)) this.#sealWith(line);
    else if (interrupts(line)) this.#beginAnew(line);
    else this.#append(line);
  }

  #sealWith(line: string): void {
    this.#append(line);
    this.#seal();
  }

  /** The line before was a header row: what came before that is a paragraph. */
  #beginTable(line: string): void {
    const header = `${this.#lastLine}\n`;
    this.#open = this.#open.slice(0, Math.max(0, this.#open.length - header.length));
    this.#seal();
    this.#kind = "table";
    this.#head = `${header}${line}\n`;
  }

  #indentedLine(line: string): void {
    if (!isBlank(line) && indentOf(line) < 4) this.#beginAnew(line);
    else this.#append(line);
  }

  #quoteLine(line: string): void {
    if (isBlank(line)) this.#seal();
    else if (!isQuote(line) && interrupts(line)) this.#beginAnew(line);
    else this.#append(line);
  }

  #listLine(line: string): void {
    if (this.#list?.takes(line, this.#open.length)) this.#append(line);
    else this.#beginAnew(line);
  }

  /** Seals a piece of the open block when the tail has grown past the cap. */
  #cap(): void {
    const cap = this.#kind === "text" || this.#kind === "none" ? CAP : CAP_OF_ROWS;
    if (this.#kind === "fence" || this.#open.length + this.#line.length <= cap) return;
    if (this.#kind === "list" && this.#list) this.#capList(this.#list);
    else if (this.#open !== "") this.#sealPiece(this.#open.length);
    if (this.#fence) this.#handOn();
    else while (this.#line.length > CAP) this.#cutLine();
  }

  /** Seals the first `length` characters of the open block; the rest goes on as the same kind. */
  #sealPiece(length: number): void {
    const [kind, rest] = [this.#kind, this.#open.slice(length)];
    this.#open = this.#open.slice(0, length);
    this.#seal();
    this.#open = rest;
    this.#kind = kind;
    this.#joined = true;
  }

  /** Seals all items but the last; cuts the last when it alone is past the cap. */
  #capList(list: OpenList): void {
    if (list.lastItem > 0) {
      this.#sealPiece(list.lastItem);
      list.keepLast();
    }
    if (this.#open.length > CAP) this.#cutItem(list);
  }

  /** What follows in this item is read as blocks of their own, one level deeper. */
  #cutItem({ content, inner }: OpenList): void {
    this.#seal();
    this.#levels.enter(content);
    this.#joined = true;
    if (!inner) return;
    this.#levels.enter(inner.indent - content);
    this.#openFence(inner);
  }

  /** One line alone is past the cap: it is cut after a word, and goes on as what it was. */
  #cutLine(): void {
    const at = cutOf(this.#line, CAP);
    const [quote, list] = [this.#kind === "quote", this.#kind === "list" ? this.#list : undefined];
    const rest = this.#line.slice(at);
    if (this.#kind === "none") this.#kind = "text";
    this.#open += this.#levels.strip(this.#line.slice(0, at));
    this.#seal();
    if (list) this.#levels.enter(list.content);
    this.#kind = quote ? "quote" : "text";
    this.#joined = true;
    this.#line = this.#levels.indent() + (quote ? "> " : "") + rest;
  }
}
