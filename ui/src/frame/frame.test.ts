// Shortcuts and the list of actions: every key does one thing, and a bare letter is a letter while writing.
import { describe, expect, it } from "vitest";
import { actions } from "./actions";
import { isTyping, matches, shownKeys } from "./keys";

function press(key: string, held: Partial<KeyboardEvent> = {}): KeyboardEvent {
  return new KeyboardEvent("keydown", { key, ...held } as KeyboardEventInit);
}

describe("a shortcut", () => {
  it("needs exactly its keys", () => {
    expect(matches(press("k", { ctrlKey: true }), "Mod+K")).toBe(true);
    expect(matches(press("k"), "Mod+K")).toBe(false);
    expect(matches(press("k", { ctrlKey: true, altKey: true }), "Mod+K")).toBe(false);
    expect(matches(press("K", { ctrlKey: true, shiftKey: true }), "Mod+K")).toBe(false);
    expect(matches(press("F6", { shiftKey: true }), "F6")).toBe(false);
    expect(matches(press("F6", { shiftKey: true }), "Shift+F6")).toBe(true);
  });

  it("that is a sign counts with whatever keys make the sign", () => {
    expect(matches(press("?", { shiftKey: true }), "?")).toBe(true);
    expect(matches(press("/", { shiftKey: true }), "/")).toBe(true);
  });

  it("is shown as the keys say on this machine", () => {
    expect(shownKeys("Mod+Shift+O")).toEqual(["Ctrl", "Shift", "O"]);
  });
});

describe("the actions", () => {
  it("have ids, titles and shortcuts of their own", () => {
    const all = actions();
    const keys = all.flatMap((action) => [action.keys ?? [], action.also ?? []].flat());
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ title }) => title)).size).toBe(all.length);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("let the person write in a box", () => {
    const box = document.createElement("textarea");
    expect([isTyping(box), isTyping(document.body)]).toEqual([true, false]);
  });
});
