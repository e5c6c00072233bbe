// The three states of a parameter: default, set, ignored here; and the way back from a run.
import { describe, expect, it } from "vitest";
import { valuesOf } from "./read";
import { chatParameters, countSet, jsonProblem, problem, textParameters } from "./request";
import { type Destination, ignored, NUMBERS, type Values } from "./specs";

const chat: Destination = { task: "chat_completion", kind: "server" };
const completion: Destination = { task: "text_generation", kind: "server" };
const full: Values = {
  max_tokens: 64,
  temperature: 0,
  top_k: 40,
  top_p: 0.9,
  repetition_penalty: 1.1,
  do_sample: false,
  seed: 7,
  seed_locked: false,
  stop: ["\n\n"],
  stream: false,
  return_full_text: true,
  schema: '{"type":"object"}',
  extra: '{"min_p":0.05}',
};

describe("a parameter", () => {
  it("at default sends nothing", () => {
    expect(chatParameters({}, chat)).toEqual({});
    expect(textParameters({}, completion)).toEqual({});
    expect(chatParameters({ stop: [], schema: "  ", extra: "", temperature: undefined }, chat)).toEqual({});
    expect(chatParameters({ extra: "{}" }, chat)).toEqual({});
  });

  it("that is set is sent, zero and false included", () => {
    expect(chatParameters(full, chat)).toEqual({
      max_tokens: 64,
      temperature: 0,
      top_k: 40,
      top_p: 0.9,
      repetition_penalty: 1.1,
      seed: 7,
      stop: ["\n\n"],
      stream: false,
      response_format: { type: "json_schema", json_schema: { name: "answer", schema: { type: "object" } } },
      extra_body: { min_p: 0.05 },
    });
    expect(textParameters(full, completion)).toEqual({
      max_new_tokens: 64,
      temperature: 0,
      top_k: 40,
      top_p: 0.9,
      repetition_penalty: 1.1,
      do_sample: false,
      seed: 7,
      stop: ["\n\n"],
      stream: false,
      return_full_text: true,
      grammar: { type: "json", value: { type: "object" } },
      extra_body: { min_p: 0.05 },
    });
  });

  it("that is ignored where the run goes says why, and is not sent", () => {
    expect(ignored("do_sample", chat)).toMatch(/temperature to 0/);
    const structured = { ...chat, kind: "hugging_face" as const, provider: "groq", structured: false };
    expect(ignored("schema", structured)).toBe("groq takes no JSON schema.");
    expect(chatParameters({ schema: "{}" }, structured)).toEqual({});
    expect(ignored("stream", { ...chat, kind: "builtin" })).toBeDefined();
    expect(chatParameters({ stream: false }, { ...chat, kind: "builtin" })).toEqual({});
    for (const { key } of NUMBERS) expect(ignored(key, chat)).toBeUndefined();
  });

  it("is counted only where it counts", () => {
    expect(countSet({ temperature: 1, do_sample: true, seed: 1, seed_locked: true }, chat)).toBe(2);
  });
});

describe("JSON as typed", () => {
  it("must be an object, and says what is wrong", () => {
    expect(jsonProblem('{"a": 1}')).toBe("");
    expect(jsonProblem(undefined)).toBe("");
    expect(jsonProblem("[1]")).toMatch(/object/);
    expect(jsonProblem('{"a":')).toMatch(/^This is not JSON yet/);
  });

  it("holds a run back only where it would be sent", () => {
    expect(problem({ extra: "{" }, chat)).toBe("Repair the extra JSON first.");
    expect(problem({ schema: "{" }, chat)).toBe("Repair the JSON schema first.");
    expect(problem({ schema: "{" }, { ...completion, kind: "hugging_face" })).toBe("");
  });
});

describe("a run as it was made", () => {
  it("gives back the values that make the same request", () => {
    const input = {
      task: "text_generation" as const,
      model: "m",
      prompt: "p",
      ...textParameters(full, completion),
    };
    const values = valuesOf(input);
    expect(textParameters(values, completion)).toEqual(textParameters(full, completion));
    const asked = {
      task: "chat_completion" as const,
      model: "m",
      messages: [],
      ...chatParameters(full, chat),
    };
    expect(chatParameters(valuesOf(asked), chat)).toEqual(chatParameters(full, chat));
    expect(valuesOf({ task: "chat_completion", model: "", messages: [] })).toEqual({});
  });
});
