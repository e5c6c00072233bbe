// The maths of the virtual grid: what is mounted, where the keys lead, where it scrolls.
import { describe, expect, it } from "vitest";
import { inSight, lay, MOST_TILES, step, topFor } from "./virtual";

describe("a virtual grid", () => {
  it("fills the width with as many columns as have room", () => {
    const layout = lay(20, 650, 160, 10);
    expect(layout.columns).toBe(3);
    expect(layout.tile * 3 + 20).toBeLessThanOrEqual(650);
    expect(layout.rows).toBe(7);
    expect(layout.height).toBe(7 * layout.pitch - 10);
  });

  it("has one column however narrow it is, and no height without tiles", () => {
    expect(lay(5, 40, 160, 10).columns).toBe(1);
    expect(lay(0, 650, 160, 10)).toMatchObject({ rows: 0, height: 0 });
  });

  it("mounts whole rows in sight with a few to spare, and never past the end", () => {
    const layout = lay(1_000, 650, 160, 10);
    const [first, after] = inSight(layout, 1_000, layout.pitch * 50, 600);
    expect(first % layout.columns).toBe(0);
    expect(first).toBeLessThan(50 * layout.columns);
    expect(after).toBeGreaterThan(52 * layout.columns);
    expect(inSight(layout, 1_000, 1e9, 600)[1]).toBe(1_000);
    expect(inSight(lay(0, 650, 160, 10), 0, 0, 600)).toEqual([0, 0]);
  });

  it("never has more than its most tiles alive, in any window", () => {
    for (const width of [320, 1_280, 3_840, 7_680]) {
      for (const top of [0, 777, 50_000]) {
        const [first, after] = inSight(lay(20_000, width, 96, 8), 20_000, top, 4_320);
        expect(after - first).toBeLessThanOrEqual(MOST_TILES);
        expect(after).toBeGreaterThan(first);
      }
    }
  });

  it("scrolls only as far as a tile needs", () => {
    const layout = lay(100, 650, 160, 10);
    expect(topFor(layout, 4, 0, 1_000)).toBe(0);
    expect(topFor(layout, 0, 500, 1_000)).toBe(0);
    const top = topFor(layout, 99, 0, 500);
    expect(top).toBeLessThanOrEqual(layout.height - 500);
    expect(top + 500).toBeGreaterThanOrEqual(layout.height);
  });

  it("moves with the arrows and stops at the edges", () => {
    expect(step("ArrowRight", 3, 10, 4, 2)).toBe(4);
    expect(step("ArrowLeft", 0, 10, 4, 2)).toBe(0);
    expect(step("ArrowUp", 2, 10, 4, 2)).toBe(2);
    expect(step("ArrowDown", 2, 10, 4, 2)).toBe(6);
    expect(step("ArrowDown", 7, 10, 4, 2)).toBe(9);
    expect(step("ArrowDown", 9, 10, 4, 2)).toBe(9);
  });

  it("moves by rows and pages with the other keys, and leaves the rest alone", () => {
    expect(step("Home", 6, 10, 4, 2)).toBe(4);
    expect(step("End", 9, 10, 4, 2)).toBe(9);
    expect(step("Mod+End", 0, 10, 4, 2)).toBe(9);
    expect(step("PageDown", 1, 100, 4, 3)).toBe(13);
    expect(step("PageUp", 5, 100, 4, 3)).toBe(1);
    expect(step("x", 1, 10, 4, 2)).toBeUndefined();
    expect(step("ArrowDown", 0, 0, 4, 2)).toBeUndefined();
  });
});
