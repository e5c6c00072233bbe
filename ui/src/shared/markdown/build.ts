// Tokens to elements. Nothing here reads HTML: each element comes from this closed list of names, each text is
// a text node, and no attribute but those written here is ever set. So no script, no form, no fetch can come in.
import type { MarkedToken, Token, Tokens } from "marked";
import { CodeBlock } from "./code";
import { decode } from "./entities";
import { pictureSource, safeLink } from "./links";
import type { Footnote } from "./parse";

/** The only elements that an answer can become. */
export const ELEMENTS = [
  ...["p", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "hr", "br", "strong", "em", "del"],
  ...["code", "pre", "a", "span", "sup", "div", "table", "thead", "tbody", "tr", "th", "td", "button"],
  ...["colgroup", "col"],
] as const;
/** The only attributes that they can have. */
export const ATTRIBUTES = [
  "aria-label",
  "class",
  "data-depth",
  "data-href",
  "data-joined",
  "dir",
  "role",
].concat([...["start", "tabindex", "title", "type", "scope", "width"]]);

/** Deeper than this, text stays text. */
const DEEPEST = 24;

function make<K extends keyof HTMLElementTagNameMap>(name: K, className = ""): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  if (className) element.className = className;
  return element;
}

/** A text block that finds its own direction. */
function block<K extends keyof HTMLElementTagNameMap>(name: K, className = ""): HTMLElementTagNameMap[K] {
  const element = make(name, className);
  element.dir = "auto";
  return element;
}

/** What all builders need to know. */
export interface Building {
  /** The block is over: its code may be highlighted. */
  sealed: boolean;
  /** The number that the first ordered list begins with, when it goes on from a piece before. */
  start?: number | undefined;
}

/** Builds a block's tokens. */
export function build(tokens: Token[], how: Building): DocumentFragment {
  const fragment = document.createDocumentFragment();
  addAll(fragment, tokens, how, 0);
  return fragment;
}

function addAll(parent: Node, tokens: readonly Token[], how: Building, depth: number): void {
  for (const token of tokens) add(parent, token, how, depth);
}

function add(parent: Node, token: Token, how: Building, depth: number): void {
  if (depth > DEEPEST) parent.appendChild(document.createTextNode(token.raw));
  else if (token.type === "footnote") parent.appendChild(footnote(token as Footnote));
  else addKnown(parent, token as MarkedToken, how, depth);
}

function addKnown(parent: Node, token: MarkedToken, how: Building, depth: number): void {
  const filled = <T extends HTMLElement>(element: T, tokens: readonly Token[]): T => {
    addAll(element, tokens, how, depth + 1);
    parent.appendChild(element);
    return element;
  };
  switch (token.type) {
    case "paragraph":
      return void filled(block("p"), token.tokens);
    case "heading":
      return void filled(block(headingOf(token.depth), `h${token.depth}`), token.tokens);
    case "blockquote":
      return void filled(block("blockquote"), token.tokens);
    case "strong":
    case "em":
    case "del":
      return void filled(make(token.type), token.tokens);
    case "link":
      return void parent.appendChild(link(token, filled));
    case "text":
      if (token.tokens) addAll(parent, token.tokens, how, depth + 1);
      else addText(parent, token);
      return;
    case "list":
      return void parent.appendChild(list(token, how, depth));
    case "table":
      return void parent.appendChild(table(token, how, depth));
    case "code":
      return void parent.appendChild(code(token, how));
    case "space":
    case "def":
      return;
    default:
      parent.appendChild(leaf(token));
  }
}

function headingOf(depth: number): "h3" | "h4" | "h5" | "h6" {
  return depth === 1 ? "h3" : depth === 2 ? "h4" : depth === 3 ? "h5" : "h6";
}

function addText(parent: Node, token: Tokens.Text): void {
  // The text of an address written out (marked leaves `escaped` away there) is literal.
  const text = token.escaped === undefined ? token.text : decode(token.text);
  parent.appendChild(document.createTextNode(text));
}

/** A link has no address that the page could follow: the press on it is caught, and asks first. */
function link(token: Tokens.Link, filled: (element: HTMLElement, tokens: readonly Token[]) => Node): Node {
  const url = safeLink(token.autolink ? token.href : decode(token.href));
  if (!url) return document.createTextNode(decode(token.raw));
  const element = make("a");
  element.setAttribute("role", "link");
  element.tabIndex = 0;
  element.dataset.href = url.href;
  element.title = token.title ? `${decode(token.title)}\n${url.href}` : url.href;
  return filled(element, token.tokens);
}

function leaf(token: MarkedToken): Node {
  if (token.type === "hr" || token.type === "br") return make(token.type);
  if (token.type === "image") return picture(token);
  if (token.type === "checkbox") return checkbox(token.checked);
  if (token.type !== "codespan") return document.createTextNode("text" in token ? token.text : token.raw);
  const span = make("code");
  span.textContent = token.text;
  return span;
}

/** A picture is never fetched: its place says where it would come from. */
function picture(token: Tokens.Image): HTMLElement {
  const place = make("span", "picture");
  const alt = decode(token.text).trim();
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", alt || "Picture");
  place.title = decode(token.href).slice(0, 500);
  place.textContent = `${alt || "Picture"} (not loaded, ${pictureSource(decode(token.href))})`;
  return place;
}

function checkbox(checked: boolean): HTMLElement {
  const box = make("span", checked ? "check done" : "check");
  box.setAttribute("role", "img");
  box.setAttribute("aria-label", checked ? "Done" : "To do");
  return box;
}

function footnote(token: Footnote): HTMLElement {
  const sign = make("sup");
  sign.textContent = token.label;
  return sign;
}

function list(token: Tokens.List, how: Building, depth: number): HTMLElement {
  const element = make(token.ordered ? "ol" : "ul");
  const start = depth === 0 ? (how.start ?? token.start) : token.start;
  if (token.ordered && start !== 1 && start !== "") element.setAttribute("start", String(start));
  for (const item of token.items) {
    const row = block("li", item.task ? "task" : "");
    addAll(row, item.tokens, how, depth + 1);
    element.appendChild(row);
  }
  return element;
}

function code(token: Tokens.Code, how: Building): HTMLElement {
  const shown = new CodeBlock(token.lang ?? "");
  shown.append(`${token.text}\n`);
  if (how.sealed) shown.seal();
  return shown.element;
}

function table(token: Tokens.Table, how: Building, depth: number): HTMLElement {
  const element = make("table");
  const [head, body] = [make("thead"), make("tbody")];
  head.appendChild(tableRow(token.header, how, depth));
  for (const cells of token.rows) body.appendChild(tableRow(cells, how, depth));
  element.append(head, body);
  const box = make("div", "table");
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Table");
  box.appendChild(element);
  return box;
}

function tableRow(cells: Tokens.TableCell[], how: Building, depth: number): HTMLElement {
  const row = make("tr");
  for (const cell of cells) {
    const element = block(cell.header ? "th" : "td", cell.align ? `to-${cell.align}` : "");
    if (cell.header) element.setAttribute("scope", "col");
    addAll(element, cell.tokens, how, depth + 1);
    row.appendChild(element);
  }
  return row;
}
