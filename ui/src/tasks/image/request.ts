// From what the person set to what is sent, and back. What is unset or ignored there is left out.
import type { PictureSettings } from "../../bindings";
import { whatCounts } from "../../parameters/request";
import type { PaintingTask } from "../../runs/output";
import { familyOf } from "./families";
import { bounded, type Destination, ignored, type ParameterKey, UPSCALES, type Values } from "./specs";

/** What one picture is asked with. */
export interface Asked {
  model: string;
  prompt: string;
  negative: string;
  /** The `media:` address of the start picture. */
  start: string | undefined;
  values: Values;
}

/** The values that are set and count at the destination. */
export function counting(values: Values, to: Destination): Values {
  const within = bounded(values, to.family);
  const set = whatCounts(within, (key) => ignored(key as ParameterKey, to) !== undefined);
  // Half a size is none.
  if (set.width === undefined || set.height === undefined) {
    delete set.width;
    delete set.height;
  }
  return set;
}

/** How many parameters are set and count; a size is one. */
export function countSet(values: Values, to: Destination): number {
  const set = counting(values, to);
  return Object.keys(set).length - (set.width === undefined ? 0 : 1);
}

/** What is sent for one picture. */
export function inputOf(asked: Asked, to: Destination): PaintingTask {
  const { extra, upscale, ...set } = counting(asked.values, to);
  const { model, prompt } = asked;
  const negative = asked.negative.trim();
  const says = negative && !ignored("negative_prompt", to) ? { negative_prompt: negative } : {};
  const more = extra ? (JSON.parse(extra) as Record<string, unknown>) : {};
  if (asked.start === undefined)
    return {
      ...{ task: "text_to_image", model, prompt, ...says, ...set },
      ...body({ ...(upscale === undefined ? {} : { upscale }), ...more }),
    };
  const { strength, seed, width, height, scheduler: _, ...plain } = set;
  const size = width !== undefined && height !== undefined ? { target_size: { width, height } } : {};
  const own = { ...(strength === undefined ? {} : { strength }), ...(seed === undefined ? {} : { seed }) };
  const words = prompt.trim() === "" ? {} : { prompt };
  return {
    ...{ task: "image_to_image", model, image: asked.start },
    ...{ ...words, ...says, ...plain, ...size, ...body({ ...own, ...more }) },
  };
}

function body(more: Record<string, unknown>): { extra_body?: Record<string, unknown> } {
  return Object.keys(more).length > 0 ? { extra_body: more } : {};
}

/** What the tab must hold to ask the same again; `answered` is the model that answered, where another was named. */
export function askedBy(input: PaintingTask, answered = input.model): Asked {
  const { model, prompt = "", negative_prompt: negative = "", extra_body = {} } = input;
  const { num_inference_steps, guidance_scale } = input;
  if (input.task === "text_to_image") {
    const { width, height, scheduler, seed } = input;
    const values = { width, height, num_inference_steps, guidance_scale, scheduler, seed };
    const extra = extraOf(extra_body, answered);
    return { model, prompt, negative, start: undefined, values: set({ ...values, ...extra }) };
  }
  const { seed, strength, ...more } = extra_body;
  const values = { ...input.target_size, num_inference_steps, guidance_scale, extra: shown(more) };
  const own = { seed: number(seed), strength: number(strength) };
  return { model, prompt, negative, start: input.image, values: set({ ...values, ...own }) };
}

/** What the tab must hold by what a picture's file tells. The model is named as the file has it, and not taken over. */
export function askedByFile(settings: PictureSettings): Asked {
  const { prompt, negative_prompt: negative = "", model = "", software: _, ...values } = settings;
  return { model, prompt, negative, start: undefined, values: set(values) };
}

function set(values: { [K in keyof Values]?: Values[K] | undefined }): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What was sent beside the named parameters: the painter's edges have a row of their own. */
function extraOf(
  { upscale, ...more }: Record<string, unknown>,
  model: string,
): Pick<Values, "upscale" | "extra"> {
  const edges = familyOf(model).edges && UPSCALES.find((each) => each === upscale);
  if (edges) return set({ upscale: edges, extra: shown(more) });
  return set({ extra: shown(upscale === undefined ? more : { upscale, ...more }) });
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

function shown(extra: Record<string, unknown>): string | undefined {
  return Object.keys(extra).length > 0 ? JSON.stringify(extra, null, 2) : undefined;
}
