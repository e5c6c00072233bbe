// What History marks and lists.
import { describe, expect, it } from "vitest";
import { answerLine, hits, parametersOf } from "./words";

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

describe("answerLine", () => {
  it("shows the words of a formatted answer without its signs", () => {
    const answer = "# Ways\nHere is a **short** one:\n```python\nword[::-1]\n```\nand `reversed`.";
    expect(answerLine(answer)).toBe("Ways\nHere is a short one:\nword[::-1]\nand reversed.");
  });

  it("shows the rows of a table as Classify does", () => {
    expect(answerLine("0.5084 a sign\n0.0609 a cat")).toBe("a sign 50.8% · a cat 6.1%");
    expect(answerLine("7.2500 a sign\n1.5000 a cat")).toBe("7.2500 a sign · 1.5000 a cat");
  });

  it("leaves signs that format nothing", () => {
    expect(answerLine("2 ** 3 ** 2, #1 of `")).toBe("2 ** 3 ** 2, #1 of `");
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
