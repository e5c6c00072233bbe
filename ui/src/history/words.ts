// Words of History: marked hits, states, tasks, the parameters that a run set.
import type { RunInput, RunState } from "../bindings";

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

/** A line of an answer without the fences of its code. */
export function unfenced(answer: string): string {
  return answer.replace(/```\w*\s?/g, "");
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
