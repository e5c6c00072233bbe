// What a run asked and what came, told apart and put into words.
import { expect, test } from "vitest";
import { isText, questionOf, textOf } from "./output";

test("an answer in words is its words, whatever the task calls them", () => {
  expect(textOf({ task: "text_generation", text: "once" })).toBe("once");
  expect(textOf({ task: "translation", translation_text: "bonjour" })).toBe("bonjour");
});

test("rows are shown as they came, and an empty answer as none", () => {
  expect(textOf({ task: "text_classification", labels: [{ label: "cat", score: 0.5 }] })).toContain('"cat"');
  expect(textOf({ task: "text_classification", labels: [] })).toBe("");
});

test("a question is found under any of its names", () => {
  const input = {
    task: "question_answering",
    model: "",
    question: "who?",
    context: "",
    extra_body: {},
  } as const;
  expect(questionOf(input)).toBe("who?");
  expect(isText(input)).toBe(false);
});
