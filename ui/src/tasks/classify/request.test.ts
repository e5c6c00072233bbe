// What is sent for each kind: nothing that is default, ignored there or another kind's; and the way back from a run.
import { describe, expect, it } from "vitest";
import { KINDS } from "./kinds";
import { askedBy, countSet, inputOf } from "./request";
import { type Destination, ignored, templateProblem, type Values } from "./specs";

const to: Destination = { name: "acme", ignored: [] };
const full: Values = {
  top_k: 3,
  function_to_apply: "sigmoid",
  aggregation_strategy: "simple",
  ignore_labels: ["O"],
  stride: 8,
  multi_label: false,
  hypothesis_template: "About {}.",
  threshold: 0,
  candidate_labels: ["cat", "dog"],
  extra: '{"a": 1}',
};
const asked = (kind: (typeof KINDS)[number]["id"], values: Values) => ({
  ...{ kind, model: "m", text: "words", picture: "media:a.png", values },
});

describe("a question", () => {
  it("at default names nothing but what is asked about", () => {
    expect(inputOf(asked("text_classification", {}), to)).toEqual({
      ...{ task: "text_classification", model: "m", text: "words", extra_body: {} },
    });
    expect(inputOf(asked("object_detection", { extra: " ", top_k: 3 }), to)).toEqual({
      ...{ task: "object_detection", model: "m", image: "media:a.png", extra_body: {} },
    });
    expect(inputOf(asked("token_classification", { ignore_labels: [] }), to)).toEqual({
      ...{ task: "token_classification", model: "m", text: "words", ignore_labels: [], extra_body: {} },
    });
  });

  it("holds what is set for its kind, zero and false included", () => {
    expect(inputOf(asked("zero_shot_classification", full), to)).toEqual({
      ...{ task: "zero_shot_classification", model: "m", text: "words", candidate_labels: ["cat", "dog"] },
      ...{ multi_label: false, hypothesis_template: "About {}.", extra_body: { a: 1 } },
    });
    expect(inputOf(asked("object_detection", full), to)).toMatchObject({ threshold: 0 });
    expect(inputOf(asked("token_classification", full), to)).toMatchObject({
      ...{ aggregation_strategy: "simple", ignore_labels: ["O"], stride: 8 },
    });
  });

  it("leaves out what is ignored there, and says so", () => {
    const there = { ...to, ignored: ["top_k"] };
    expect(ignored("top_k", there)).toBe("acme ignores top-k.");
    expect(inputOf(asked("image_classification", full), there)).not.toHaveProperty("top_k");
    expect(countSet("image_classification", full, there)).toBe(2);
    expect(countSet("zero_shot_image_classification", { candidate_labels: ["a"] }, to)).toBe(0);
  });

  it("comes back from a run as it was asked", () => {
    for (const { id } of KINDS) {
      const input = inputOf(asked(id, full), to);
      expect(inputOf({ ...askedBy(input) }, to)).toEqual(input);
    }
  });
});

describe("a hypothesis", () => {
  it("needs a place for the label", () => {
    expect(templateProblem("This is {}.")).toBe("");
    expect(templateProblem(" ")).toBe("");
    expect(templateProblem("This is it.")).toBe("Write {} where the label goes.");
  });
});
