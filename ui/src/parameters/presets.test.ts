// Presets: saved, applied, told apart from what is set now, renamed, deleted and brought back.
import { describe, expect, it } from "vitest";
import { Presets } from "./presets.svelte";

describe("a preset", () => {
  it("holds everything but the seed, and is told apart from other values", () => {
    const presets = new Presets("test");
    const values: Record<string, unknown> = { steps: 4, size: 512, seed: 7 };
    presets.save("  Quick ", values);
    expect(presets.list).toEqual([{ name: "Quick", values: { steps: 4, size: 512 } }]);
    expect(presets.differs(values)).toBe(false);
    expect(presets.differs({ size: 512, steps: 4, seed: 8 })).toBe(false);
    expect(presets.differs({ steps: 5, size: 512 })).toBe(true);
  });

  it("takes the place of all values but the seed", () => {
    const presets = new Presets("test");
    presets.save("Quick", { steps: 4 });
    const values: Record<string, unknown> = { guidance: 3, seed: 7 };
    presets.apply("Quick", values);
    expect(values).toEqual({ steps: 4, seed: 7 });
  });

  it("is replaced under its own name, and never takes another's", () => {
    const presets = new Presets("test");
    presets.save("One", { steps: 1 });
    presets.save("Two", { steps: 2 });
    presets.save("Two", { steps: 3 });
    expect(presets.list.map(({ values }) => values)).toEqual([{ steps: 1 }, { steps: 3 }]);
    expect([presets.rename("One"), presets.rename(" "), presets.rename("Three")]).toEqual([
      false,
      false,
      true,
    ]);
    expect(presets.applied).toBe("Three");
  });

  it("comes back when its deletion is undone", () => {
    const presets = new Presets("test");
    presets.save("One", { steps: 1 });
    const gone = presets.remove();
    expect([presets.list, presets.current]).toEqual([[], undefined]);
    if (gone) presets.restore(gone);
    expect(presets.current?.values).toEqual({ steps: 1 });
  });
});
