// The table of errors and what stands beside a running answer.
import { describe, expect, it } from "vitest";
import type { Status } from "../bindings";
import { details, ERRORS, sentence } from "./errors";
import { figuresOf } from "./figures";
import { statusFraction, statusWords } from "./status";

describe("the table of errors", () => {
  it("does not say its title twice", () => {
    const error = { code: "auth", message: "The key was not accepted: Invalid API key." } as const;
    expect(sentence(error)).toBe("Invalid API key.");
    expect(sentence({ ...error, message: "Sign in first." })).toBe("Sign in first.");
  });

  it("has short words, advice in one sentence and one action for every code", () => {
    expect(Object.keys(ERRORS)).toHaveLength(16);
    for (const { title, advice, action, otherwise = advice } of Object.values(ERRORS)) {
      expect(title.length).toBeLessThan(40);
      expect(title).not.toMatch(/[.!]$/);
      expect(advice).toMatch(/^[A-Z].*\.$/);
      expect(otherwise).toMatch(/^[A-Z].*\.$/);
      expect(action.split(" ").length).toBeLessThanOrEqual(4);
    }
  });

  it("gives details without empty lines", () => {
    const text = details({
      code: "limit",
      message: "Slow down.",
      status: 429,
      retry_after: 3,
      request_id: "r",
    });
    expect(text.split("\n")).toEqual([
      "Too many requests: Slow down.",
      "code: limit",
      "status: 429",
      "request id: r",
      "retry after: 3 s",
    ]);
  });
});

describe("the line before the first token", () => {
  const words = (status?: Status) => statusWords(status, 1_000, 1_234);

  it("says what is waited for, and how long already", () => {
    expect(words()).toBe("Waiting for the first token… 1.2 s");
    expect(words({ state: "sent", provider: "groq" })).toBe("Asked groq, waiting for the first token… 1.2 s");
    expect(words({ state: "loading", fraction: 0.4 })).toContain("40");
    expect(words({ state: "queued", position: 3 })).toMatch(/^3 before it/);
    expect(words({ state: "reading", tokens: 5, total: 9 })).toBe("Reading the prompt, 5 of 9 tokens…");
  });

  it("counts down to the next try and never below zero", () => {
    const retrying = (after: number) => words({ state: "retrying", after, attempt: 2, reason: "Busy." });
    expect(retrying(5)).toBe("Busy. Trying again in 4 s (try 2).");
    expect(retrying(0.5)).toContain("in 0 s");
  });

  it("knows the part that is done where it can be known", () => {
    expect(statusFraction({ state: "loading", fraction: 0.5 })).toBe(0.5);
    expect(statusFraction({ state: "reading", tokens: 1, total: 4 })).toBe(0.25);
    expect(statusFraction({ state: "sent" })).toBeUndefined();
  });
});

describe("the figures", () => {
  it("are shown only where they are known, and say when they are our own count", () => {
    expect(figuresOf({ estimated: false })).toEqual([]);
    const shown = figuresOf({ estimated: true, first_token_ms: 84, completion_tokens: 12, cost_usd: 0.0012 });
    expect(shown.map(({ text }) => text)).toEqual(["84 ms to first token", "about 12 tokens", "$0.0012"]);
  });
});
