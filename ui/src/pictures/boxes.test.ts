// Boxes stay on their picture, whatever numbers came.
import { describe, expect, it } from "vitest";
import { clipped, wordsPlace } from "./boxes";

const size = { width: 200, height: 100 };

describe("a box", () => {
  it("is told in shares of its picture", () => {
    expect(clipped({ xmin: 20, ymin: 10, xmax: 120, ymax: 60 }, size)).toEqual({
      ...{ left: 0.1, top: 0.1, width: 0.5, height: 0.5 },
    });
  });

  it("is cut at the edges of the picture", () => {
    expect(clipped({ xmin: -50, ymin: -5, xmax: 400, ymax: 50 }, size)).toEqual({
      ...{ left: 0, top: 0, width: 1, height: 0.5 },
    });
  });

  it("that lies outside, is turned over or is no number is not drawn", () => {
    for (const [xmin, ymin, xmax, ymax] of [
      [300, 0, 400, 50],
      [50, 50, 20, 60],
      [10, 10, 10, 10],
      [Number.NaN, 0, 10, 10],
      [null as unknown as number, undefined as unknown as number, 10, 10],
    ])
      expect(clipped({ xmin, ymin, xmax, ymax } as never, size)).toBeUndefined();
    expect(clipped({ xmin: 0, ymin: 0, xmax: 1, ymax: 1 }, { width: 0, height: 0 })).toBeUndefined();
  });
});

describe("the words of a box", () => {
  const words = { width: 40, height: 10 };

  it("stand above it, or inside of it at the upper edge of the picture", () => {
    expect(wordsPlace({ left: 0.1, top: 0.5, width: 0.2, height: 0.2 }, words, size)).toEqual({
      left: 20,
      top: 40,
    });
    expect(wordsPlace({ left: 0, top: 0.05, width: 0.2, height: 0.2 }, words, size)).toEqual({
      left: 0,
      top: 5,
    });
  });

  it("never leave the picture", () => {
    expect(wordsPlace({ left: 0.95, top: 0.99, width: 0.05, height: 0.01 }, words, size)).toEqual({
      left: 160,
      top: 89,
    });
    expect(
      wordsPlace({ left: 0.5, top: 0, width: 0.1, height: 0.1 }, { width: 900, height: 300 }, size),
    ).toEqual({
      left: 0,
      top: 0,
    });
  });
});
