// From what the person set to what is sent, and back. What is unset or ignored there is left out.
import { whatCounts } from "../../parameters/request";
import type { SpeakingTask } from "../../runs/output";
import { type Destination, ignored, type ParameterKey, type Values } from "./specs";

/** What one text is asked with. */
export interface Asked {
  model: string;
  text: string;
  /** What the model calls the voice; empty for its own. */
  voice: string;
  values: Values;
}

/** The values that are set and count at the destination. */
export function counting(values: Values, to: Destination): Values {
  return whatCounts(values, (key) => ignored(key as ParameterKey, to) !== undefined);
}

/** How many parameters are set and count. */
export function countSet(values: Values, to: Destination): number {
  return Object.keys(counting(values, to)).length;
}

/** What is sent. Every provider names its own voices and numbers, so all of it goes beside the text. */
export function inputOf({ model, text, voice, values }: Asked, to: Destination): SpeakingTask {
  const { extra, ...set } = counting(values, to);
  const more = extra ? (JSON.parse(extra) as Record<string, unknown>) : {};
  const spoken = voice.trim() && !ignored("voice", to) ? { voice: voice.trim() } : {};
  return { task: "text_to_speech", model, text, extra_body: { ...spoken, ...set, ...more } };
}

const NUMBERS = ["speed", "text_temp", "waveform_temp", "seed"] as const;

/** What the tab must hold to ask the same again. */
export function askedBy({ model, text, extra_body = {} }: SpeakingTask): Asked {
  const { voice, ...rest } = extra_body;
  const values: Values = {};
  const more: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(rest)) {
    const known = NUMBERS.find((each) => each === key);
    if (known && typeof value === "number") values[known] = value;
    else more[key] = value;
  }
  if (Object.keys(more).length > 0) values.extra = JSON.stringify(more, null, 2);
  return { model, text, voice: typeof voice === "string" ? voice : "", values };
}
