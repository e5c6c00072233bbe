// From a run as it was made back to the values of the parameter column.
import type { ChatInput, JsonValue } from "../bindings";
import type { TextTask } from "../runs/output";
import type { Values } from "./specs";

/** What the parameter column must hold to make the same request. */
export function valuesOf(input: TextTask): Values {
  const chat = input.task === "chat_completion";
  const values: Values = {
    max_tokens: chat ? input.max_tokens : input.max_new_tokens,
    temperature: input.temperature,
    top_k: input.top_k,
    top_p: input.top_p,
    repetition_penalty: input.repetition_penalty,
    do_sample: chat ? undefined : input.do_sample,
    seed: input.seed,
    stop: input.stop?.length ? input.stop : undefined,
    stream: input.stream,
    return_full_text: chat ? undefined : input.return_full_text,
    schema: shown(chat ? schemaOf(input) : member(input.grammar, "value")),
    extra: shown(input.extra_body),
  };
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function schemaOf(input: ChatInput): JsonValue | undefined {
  return member(member(input.response_format, "json_schema"), "schema");
}

function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value[key] : undefined;
}

function shown(value: unknown): string | undefined {
  const empty = value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
  return empty ? undefined : JSON.stringify(value, null, 2);
}
