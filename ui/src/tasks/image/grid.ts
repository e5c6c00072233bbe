// A grid over two parameters: what is typed for each axis, and the pictures that come of it. Pure.

import type { Family } from "./families";
import type { Asked } from "./request";
import { MOST_SIDE, readSize, shownSize } from "./sizes";
import { limitsOf } from "./specs";

/** What an axis can go over. */
export type AxisKey =
  | "num_inference_steps"
  | "guidance_scale"
  | "seed"
  | "size"
  | "scheduler"
  | "model"
  | "prompt"
  | "negative_prompt";

/** An axis as the person sets it; no key is no axis. */
export interface Axis {
  key: AxisKey | "";
  /** What is typed. */
  text: string;
}

/** One place on an axis. */
interface Stop {
  label: string;
  at: (asked: Asked) => Asked;
}

/** An axis that was read: its places, or what is wrong with it in one sentence. */
export interface Read {
  stops: Stop[];
  problem: string;
}

/** A grid that can be run: a picture for each row and column. */
export interface Cells {
  columns: string[];
  rows: string[];
  /** Row by row. */
  cells: Asked[];
}

/** More pictures than this are asked about first. */
export const MANY = 25;
/** More than this are not made at once. */
export const MOST_CELLS = 200;

/** What each axis is called and how its values are typed. */
export const AXES: Record<AxisKey, { title: string; example: string }> = {
  num_inference_steps: { title: "Steps", example: "10, 20, 30 or 10-50:10" },
  guidance_scale: { title: "Guidance", example: "1-10:3 or 2.5, 5, 7.5" },
  seed: { title: "Seed", example: "1-4 or 7, 42" },
  size: { title: "Size", example: "1024x1024, 832x1216" },
  scheduler: { title: "Scheduler", example: "DDIMScheduler, EulerDiscreteScheduler" },
  model: { title: "Model", example: "org/one, org/two" },
  prompt: { title: "Words of the prompt", example: "red, green, blue: the first is replaced" },
  negative_prompt: { title: "Negative prompt", example: 'blurry, "text, letters"' },
};

const NUMBERS = ["num_inference_steps", "guidance_scale", "seed"] as const;
type NumberAxis = (typeof NUMBERS)[number];

/** Reads what is typed for an axis, of which the family takes only a part. */
export function readAxis({ key, text }: Axis, prompt: string, family: Family): Read {
  if (key === "") return { stops: [], problem: "" };
  const items = listOf(text);
  if (items.length === 0) return wrong(`Type values for ${AXES[key].title.toLowerCase()}.`);
  if (key === "prompt") return replacing(items, prompt);
  if (key === "size") return sizes(items, family.longest ?? MOST_SIDE);
  const number = NUMBERS.find((each) => each === key);
  if (number) return numbers(number, items, family);
  return good(items.map((label) => ({ label, at: (asked: Asked) => withWord(asked, key, label) })));
}

/** The pictures of a grid, row by row; an axis that is not there has one place without a name. */
export function cellsOf(asked: Asked, x: Read, y: Read): Cells {
  const across = x.stops.length > 0 ? x.stops : [STAY];
  const down = y.stops.length > 0 ? y.stops : [STAY];
  return {
    columns: across.map((stop) => stop.label),
    rows: down.map((stop) => stop.label),
    cells: down.flatMap((row) => across.map((column) => column.at(row.at(asked)))),
  };
}

/** The parts of a list: commas part them, but not within double quotes. */
export function listOf(text: string): string[] {
  const parts = text.match(/\s*"[^"]*"[^,]*|[^,]+/g) ?? [];
  const bare = parts.map((part) =>
    part
      .trim()
      .replace(/^"([^"]*)"$/, "$1")
      .trim(),
  );
  return [...new Set(bare)].filter(Boolean);
}

/** "1-10:3" as 1, 4, 7, 10; a number as itself; undefined when it is neither. */
export function rangeOf(text: string): number[] | undefined {
  const found = /^(\d+(?:\.\d+)?)(?:\s*-\s*(\d+(?:\.\d+)?)(?:\s*:\s*(\d+(?:\.\d+)?))?)?$/.exec(text);
  if (!found) return undefined;
  const [from, to, by] = [Number(found[1]), Number(found[2] ?? found[1]), Number(found[3] ?? 1)];
  if (by <= 0 || to < from) return undefined;
  const count = Math.min(MOST_CELLS + 1, Math.floor((to - from) / by + 1e-9) + 1);
  return Array.from({ length: count }, (_, at) => Number((from + at * by).toFixed(4)));
}

const STAY: Stop = { label: "", at: (asked) => asked };

function numbers(key: NumberAxis, items: string[], family: Family): Read {
  const found: number[] = [];
  for (const item of items) {
    const some = rangeOf(item);
    if (!some) return wrong(`“${item}” is no number and no range such as 1-10:3.`);
    found.push(...some);
  }
  const { min, max } = { seed: { min: 0, max: 2 ** 32 - 1 }, ...limitsOf(family) }[key];
  const odd = found.find((number) => number < min || number > max);
  if (odd !== undefined) return wrong(`${odd} is out of bounds: ${min} to ${max}.`);
  const whole = key === "guidance_scale" ? found : found.map(Math.round);
  return good(
    [...new Set(whole)].map((number) => ({
      label: String(number),
      at: (asked) => ({ ...asked, values: { ...asked.values, [key]: number } }),
    })),
  );
}

function sizes(items: string[], longest: number): Read {
  const stops: Stop[] = [];
  for (const item of items) {
    const size = readSize(item);
    if (!size) return wrong(`“${item}” is no size such as 1024x768.`);
    if (Math.max(size.width, size.height) > longest)
      return wrong(`${shownSize(size)} is too large: ${longest} at most a side.`);
    stops.push({
      label: shownSize(size),
      at: (asked) => ({ ...asked, values: { ...asked.values, ...size } }),
    });
  }
  return good(stops);
}

/** The first word is looked for, and each word stands in its place once. */
function replacing(items: string[], prompt: string): Read {
  const [first = ""] = items;
  if (!prompt.includes(first)) return wrong(`The prompt does not contain “${first}”.`);
  return good(
    items.map((label) => ({
      label,
      at: (asked) => ({ ...asked, prompt: asked.prompt.replaceAll(first, label) }),
    })),
  );
}

function withWord(asked: Asked, key: AxisKey, word: string): Asked {
  if (key === "model") return { ...asked, model: word };
  if (key === "negative_prompt") return { ...asked, negative: word };
  return { ...asked, values: { ...asked.values, scheduler: word } };
}

function good(stops: Stop[]): Read {
  if (stops.length > MOST_CELLS) return wrong(`These are more than ${MOST_CELLS} values.`);
  return { stops, problem: "" };
}

function wrong(problem: string): Read {
  return { stops: [], problem };
}
