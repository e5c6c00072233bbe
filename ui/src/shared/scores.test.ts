// Scores in words and in order; odd ones too.
import { describe, expect, it } from "vitest";
import { looksOf } from "./kinds";
import { addUp, bestFirst, lengthsOf, restOf, scoreWords } from "./scores";

const rows = (...scores: unknown[]) =>
  scores.map((score, at) => ({ label: `l${at}`, score: score as number }));

describe("a score", () => {
  it("is a percentage with one decimal, never a rounded-away something", () => {
    expect([0.9987, 1, 0, 0.0001].map((score) => scoreWords(score))).toEqual([
      ...["99.9%", "100.0%", "0.0%", "under 0.1%"],
    ]);
  });

  it("that is no share is a plain number, and one that is none says so", () => {
    expect(scoreWords(4.25, false)).toBe("4.25");
    expect(
      [Number.NaN, null, undefined, "x", Number.POSITIVE_INFINITY].map((score) => scoreWords(score)),
    ).toEqual(Array(5).fill("no number"));
  });
});

describe("scores", () => {
  it("stand with the best first and with what is no number last", () => {
    const sorted = bestFirst(rows(0.1, Number.NaN, 0.7, null, 0.7));
    expect(sorted.map(({ label }) => label)).toEqual(["l2", "l4", "l0", "l1", "l3"]);
  });

  it("have a rest only where they add up to one", () => {
    expect(restOf(rows(0.5, 0.3, 0.2), 1)).toBeCloseTo(0.5);
    expect(restOf(rows(0.9, 0.8, 0.7), 1)).toBeUndefined();
    expect(restOf(rows(0.5, 0.5), 2)).toBeUndefined();
    expect(addUp(rows(0.5, 0.3, 0.2, Number.NaN))).toBe(false);
  });

  it("that are no shares have bars by their range", () => {
    const raw = rows(-2, 0, 6);
    expect(raw.map(({ score }) => lengthsOf(raw)(score))).toEqual([0, 0.25, 1]);
    expect(lengthsOf(rows(0.4, 0.9))(0.4)).toBe(0.4);
    expect(lengthsOf(raw)(Number.NaN)).toBe(0);
  });
});

describe("kinds", () => {
  it("have eight looks, and after that numbers", () => {
    const looks = [...looksOf(Array.from({ length: 10 }, (_, at) => `k${at}`)).values()];
    expect(new Set(looks.slice(0, 8).map(({ colour }) => colour)).size).toBe(8);
    expect(looks[8]).toEqual({ ...looks[0], number: "2" });
  });
});
