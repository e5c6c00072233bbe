// The parameters of classification: plain words, and why one does not count where a run goes. `undefined` is "default"
// and sends nothing.
import type { AggregationStrategy, OutputTransform } from "../../bindings";
import type { NumberSpec } from "../../parameters/specs";

/** What the person has set; what is missing is left out of the request. The names are `huggingface_hub`'s. */
export interface Values {
  /** Labels at most, from 1. */
  top_k?: number;
  function_to_apply?: OutputTransform;
  aggregation_strategy?: AggregationStrategy;
  ignore_labels?: string[];
  /** Tokens that the parts of a long text have in common. */
  stride?: number;
  multi_label?: boolean;
  /** The sentence for each label, with `{}` in its place. */
  hypothesis_template?: string;
  /** 0 to 1. */
  threshold?: number;
  /** The labels to choose from. They stand in the bar, and are no default's business. */
  candidate_labels?: string[];
  /** A JSON object as typed, merged into the request. */
  extra?: string;
}

/** Every parameter that the column shows. */
export type ParameterKey = Exclude<keyof Values, "candidate_labels" | "extra">;

/** Where a run would go, as far as it decides what is ignored. */
export interface Destination {
  /** Who answers, for the reasons. */
  name: string;
  /** Names of parameters that have no effect there. */
  ignored: readonly string[];
}

/** The parameters that are numbers on a slider. */
export type NumberKey = "top_k" | "stride" | "threshold";

/** The numbers. */
export const NUMBERS: Record<NumberKey, NumberSpec<NumberKey>> = {
  top_k: {
    key: "top_k",
    label: "Top-k",
    help: "How many labels come at most. What is shown is chosen above the bars.",
    ...{ min: 1, max: 10_000, step: 1, sliderMax: 50, rest: 5 },
  },
  stride: {
    key: "stride",
    label: "Stride",
    help: "A text that is too long for the model is read in parts. So many tokens belong to two of them.",
    ...{ min: 0, max: 4_096, step: 1, sliderMax: 256, rest: 0 },
  },
  threshold: {
    key: "threshold",
    label: "Threshold",
    help: "How sure the model must be to name a thing at all. What is shown of that is chosen below the picture.",
    ...{ min: 0, max: 1, step: 0.01, sliderMax: 1, rest: 0.5 },
  },
};

/** The words for the parameters that are not numbers on a slider. */
export const WORDS = {
  function_to_apply: {
    label: "Scores by",
    help: "Softmax makes shares that add up to 1, sigmoid judges each label alone, none leaves the model's numbers.",
  },
  aggregation_strategy: {
    label: "Pieces of words",
    help: "How pieces of a word become one mark: simple joins what belongs together, none shows every piece.",
  },
  ignore_labels: {
    label: "Ignore labels",
    help: "Labels that are of no interest, such as O. Enter adds one.",
  },
  multi_label: {
    label: "Multi-label",
    help: "On judges each label alone, so that several can be true; off shares 100% among them.",
  },
  hypothesis_template: {
    label: "Hypothesis",
    help: "The sentence that each label is put into, in place of its {}: “This text is about {}.”",
  },
  extra: { label: "Extra JSON", help: 'More keys for the request, such as {"return_all_scores": true}.' },
} as const;

/** What a choice can be. */
export const CHOICES = {
  function_to_apply: ["softmax", "sigmoid", "none"],
  aggregation_strategy: ["none", "simple", "first", "average", "max"],
} as const;

/** Sentences for a label that work well. */
export const TEMPLATES = {
  text: ["This text is about {}.", "This example is {}.", "The sentiment of this text is {}."],
  picture: ["This is a photo of {}.", "A drawing of {}."],
} as const;

const NAMES: Record<ParameterKey, string> = {
  top_k: "top-k",
  function_to_apply: "how scores are made",
  aggregation_strategy: "how pieces are joined",
  ignore_labels: "labels to ignore",
  stride: "the stride",
  multi_label: "multi-label",
  hypothesis_template: "the hypothesis",
  threshold: "the threshold",
};

/** Why a parameter would be ignored there; undefined where it counts. */
export function ignored(key: ParameterKey, { name, ignored: names }: Destination): string | undefined {
  return names.includes(key) ? `${name} ignores ${NAMES[key]}.` : undefined;
}

/** What is wrong with a hypothesis, one sentence; empty when it can be sent. */
export function templateProblem(template: string | undefined): string {
  if (!template?.trim() || template.includes("{}")) return "";
  return "Write {} where the label goes.";
}
