// The layout of a labelled sheet: nothing overlaps, nothing is too large, long words are cut where they are told.
import { describe, expect, it } from "vitest";
import { LONGEST, layOut, type Measure } from "./sheetLayout";
import { wrap } from "./wrap";

const measure: Measure = (text, type) => Array.from(text).length * type * 0.5;
const cell = { width: 512, height: 384 };
const words = {
  columns: ["1", "2", "a label that is far too long to stand on one line above a picture"],
  rows: ["euler", "ddim"],
  titles: { column: "Steps", row: "Scheduler" },
  prompt: "a lighthouse ".repeat(60),
};

describe("a labelled sheet", () => {
  const layout = layOut(words, cell, measure);

  it("has a place for each cell, row by row, without overlap", () => {
    expect(layout.places).toHaveLength(6);
    const [first, second] = layout.places;
    expect(second?.x).toBeGreaterThanOrEqual((first?.x ?? 0) + cell.width);
    const last = layout.places.at(-1);
    expect((last?.x ?? 0) + cell.width).toBeLessThanOrEqual(layout.width);
    expect((last?.y ?? 0) + cell.height).toBeLessThanOrEqual(layout.height);
  });

  it("keeps all words inside and off the pictures", () => {
    const top = layout.places[0];
    for (const line of layout.lines) {
      expect(line.y).toBeLessThan(layout.height);
      expect(line.y < (top?.y ?? 0) || line.x < (top?.x ?? 0)).toBe(true);
    }
  });

  it("cuts a prompt to three lines and says so", () => {
    const prompt = layout.lines.filter((line) => line.align === "left");
    expect(prompt).toHaveLength(3);
    expect(prompt.at(-1)?.text.endsWith("…")).toBe(true);
  });

  it("is made smaller as a whole where a side would be too long", () => {
    const many = Array.from({ length: 40 }, (_, at) => String(at));
    const large = layOut({ ...words, columns: many }, { width: 1024, height: 1024 }, measure);
    expect(large.scale).toBeLessThan(1);
    expect(Math.floor(large.width * large.scale)).toBeLessThanOrEqual(LONGEST);
    expect(layout.scale).toBe(1);
  });
});

describe("breaking words", () => {
  const wide = (text: string) => text.length;

  it("breaks between words, and within one that has no room", () => {
    expect(wrap("one two three", 7, 3, wide)).toEqual(["one two", "three"]);
    expect(wrap("EulerAncestral", 8, 3, wide)).toEqual(["EulerAnc", "estral"]);
  });

  it("ends in dots where there are more words than lines", () => {
    expect(wrap("one two three four", 8, 1, wide)).toEqual(["one two…"]);
    expect(wrap("", 8, 1, wide)).toEqual([]);
    expect(wrap("abc", 0, 1, wide)).toEqual(["a…"]);
  });
});
