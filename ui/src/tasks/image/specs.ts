// The parameters of a picture: plain words, and why one does not count where a run goes. `undefined` is "default" and
// sends nothing.
import type { NumberSpec } from "../../parameters/specs";
import type { Family, Range } from "./families";
import { fittingInto } from "./sizes";

/** The tasks of the Image tab. */
export type ImageTask = "text_to_image" | "image_to_image";

/** Smooth edges, or the pixels as they are. */
export const UPSCALES = ["smooth", "pixels"] as const;
export type Upscale = (typeof UPSCALES)[number];

/** What the person has set; what is missing is left out of the request. The names are `huggingface_hub`'s. */
export interface Values {
  width?: number;
  height?: number;
  num_inference_steps?: number;
  guidance_scale?: number;
  /** How far a picture may go from its start picture, 0 to 1. */
  strength?: number;
  scheduler?: string;
  /** How the painter's small picture is made large. */
  upscale?: Upscale;
  seed?: number;
  /** Off: each batch takes a new seed. Not sent. */
  seed_locked?: boolean;
  /** A JSON object as typed, merged into the request. */
  extra?: string;
}

/** Everything that can be ignored somewhere. */
export type ParameterKey = Exclude<keyof Values, "seed_locked" | "extra"> | "negative_prompt";

/** Where a run would go, as far as it decides what is ignored. */
export interface Destination {
  task: ImageTask;
  family: Family;
  /** Who answers, for the reasons. */
  name: string;
  /** Names of parameters that have no effect there. */
  ignored: readonly string[];
}

/** The words for each parameter. */
export const WORDS = {
  size: {
    label: "Size",
    help: "Width and height in pixels. Models paint best near the sizes that they learned; those are the forms here.",
  },
  scheduler: {
    label: "Scheduler",
    help: "How the noise is taken away, by the name of a scheduler's class. Few providers take it.",
  },
  upscale: {
    label: "Edges",
    help: "The painter's own picture is small. Smooth rounds its edges off as it is made large, pixels leaves them as squares.",
  },
  seed: {
    label: "Seed",
    help: "The same seed, prompt and settings give the same picture, where the provider honours it.",
  },
  count: {
    label: "Pictures",
    help: "How many are made, one after the other. Each gets a seed of its own, so that each can be made again.",
  },
  extra: {
    label: "Extra JSON",
    help: 'More keys for the request, such as {"max_sequence_length": 256}.',
  },
} as const;

/** Names of schedulers' classes that diffusers has. */
export const SCHEDULERS = [
  "EulerDiscreteScheduler",
  "EulerAncestralDiscreteScheduler",
  "DPMSolverMultistepScheduler",
  "UniPCMultistepScheduler",
  "DDIMScheduler",
  "LCMScheduler",
  "FlowMatchEulerDiscreteScheduler",
] as const;

/** The parameters that are numbers on a slider. */
export type NumberKey = "num_inference_steps" | "guidance_scale" | "strength";

/** What a number can be, whatever the slider shows. */
export interface Limits {
  min: number;
  max: number;
}

/** What the boxes take at a family: its hard ranges, else what any model takes. */
export function limitsOf({ steps, guidance }: Family) {
  const hard = ({ min, max, hard }: Range): Limits | undefined => (hard ? { min, max } : undefined);
  return {
    num_inference_steps: hard(steps) ?? { min: 1, max: 150 },
    guidance_scale: hard(guidance) ?? { min: 0, max: 50 },
  };
}

/** The values as a family takes them. What was set for another model and is beyond its limits stands at them. */
export function bounded(values: Values, family: Family): Values {
  const within = { ...values };
  const ranges = { num_inference_steps: family.steps, guidance_scale: family.guidance };
  for (const [key, { min, max, hard }] of Object.entries(ranges) as [keyof typeof ranges, Range][]) {
    const value = values[key];
    if (hard && value !== undefined) within[key] = Math.min(max, Math.max(min, value));
  }
  const { width, height } = values;
  const { longest, multiple } = family;
  if (longest === undefined || width === undefined || height === undefined) return within;
  return { ...within, ...fittingInto({ width, height }, longest, multiple) };
}

/** The numbers of a destination, in the order of the column. */
export function numbersOf({ family, task }: Destination): NumberSpec<NumberKey>[] {
  const steps: NumberSpec<NumberKey> = {
    key: "num_inference_steps",
    label: "Steps",
    help: "How often the picture is made a little clearer: more is finer and slower.",
    ...limitsOf(family).num_inference_steps,
    sliderMax: family.steps.max,
    rest: family.steps.rest,
    step: 1,
  };
  const guidance: NumberSpec<NumberKey> = {
    key: "guidance_scale",
    label: "Guidance",
    help: "How closely the picture follows the prompt. Too much makes it look like plastic.",
    ...limitsOf(family).guidance_scale,
    sliderMax: family.guidance.max,
    rest: family.guidance.rest,
    step: 0.1,
  };
  const strength: NumberSpec<NumberKey> = {
    key: "strength",
    label: "Strength",
    help: "How far the new picture may go from the start picture: 0 keeps it, 1 forgets it. Some models ignore it.",
    min: 0,
    max: 1,
    step: 0.01,
    sliderMax: 1,
    rest: 0.8,
  };
  return task === "image_to_image" ? [strength, steps, guidance] : [steps, guidance];
}

const NAMES: Record<ParameterKey, string> = {
  width: "size",
  height: "size",
  num_inference_steps: "steps",
  guidance_scale: "guidance",
  strength: "strength",
  scheduler: "schedulers",
  upscale: "edges",
  seed: "seeds",
  negative_prompt: "negative prompts",
};

/** Why a parameter would be ignored there; undefined where it counts. */
export function ignored(key: ParameterKey, to: Destination): string | undefined {
  const useless = key in to.family.useless ? to.family.useless[key as "negative_prompt"] : undefined;
  if (useless) return useless;
  if (key === "upscale" && !to.family.edges) return "Only the built-in painter has edges to choose.";
  if (key === "scheduler" && to.task === "image_to_image")
    return "With a start picture no scheduler can be chosen.";
  if (key === "strength" && to.task === "text_to_image") return "Strength needs a start picture.";
  const names = key === "width" || key === "height" ? ["width", "height", "target_size", "size"] : [key];
  return names.some((name) => to.ignored.includes(name)) ? `${to.name} ignores ${NAMES[key]}.` : undefined;
}
