// Answers that are neither words nor pictures, as rows of a small table; and a sound as long as no tab plays it.
import type { RunInput, RunOutput } from "../bindings";
import { bytesOf } from "../shared/figures";

/** A row: what it is, where it stands or what belongs to it, how sure the model is. */
export interface AnswerRow {
  label: string;
  detail?: string;
  score?: number | undefined;
}

/** The rows of an answer that is a table; undefined for every other. */
export function rowsOf(input: RunInput, output: RunOutput): AnswerRow[] | undefined {
  switch (output.task) {
    case "text_classification":
    case "image_classification":
    case "zero_shot_classification":
    case "zero_shot_image_classification":
      return output.labels;
    case "token_classification":
      return output.entities.map(({ word, entity_group, entity, score }) => ({
        ...{ label: word, score },
        detail: entity_group ?? entity ?? "",
      }));
    case "object_detection":
      return output.objects.map(({ label, score, box }) => ({ label, score, detail: place(box) }));
    case "visual_question_answering":
    case "question_answering":
      return output.answers.map(({ answer, score }) => ({ label: answer || "No answer", score }));
    case "fill_mask":
      return output.masks.flatMap((words, gap) =>
        words.map(({ token_str, sequence, score }) => ({
          ...{ label: token_str, score },
          detail: output.masks.length > 1 ? `Gap ${gap + 1}` : sequence,
        })),
      );
    case "sentence_similarity":
      return output.scores.map((score, at) => ({ label: other(input, at), score }));
    default:
      return undefined;
  }
}

function place(box: { xmin: number; ymin: number; xmax: number; ymax: number }): string {
  return `${box.xmin}, ${box.ymin} to ${box.xmax}, ${box.ymax}`;
}

function other(input: RunInput, at: number): string {
  const sentences = input.task === "sentence_similarity" ? input.other_sentences : [];
  return sentences[at] ?? `Sentence ${at + 1}`;
}

/** A piece of speech with its time, in seconds. */
export interface Spoken {
  time: string;
  text: string;
}

const seconds = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What was said when, where the server told it. */
export function spokenIn(output: RunOutput): Spoken[] {
  if (output.task !== "automatic_speech_recognition") return [];
  return (output.chunks ?? []).map(({ text, timestamp: [from, to] }) => ({
    text,
    time: `${from === null ? "" : seconds.format(from)} – ${to === null ? "" : `${seconds.format(to)} s`}`.trim(),
  }));
}

/** What numbers came, in words: thousands of them say nothing by themselves. */
export function numbersIn(output: RunOutput): string {
  if (output.task !== "feature_extraction") return "";
  const [first] = output.embeddings;
  const many = output.embeddings.length === 1 ? "One embedding" : `${output.embeddings.length} embeddings`;
  return `${many} of ${first?.length ?? 0} numbers.`;
}

const KINDS: Record<string, string> = {
  "x-wav": "WAV",
  wave: "WAV",
  mpeg: "MP3",
  "x-flac": "FLAC",
  mp4: "M4A",
};

/** A sound by its address: "A sound, 12 kB, WAV". The size is known where the address holds the bytes. */
export function soundIn(address: string): string {
  const [, type] = /^data:audio\/([^;,]+)/.exec(address) ?? [];
  const name = type ?? /\.(\w+)$/.exec(address)?.[1] ?? "";
  const size = type ? bytesOf(decodedLength(address)) : "";
  return ["A sound", size, KINDS[name] ?? name.toUpperCase()].filter(Boolean).join(", ");
}

/** Bytes behind a base64 address. */
function decodedLength(address: string): number {
  const data = address.length - address.indexOf(",") - 1;
  const padding = address.endsWith("==") ? 2 : Number(address.endsWith("="));
  return Math.floor((data * 3) / 4) - padding;
}
