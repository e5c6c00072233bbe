// Places counted in code points: emoji, accents, right-to-left; pieces put together; marks in marks.
import { describe, expect, it } from "vitest";
import { type Find, kindOf, marksOf, nested, placed, pointsIn } from "./marks";

/** Where a word stands as Python counts: `text.index(word)` and its end. */
function python(text: string, word: string, kind = "X"): Find {
  const start = [...text.slice(0, text.indexOf(word))].length;
  return { kind, word, start, end: start + [...word].length };
}

function words(text: string, finds: Find[]): string[] {
  return marksOf(text, finds).map(({ from, to }) => text.slice(from, to));
}

describe("a place in a text", () => {
  it("counts code points, not the units of this page's strings", () => {
    const text = "👩‍🚀 Ada met 🇫🇷 Léa 𝒳 here";
    for (const word of ["Ada", "🇫🇷", "Léa", "𝒳", "here"])
      expect(words(text, [python(text, word)])).toEqual([word]);
    expect(pointsIn("a😀b")(2)).toBe(3);
    expect(pointsIn("a😀b")(3)).toBe(4);
    expect([pointsIn("ab")(3), pointsIn("ab")(-1), pointsIn("ab")(0.5)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("is right in Hebrew, Arabic and mixed text", () => {
    const text = "פגשתי את دונה في القاهرة with Bob 🙂 בחיפה";
    for (const word of ["القاهرة", "Bob", "בחיפה"]) expect(words(text, [python(text, word)])).toEqual([word]);
  });

  it("never falls inside of one sign: accents, families, flags, skin tones", () => {
    const cut = (text: string, start: number, end: number) =>
      words(text, [{ kind: "X", word: "", start, end }]);
    expect(cut("cafe\u0301 au lait", 0, 4)).toEqual(["cafe\u0301"]);
    expect(cut("👨‍👩‍👧 here", 2, 3)).toEqual(["👨‍👩‍👧"]);
    expect(cut("🇫🇷🇩🇪", 1, 2)).toEqual(["🇫🇷"]);
    expect(cut("ok 👍🏽!", 3, 4)).toEqual(["👍🏽"]);
    expect(cut("नमस्ते", 0, 1)).toEqual(["न"]);
  });

  it("is found by its words, in order, where nobody told it", () => {
    const text = "Paris saw Paris in Texas";
    const find = (word: string): Find => ({ kind: "X", word });
    expect(placed(text, [find("paris"), find("Paris"), find("▁texas")])).toEqual([
      { from: 0, to: 5 },
      { from: 10, to: 15 },
      { from: 19, to: 24 },
    ]);
    expect(placed(text, [find("Rome"), find(""), find("##")])).toEqual([undefined, undefined, undefined]);
  });

  it("that is nonsense is as good as none", () => {
    const find = (start: number, end: number): Find => ({ kind: "X", word: "b", start, end });
    expect(placed("abc", [find(5, 9), find(2, 1), find(-1, 2)])).toEqual([
      { from: 1, to: 2 },
      undefined,
      undefined,
    ]);
  });
});

describe("marks", () => {
  it("put pieces of one thing together by their prefixes", () => {
    const text = "Sarah Jessica Parker in New York";
    const finds = [
      python(text, "Sarah", "B-PER"),
      python(text, "Jessica", "I-PER"),
      { ...python(text, "Par", "I-PER"), word: "Par" },
      { ...python(text, "ker", "I-PER"), word: "##ker" },
      python(text, "New", "B-LOC"),
      python(text, "York", "B-LOC"),
    ];
    expect(words(text, finds)).toEqual(["Sarah Jessica Parker", "New", "York"]);
    expect(marksOf(text, finds)[0]?.finds).toEqual([0, 1, 2, 3]);
    expect([kindOf("B-PER"), kindOf("I-"), kindOf("B"), kindOf("S-A-B")]).toEqual(["PER", "I-", "B", "A-B"]);
  });

  it("leave out what is said to be nothing", () => {
    expect(words("a b", [{ kind: "O", word: "a", start: 0, end: 1 }])).toEqual([]);
  });

  it("lie in each other", () => {
    const text = "New York University";
    const { nests, all } = nested(
      marksOf(text, [python(text, "New York", "LOC"), python(text, text, "ORG")]),
    );
    expect(all).toBe(true);
    expect(nests).toMatchObject([
      { kind: "ORG", height: 2, inner: [{ kind: "LOC", from: 0, to: 8, height: 1 }] },
    ]);
  });

  it("that cross are drawn in two pieces, the last of which ends it", () => {
    const text = "abcdef";
    const find = (kind: string, start: number, end: number) => ({ kind, word: "", start, end });
    const { nests } = nested(marksOf(text, [find("A", 0, 4), find("B", 2, 6)]));
    expect(nests).toMatchObject([
      { kind: "A", from: 0, to: 4, ends: true, inner: [{ kind: "B", from: 2, to: 4, ends: false }] },
      { kind: "B", from: 4, to: 6, ends: true, inner: [] },
    ]);
  });

  it("in masses end somewhere, and say so", () => {
    const text = "x".repeat(300);
    const many = Array.from({ length: 5_000 }, (_, at) => ({
      ...{ kind: `K${at % 9}`, word: "", start: at % 250 },
      end: (at % 250) + 1 + (at % 40),
    }));
    expect(nested(marksOf(text, many)).all).toBe(false);
  });
});
