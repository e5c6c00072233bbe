// The parameters of the text tasks: one row each, with plain words. `undefined` is "default" and sends nothing.
import type { ConnectionKind } from "../bindings";

/** The tasks that have these parameters. */
export type TextTask = "chat_completion" | "text_generation";

/** What the person has set; what is missing is left out of the request. */
export interface Values {
  max_tokens?: number;
  temperature?: number;
  top_k?: number;
  top_p?: number;
  repetition_penalty?: number;
  do_sample?: boolean;
  seed?: number;
  /** Off: each run takes a new seed. Not sent. */
  seed_locked?: boolean;
  stop?: string[];
  stream?: boolean;
  return_full_text?: boolean;
  /** A JSON schema as typed. */
  schema?: string;
  /** A JSON object as typed, merged into the request. */
  extra?: string;
}

/** The parameters that are numbers on a slider. */
export type NumberKey = "max_tokens" | "temperature" | "top_k" | "top_p" | "repetition_penalty";

/** A number on a slider. */
export interface NumberSpec<K extends string = string> {
  key: K;
  label: string;
  help: string;
  min: number;
  /** What the box takes at most. */
  max: number;
  step: number;
  /** Where the slider ends; the box takes more. */
  sliderMax: number;
  /** Where the thumb rests while nothing is set. */
  rest: number;
}

/** The numbers, in the order of the column. */
export const NUMBERS: NumberSpec<NumberKey>[] = [
  {
    key: "max_tokens",
    label: "Max new tokens",
    help: "The longest answer, in tokens; a token is about three quarters of a word.",
    min: 1,
    max: 131_072,
    step: 1,
    sliderMax: 2048,
    rest: 512,
  },
  {
    key: "temperature",
    label: "Temperature",
    help: "Low is sober and repeatable, high is surprising. At 0 the likeliest word always wins.",
    min: 0,
    max: 2,
    step: 0.05,
    sliderMax: 2,
    rest: 0.7,
  },
  {
    key: "top_k",
    label: "Top-k",
    help: "Choose only among this many of the likeliest words. Some providers ignore it.",
    min: 1,
    max: 1000,
    step: 1,
    sliderMax: 100,
    rest: 40,
  },
  {
    key: "top_p",
    label: "Top-p",
    help: "Choose among the likeliest words that together reach this share. Lower is safer.",
    min: 0.01,
    max: 1,
    step: 0.01,
    sliderMax: 1,
    rest: 0.95,
  },
  {
    key: "repetition_penalty",
    label: "Repetition penalty",
    help: "Above 1, words that were used already become less likely. Some providers ignore it.",
    min: 0.5,
    max: 5,
    step: 0.01,
    sliderMax: 2,
    rest: 1.1,
  },
];

/** The words for the parameters that are not numbers on a slider. */
export const WORDS = {
  do_sample: {
    label: "Do sample",
    help: "On draws words by chance; off always takes the likeliest one.",
  },
  seed: {
    label: "Seed",
    help: "The same seed, prompt and settings give the same answer, where the model honours it.",
  },
  stop: {
    label: "Stop sequences",
    help: "The answer ends before any of these. Write \\n for a new line; Enter adds one.",
  },
  stream: { label: "Stream", help: "On shows the answer as it is written; off waits for all of it." },
  return_full_text: { label: "Return full text", help: "The answer begins with the prompt." },
  schema: {
    label: "JSON schema",
    help: 'The answer will be JSON of this form, such as {"type": "object"}.',
  },
  extra: {
    label: "Extra JSON",
    help: 'More keys for the request, such as {"min_p": 0.05}.',
  },
} as const;

/** Every parameter that is sent. */
export type ParameterKey = NumberKey | keyof typeof WORDS;

/** Where a run would go, as far as it decides what is ignored. */
export interface Destination {
  task: TextTask;
  kind: ConnectionKind;
  /** The provider's name, where one is fixed. */
  provider?: string | undefined;
  /** That provider takes a JSON schema. */
  structured?: boolean | undefined;
  /** All that can be sent there, and why nothing else is; undefined where the task itself decides. */
  only?: { keys: readonly ParameterKey[]; reason: string } | undefined;
}

/** Why a parameter would be ignored there; undefined where it counts. */
export function ignored(key: ParameterKey, to: Destination): string | undefined {
  if (to.only && !to.only.keys.includes(key)) return to.only.reason;
  if (to.only) return undefined;
  if (key === "do_sample" && to.task === "chat_completion")
    return "A chat has no such switch. Set the temperature to 0 to the same effect.";
  if (key === "schema" && to.structured === false) return `${to.provider} takes no JSON schema.`;
  if (key === "schema" && to.task === "text_generation" && to.kind === "hugging_face")
    return "A raw completion at Hugging Face takes no JSON schema. Chat does.";
  if (key === "stream" && to.kind === "builtin")
    return "The built-in engine always shows the answer as it is written.";
  return undefined;
}

/** Whether a task has this parameter at all. */
export function belongs(key: ParameterKey, task: TextTask): boolean {
  return key !== "return_full_text" || task === "text_generation";
}
