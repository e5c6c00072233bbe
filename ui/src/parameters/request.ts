// From what the person set to what is sent. What is unset or ignored there is left out.
import type { ChatInput, JsonValue, TextInput } from "../bindings";
import { belongs, type Destination, ignored, type ParameterKey, type Values } from "./specs";

/** What is wrong with a JSON box, one sentence; empty when it can be sent. */
export function jsonProblem(text: string | undefined): string {
  if (!text?.trim()) return "";
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? "" : "This must be a JSON object: { … }.";
  } catch (reason) {
    return `This is not JSON yet${reason instanceof Error ? `: ${reason.message}` : ""}.`;
  }
}

/** The first thing that keeps a request from being made; empty when nothing does. */
export function problem(values: Values, to: Destination): string {
  const set = counting(values, to);
  if (jsonProblem(set.schema)) return "Repair the JSON schema first.";
  return jsonProblem(set.extra) ? "Repair the extra JSON first." : "";
}

/** How many parameters are set and count. */
export function countSet(values: Values, to: Destination): number {
  return Object.keys(counting(values, to)).length;
}

/** The values that are set and count, for tabs of one task: what is ignored is left out, and extra JSON that is none. */
export function whatCounts<V extends { extra?: string | undefined }>(
  values: V,
  isIgnored: (key: keyof V) => boolean,
): V {
  const entries = Object.entries(values).filter(([key, value]) => {
    if (key === "seed_locked" || value === undefined || value === null || value === "") return false;
    if (key === "extra") return jsonProblem(values.extra) === "" && values.extra?.trim() !== "";
    return !isIgnored(key as keyof V);
  });
  return Object.fromEntries(entries) as V;
}

/** The parameters of a chat, to be added to its model and messages. */
export function chatParameters(values: Values, to: Destination): Partial<ChatInput> {
  const { schema, extra, do_sample: _, return_full_text: __, ...plain } = counting(values, to);
  const form = object(schema);
  return {
    ...plain,
    ...(form
      ? { response_format: { type: "json_schema", json_schema: { name: "answer", schema: form } } }
      : {}),
    ...withExtra(extra),
  };
}

/** The parameters of a completion, to be added to its model and prompt. */
export function textParameters(values: Values, to: Destination): Partial<TextInput> {
  const { schema, extra, max_tokens, ...plain } = counting(values, to);
  const form = object(schema);
  return {
    ...plain,
    ...(max_tokens === undefined ? {} : { max_new_tokens: max_tokens }),
    ...(form ? { grammar: { type: "json", value: form } } : {}),
    ...withExtra(extra),
  };
}

/** A seed drawn by chance, short enough to be read out. */
export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** Only what is set and counts at the destination. */
function counting(values: Values, to: Destination): Omit<Values, "seed_locked"> {
  const entries = Object.entries(values).filter(([key, value]) => {
    if (key === "seed_locked" || value === undefined || value === null || value === "") return false;
    if (Array.isArray(value) && value.length === 0) return false;
    if (typeof value === "string" && value.trim() === "") return false;
    const parameter = key as ParameterKey;
    return belongs(parameter, to.task) && ignored(parameter, to) === undefined;
  });
  return Object.fromEntries(entries);
}

function withExtra(text: string | undefined): { extra_body?: Record<string, unknown> } {
  const extra = object(text);
  return extra && Object.keys(extra).length > 0 ? { extra_body: extra } : {};
}

function object(text: string | undefined): Record<string, JsonValue> | undefined {
  if (!text?.trim() || jsonProblem(text)) return undefined;
  return JSON.parse(text) as Record<string, JsonValue>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
