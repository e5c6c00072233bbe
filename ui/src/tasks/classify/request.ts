// From what the person set to what is sent, and back. What is unset, ignored there or another kind's is left out.
import { whatCounts } from "../../parameters/request";
import type { ClassifyingTask } from "../../runs/output";
import { type Kind, kindRow } from "./kinds";
import { type Destination, ignored, type ParameterKey, type Values } from "./specs";

/** What one thing is asked with. */
export interface Asked {
  kind: Kind;
  model: string;
  /** Where the kind takes a text. */
  text: string;
  /** The `media:` address, where the kind takes a picture. */
  picture: string;
  values: Values;
}

/** The values that are set and count at the destination; the labels are not among them. */
export function counting(kind: Kind, { candidate_labels: _, ...values }: Values, to: Destination): Values {
  const { parameters } = kindRow(kind);
  return whatCounts(values, (key) => {
    const known = key as ParameterKey;
    const empty = values[key] === undefined || (Array.isArray(values[key]) && values[key].length === 0);
    return empty || !parameters.includes(known) || ignored(known, to) !== undefined;
  });
}

/** How many parameters are set and count. */
export function countSet(kind: Kind, values: Values, to: Destination): number {
  return Object.keys(counting(kind, values, to)).length;
}

/** What is sent. */
export function inputOf({ kind, model, text, picture, values }: Asked, to: Destination): ClassifyingTask {
  const { takes, labels } = kindRow(kind);
  const { extra, ...set } = counting(kind, values, to);
  const input = {
    ...{ task: kind, model, ...(takes === "text" ? { text } : { image: picture }) },
    ...(labels > 0 ? { candidate_labels: values.candidate_labels ?? [] } : {}),
    ...(kind === "token_classification" ? { ignore_labels: [] } : {}),
    ...set,
    extra_body: extra ? (JSON.parse(extra) as Record<string, unknown>) : {},
  };
  return input as ClassifyingTask;
}

/** What the tab must hold to ask the same again. */
export function askedBy(input: ClassifyingTask): Asked {
  const { task: kind, model, extra_body: extra } = input;
  const { parameters, labels } = kindRow(kind);
  const sent = input as Partial<Record<string, unknown>>;
  const set = [...parameters, ...(labels > 0 ? ["candidate_labels"] : [])]
    .map((key) => [key, sent[key]] as const)
    .filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
  const more = Object.keys(extra ?? {}).length > 0 ? { extra: JSON.stringify(extra, null, 2) } : {};
  const text = "text" in input ? input.text : "";
  const picture = "image" in input ? input.image : "";
  return { kind, model, text, picture, values: { ...Object.fromEntries(set), ...more } };
}
