// How kinds of things are told apart: by a colour, a line and, after eight, a number. The word always stands beside.

/** How one kind is drawn. */
export interface Look {
  /** A colour of the tokens. */
  colour: string;
  line: "solid" | "dashed" | "dotted" | "double";
  /** From 2 on, where colour and line have come before; empty for the first eight. */
  number: string;
}

const COLOURS = 8;
const LINES = ["solid", "dashed", "dotted", "double"] as const;

/** The look of each kind, in the order in which the kinds first come. */
export function looksOf(kinds: Iterable<string>): Map<string, Look> {
  const looks = new Map<string, Look>();
  for (const kind of kinds) {
    if (looks.has(kind)) continue;
    const at = looks.size;
    const round = Math.floor(at / COLOURS) + 1;
    looks.set(kind, {
      colour: `var(--kind-${(at % COLOURS) + 1})`,
      line: LINES[at % LINES.length] ?? "solid",
      number: round > 1 ? String(round) : "",
    });
  }
  return looks;
}

/** A look as the style of an element. */
export function styleOf(look: Look | undefined): string {
  return look ? `--kind: ${look.colour}; --line-style: ${look.line}` : "";
}
