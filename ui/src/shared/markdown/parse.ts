// Markdown to marked's tokens. HTML is never recognised: it stays the text that it is.
import { Lexer, Marked, type MarkedExtension, type Token, type Tokens, type TokensList } from "marked";

/** Link definitions (`[name]: url`) met so far. */
export type Links = TokensList["links"];

/** A footnote's sign, `[^1]`. */
export interface Footnote extends Tokens.Generic {
  type: "footnote";
  label: string;
}

const lineBreak = {
  name: "lineBreak",
  level: "inline" as const,
  start: (source: string) => source.search(/<br/i),
  tokenizer(source: string) {
    const match = /^<br[ \t]*\/?>/i.exec(source);
    return match ? { type: "br", raw: match[0] } : undefined;
  },
};

const footnote = {
  name: "footnote",
  level: "inline" as const,
  start: (source: string) => source.indexOf("[^"),
  tokenizer(source: string) {
    const match = /^\[\^([\w-]{1,40})\](?!\()/.exec(source);
    return match ? { type: "footnote", raw: match[0], label: match[1] ?? "" } : undefined;
  },
};

const rules: MarkedExtension = {
  gfm: true,
  // A line of verse ends where the model ended it.
  breaks: true,
  extensions: [lineBreak, footnote],
  tokenizer: {
    html: () => undefined,
    tag: () => undefined,
    // A footnote's text is no link definition; `false` asks marked's own rule.
    def: (source) => (/^ {0,3}\[\^/.test(source) ? undefined : false),
  },
};

const marked = new Marked(rules);

/** No link definitions yet. */
export function noLinks(): Links {
  return Object.create(null);
}

/** The tokens of one block; definitions in it are added to `links`. */
export function parse(source: string, links: Links): Token[] {
  const lexer = new Lexer(marked.defaults);
  lexer.tokens.links = links;
  return lexer.lex(source);
}
