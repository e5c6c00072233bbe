// Words of History: marked hits, states, tasks, numbers of things, the parameters that a run set.
import type { RunInput, RunState } from "../bindings";
import { scoreWords } from "../shared/scores";

/** A piece of text, and whether it is what was searched. */
export interface Piece {
  text: string;
  hit: boolean;
}

/** The text in pieces, with every word of the query marked. */
export function hits(text: string, query: string): Piece[] {
  const words = query.split(/\s+/).filter(Boolean).map(escaped);
  if (words.length === 0) return [{ text, hit: false }];
  return text
    .split(new RegExp(`(${words.join("|")})`, "giu"))
    .map((piece, index) => ({ text: piece, hit: index % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** Signs of Markdown that say nothing in a line: fences of code, headings, what is bold or code within words. */
const SIGNS = /```\w*\s?|^#{1,6} |\*\*(?=\S)([^*\n]*[^*\s])\*\*|`([^`\n]+)`/gm;

/** An answer as a line of the list: without the signs of its Markdown, the rows of a table beside each other. */
export function answerLine(answer: string): string {
  const table = /^\d\.\d{4} /.test(answer);
  if (table) return answer.split("\n").map(rowLine).join(" · ");
  return answer.replace(SIGNS, (_, bold?: string, code?: string) => bold ?? code ?? "");
}

/** A row of a table as Classify shows it, "a cat 94.0%"; as it is where its score is no share. */
function rowLine(row: string): string {
  const [, score, label] = /^([01]\.\d{4}) (.+)$/.exec(row) ?? [];
  return score && label && Number(score) <= 1 ? `${label} ${scoreWords(Number(score))}` : row;
}

/** A state as people say it. */
export const STATES: Record<RunState, string> = {
  waiting: "Waiting",
  running: "Running",
  done: "Done",
  failed: "Failed",
  cancelled: "Stopped",
  interrupted: "Interrupted",
};

/** A task as people say it. */
export function taskName(task: string): string {
  return TASKS[task as RunInput["task"]] ?? task;
}

/** Tasks that Text and Vision share. */
type Shared = "chat_completion" | "text_generation";

function isShared(task: string): task is Shared {
  return task === "chat_completion" || task === "text_generation";
}

/** A run by what it was: a chat about pictures is Vision's. */
export function runName(task: string, sees: boolean): string {
  return sees && isShared(task) ? "Vision" : taskName(task);
}

/** What the filter lists: a task, or of a shared one the runs about pictures. */
export type Kind = RunInput["task"] | `sees:${Shared}`;

/** A kind as people say it. */
export function kindName(kind: string): string {
  const { task, sees } = kindOf(kind);
  return sees ? `${taskName(task)} about pictures` : taskName(task);
}

/** What a kind asks of Rust. */
export function kindOf(kind: string): { task: string; sees?: boolean } {
  const task = kind.replace(/^sees:/, "");
  return isShared(task) ? { task, sees: task !== kind } : { task };
}

/** How near in meaning, from 0 to 1, as people say it; as the built-in model measures it. */
export function nearWords(nearness: number): string {
  if (nearness >= 0.6) return "Very near";
  return nearness >= 0.35 ? "Near" : "Loosely";
}

/** Kinds of runs as the filter lists them: by what they are about. */
export const KIND_GROUPS: [name: string, kinds: Kind[]][] = [
  ["Text", ["chat_completion", "text_generation", "summarization", "translation", "fill_mask"]],
  ["Pictures", ["text_to_image", "image_to_image"]],
  [
    "Vision",
    [
      ...(["sees:chat_completion", "sees:text_generation"] as const),
      ...(["image_to_text", "visual_question_answering", "object_detection"] as const),
    ],
  ],
  ["Sound", ["text_to_speech", "automatic_speech_recognition"]],
  [
    "Labels",
    [
      ...(["text_classification", "token_classification", "zero_shot_classification"] as const),
      ...(["image_classification", "zero_shot_image_classification"] as const),
    ],
  ],
  ["More", ["question_answering", "sentence_similarity", "feature_extraction"]],
];

const TASKS: Record<RunInput["task"], string> = {
  chat_completion: "Chat",
  text_generation: "Completion",
  text_to_image: "Image",
  image_to_image: "Image from image",
  text_to_speech: "Speech",
  automatic_speech_recognition: "Transcript",
  image_to_text: "Caption",
  visual_question_answering: "Question about a picture",
  image_classification: "Picture labels",
  zero_shot_image_classification: "Picture, your labels",
  object_detection: "Things in a picture",
  text_classification: "Text labels",
  token_classification: "Names in a text",
  zero_shot_classification: "Text, your labels",
  summarization: "Summary",
  translation: "Translation",
  fill_mask: "Fill the gap",
  question_answering: "Question about a text",
  feature_extraction: "Embedding",
  sentence_similarity: "Similarity",
};

const whole = new Intl.NumberFormat();

/** "1 run", "1,204 pictures". */
export function counted(count: number, thing: string): string {
  return `${whole.format(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** What the prompt shows by itself. */
const NOT_PARAMETERS = new Set([
  "task",
  "model",
  "messages",
  "prompt",
  "text",
  "question",
  "sentence",
  "image",
  "audio",
  "context",
  "other_sentences",
]);

function isSet(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

/** The parameters that a run set, by their names on the wire. */
export function parametersOf(input: RunInput): [name: string, value: string][] {
  return Object.entries(input)
    .filter(([name, value]) => !NOT_PARAMETERS.has(name) && isSet(value))
    .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value)]);
}
