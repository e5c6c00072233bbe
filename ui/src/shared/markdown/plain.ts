// Markdown as it is read aloud: the words alone, without signs, code and addresses.
import type { Token, Tokens } from "marked";
import { noLinks, parse } from "./parse";

/** The words of a formatted text; a block of code is left out. */
export function plainText(markdown: string): string {
  return blocks(parse(markdown, noLinks())).join("\n").trim();
}

function blocks(tokens: Token[]): string[] {
  return tokens.map(block).filter((text) => text.trim() !== "");
}

function block(token: Token): string {
  switch (token.type) {
    case "space":
    case "hr":
    case "code":
    case "def":
      return "";
    case "list":
      return blocks((token as Tokens.List).items).join("\n");
    case "blockquote":
    case "list_item":
      return blocks(token.tokens ?? []).join("\n");
    case "table":
      return rows(token as Tokens.Table).join("\n");
    default:
      return inline(token);
  }
}

function rows({ header, rows: body }: Tokens.Table): string[] {
  return [header, ...body].map((row) => `${row.map((cell) => cell.tokens.map(inline).join("")).join(", ")}.`);
}

/** Words within a line; a picture says what it shows. */
function inline(token: Token): string {
  if (token.type === "br") return "\n";
  if (token.type === "footnote") return "";
  if ("tokens" in token && token.tokens) return token.tokens.map(inline).join("");
  return "text" in token && typeof token.text === "string" ? token.text : "";
}
