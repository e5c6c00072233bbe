// Autoscroll: only near the bottom, never against the reader.
import { describe, expect, it } from "vitest";
import { Follow, isNear } from "./follow.svelte";

const at = (top: number, full = 2_000) => ({ top, height: 500, full });

describe("following a growing answer", () => {
  it("counts the last 100 px as the bottom", () => {
    expect(isNear(at(1_400))).toBe(true);
    expect(isNear(at(1_399))).toBe(false);
  });

  it("ends at the smallest scroll upwards, even near the bottom", () => {
    const follow = new Follow();
    follow.scrolled(at(1_500));
    follow.scrolled(at(1_480));
    expect(follow.following).toBe(false);
  });

  it("does not come back while the text grows below the reader", () => {
    const follow = new Follow();
    follow.scrolled(at(1_500));
    follow.scrolled(at(1_450));
    follow.scrolled(at(1_450, 2_050));
    expect(follow.following).toBe(false);
  });

  it("comes back when the reader scrolls down to the bottom", () => {
    const follow = new Follow();
    follow.scrolled(at(1_500));
    follow.scrolled(at(900));
    follow.scrolled(at(1_000));
    expect(follow.following).toBe(false);
    follow.scrolled(at(1_420));
    expect(follow.following).toBe(true);
  });

  it("is not ended by a text that shrinks", () => {
    const follow = new Follow();
    follow.scrolled(at(1_500));
    follow.scrolled(at(1_200, 1_700));
    expect(follow.following).toBe(true);
  });
});
