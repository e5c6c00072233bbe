// An answer that was there already says so.
import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import type { Cached } from "../bindings";
import KeptLine from "./KeptLine.svelte";
import { keptWords } from "./kept";

const history: Cached = { by: "history", run: "r1" };
const server: Cached = { by: "server" };

describe("an answer that was there already", () => {
  afterEach(cleanup);

  it("says who had it, and of how many", () => {
    expect(keptWords([history], 1)).toBe("From your history, no call was made.");
    expect(keptWords([server], 1)).toBe("From what the server had kept.");
    expect(keptWords([history, server, history], 4)).toBe(
      "2 of 4 from your history, no call was made; 1 of 4 from what the server had kept.",
    );
    expect(keptWords([], 2)).toBe("");
  });

  it("leads to the run that it was made for, and asks anew", async () => {
    const done: string[] = [];
    render(KeptLine, {
      cached: [history],
      onopen: (run: string) => done.push(run),
      onagain: () => done.push("again"),
    });
    await fireEvent.click(screen.getByRole("button", { name: "Open that run" }));
    await fireEvent.click(screen.getByRole("button", { name: "Ask again" }));
    expect(done).toEqual(["r1", "again"]);
  });

  it("has no run to open where the server had it", () => {
    render(KeptLine, { cached: [server], onopen: () => {} });
    expect(screen.queryByRole("button")).toBeNull();
  });
});
