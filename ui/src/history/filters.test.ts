// What the filters ask of Rust: only what is set, and whole days of this machine's clock.
import { afterEach, describe, expect, it } from "vitest";
import { filters } from "./filters.svelte";
import { KIND_GROUPS, kindName } from "./words";

const NOW = new Date(2026, 10, 21, 15, 30);
const at = (month: number, day: number) => new Date(2026, month - 1, day).getTime();

afterEach(() => filters.clear());

describe("a filter", () => {
  it("that is not set is not sent", () => {
    expect(filters.runs(NOW)).toEqual({ query: "" });
    expect(filters.pictures(NOW)).toEqual({ query: "" });
    expect(filters.narrows(true)).toBe(false);
  });

  it("is sent as it is set, the words without the spaces around them", () => {
    filters.query = "  owl ";
    Object.assign(filters.set, { task: "chat_completion", state: "done", model: "m", provider: "p" });
    Object.assign(filters.set, { tag: "keep", favourite: true });
    const rest = { state: "done", model: "m", provider: "p", tag: "keep", favourite: true };
    expect(filters.runs(NOW)).toEqual({ query: "owl", task: "chat_completion", sees: false, ...rest });
  });

  it("tells a chat about pictures from one without", () => {
    filters.set.task = "sees:chat_completion";
    expect(filters.runs(NOW)).toEqual({ query: "", task: "chat_completion", sees: true });
    expect(filters.pictures(NOW)).toEqual({ query: "" });
    filters.set.task = "image_to_text";
    expect(filters.runs(NOW)).toEqual({ query: "", task: "image_to_text" });
    expect(KIND_GROUPS.flatMap(([, kinds]) => kinds).map(kindName)).toContain("Chat about pictures");
  });

  it("of a task that makes no pictures does not empty the gallery", () => {
    filters.set.task = "chat_completion";
    expect(filters.pictures(NOW)).toEqual({ query: "" });
    expect([filters.narrows(true), filters.narrows(false)]).toEqual([false, true]);
    filters.set.task = "image_to_image";
    expect(filters.pictures(NOW).task).toBe("image_to_image");
  });

  it("by days begins at midnight, and counts today", () => {
    filters.set.when = "today";
    expect(filters.runs(NOW).since).toBe(at(11, 21));
    filters.set.when = "week";
    expect(filters.runs(NOW).since).toBe(at(11, 15));
    filters.set.when = "month";
    expect(filters.runs(NOW)).toEqual({ query: "", since: at(10, 23) });
  });

  it("by days of one's own takes in the last of them, and may be open at an end", () => {
    Object.assign(filters.set, { when: "own", from: "2026-03-01", to: "2026-03-31" });
    expect(filters.runs(NOW)).toEqual({ query: "", since: at(3, 1), until: at(4, 1) });
    filters.set.from = "";
    expect(filters.runs(NOW)).toEqual({ query: "", until: at(4, 1) });
  });

  it("by size asks for pixels, and only in the gallery", () => {
    filters.set.size = "medium";
    expect(filters.pictures(NOW)).toEqual({ query: "", min_pixels: 500_000, max_pixels: 1_500_000 });
    expect(filters.runs(NOW)).toEqual({ query: "" });
    expect([filters.count(true), filters.count(false)]).toEqual([1, 0]);
  });
});
