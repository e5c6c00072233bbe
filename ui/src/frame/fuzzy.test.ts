// What the palette finds.
import { describe, expect, it } from "vitest";
import type { Action } from "./actions";
import { ranked } from "./fuzzy";

const action = (id: string, title: string, more: Partial<Action> = {}): Action => ({
  ...{ id, title, group: "Window", run: () => {} },
  ...more,
});
const all = [
  action("stop", "Stop", { enabled: () => false }),
  action("dark", "Dark theme", { words: "colours appearance" }),
  action("history", "History", { group: "Go to" }),
];
const found = (query: string) => ranked(all, query).map(({ id }) => id);

describe("the palette", () => {
  it("shows everything at first, what is of use now before the rest", () => {
    expect(found(" ")).toEqual(["dark", "history", "stop"]);
  });

  it("finds by beginnings, by letters in order and by other words", () => {
    expect(found("dark")).toEqual(["dark"]);
    expect(found("hsty")).toEqual(["history"]);
    expect(found("colours")).toEqual(["dark"]);
    expect(found("xyz")).toEqual([]);
  });
});
