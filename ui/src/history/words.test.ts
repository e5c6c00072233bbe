// What History marks and lists.
import { describe, expect, it } from "vitest";
import { hits, parametersOf } from "./words";

describe("hits", () => {
  it("marks every word wherever it stands, in any case", () => {
    expect(hits("A cat, another CAT", "cat a")).toEqual([
      { text: "A", hit: true },
      { text: " ", hit: false },
      { text: "cat", hit: true },
      { text: ", ", hit: false },
      { text: "a", hit: true },
      { text: "nother ", hit: false },
      { text: "CAT", hit: true },
    ]);
  });

  it("takes signs of regular expressions for what they are", () => {
    expect(hits("a (b) c", "(b)")).toContainEqual({ text: "(b)", hit: true });
    expect(hits("x", " ")).toEqual([{ text: "x", hit: false }]);
  });
});

describe("parametersOf", () => {
  it("lists what was set and nothing else", () => {
    const input = {
      task: "text_generation" as const,
      model: "m",
      prompt: "p",
      temperature: 0,
      stop: [],
      seed: 7,
    };
    expect(parametersOf(input)).toEqual([
      ["temperature", "0"],
      ["seed", "7"],
    ]);
  });
});
