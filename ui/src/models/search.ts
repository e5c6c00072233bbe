// Finding a model among thousands: words in any order, the best first. Pure, and fast enough for each key press.
import type { ConnectionKind, ModelRow } from "../bindings";

/** Rows ready to be searched; made once per catalogue. */
export interface Index {
  rows: ModelRow[];
  /** Of each row, in lower case: its name, its id and who serves it. */
  words: string[];
}

/** Prepares rows for searching. */
export function indexed(rows: ModelRow[]): Index {
  const words = rows.map((row) =>
    `${row.name} ${row.id} ${row.providers.map((provider) => provider.name).join(" ")}`.toLowerCase(),
  );
  return { rows, words };
}

/** The rows that hold every word of `query`: those whose name begins with it first, else in their own order. */
export function find(index: Index, query: string): ModelRow[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return index.rows;
  const [first = ""] = words;
  const ranks: ModelRow[][] = [[], [], []];
  for (const [at, row] of index.rows.entries()) {
    const text = index.words[at] ?? "";
    if (words.every((word) => text.includes(word))) ranks[rank(text, row, first)]?.push(row);
  }
  return ranks.flat();
}

/**
 * The rows with those of our own: "Automatic" first while nothing is searched, where the connection can choose, and
 * what was typed as an id of its own, since no list of a network is whole.
 */
export function withOwn(found: ModelRow[], typed: string, kind: ConnectionKind): ModelRow[] {
  if (typed === "") {
    const chooses = kind !== "hugging_face" && !found.some((row) => row.id === "");
    const about = AUTOMATIC[kind];
    return chooses ? [own("", "Automatic", about), ...found] : found;
  }
  if (kind === "builtin" || kind === "space" || found.some((row) => row.id === typed)) return found;
  return [...found, own(typed, `Use “${typed}”`, "The id as you typed it")];
}

/** What answers when nothing is picked. */
const AUTOMATIC: Record<ConnectionKind, string> = {
  builtin: "The best one that is on this machine",
  hugging_face: "",
  server: "What the server answers with",
  space: "The first thing in the Space that makes pictures",
};

function own(id: string, name: string, about: string): ModelRow {
  return { id, name, about, tasks: [], vision: false, ready: true, providers: [], ignored: [] };
}

/** 0 for a name that begins with the word, 1 for one where a part does, 2 for the rest. */
function rank(text: string, row: ModelRow, word: string): number {
  if (text.startsWith(word) || row.id.toLowerCase().includes(`/${word}`)) return 0;
  return /[-_./ :]/.test(text[text.indexOf(word) - 1] ?? " ") ? 1 : 2;
}
