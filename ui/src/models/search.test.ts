// Finding a model, and drawing only what is in sight.
import { describe, expect, it } from "vitest";
import type { ModelRow } from "../bindings";
import { makeFake } from "../host/fake";
import { find, indexed, withOwn } from "./search";
import { inSight, scrollTo } from "./window";

function row(id: string, provider = "groq"): ModelRow {
  const providers = [{ name: provider, live: true, tools: false, structured_output: false, ignored: [] }];
  return { id, name: id, tasks: [], vision: false, ready: true, providers, ignored: [] };
}

describe("the search", () => {
  const index = indexed([
    row("acme/not-llama"),
    row("meta/Llama-3"),
    row("zoo/camel", "llamafarm"),
    row("q/Qwen3"),
  ]);
  const ids = (query: string) => find(index, query).map(({ id }) => id);

  it("finds words in any order and any case, in names and providers", () => {
    expect(ids("3 LLAMA")).toEqual(["meta/Llama-3"]);
    expect(ids("groq qwen")).toEqual(["q/Qwen3"]);
    expect(ids("nothing")).toEqual([]);
  });

  it("puts names that begin with the word first", () => {
    expect(ids("llama")).toEqual(["meta/Llama-3", "acme/not-llama", "zoo/camel"]);
  });

  it("without words keeps everything in its order", () => {
    expect(find(index, "  ")).toHaveLength(4);
  });

  it("stays far below a frame with 5,000 models", async () => {
    const rows = await makeFake({ models: 5_000 }).call("models", {
      connection: "hf",
      task: "chat_completion",
      refresh: false,
    });
    const all = indexed(rows);
    const times = ["q", "qw", "llama 70b", "zzz", "instruct v9"].map((query) => {
      const before = performance.now();
      for (let again = 0; again < 5; again++) find(all, query);
      return (performance.now() - before) / 5;
    });
    expect(rows).toHaveLength(5_000);
    expect(Math.min(...times)).toBeLessThan(16);
    expect(times.sort((a, b) => a - b)[2]).toBeLessThan(16);
  });
});

describe("rows of our own", () => {
  const ids = (typed: string, kind: "builtin" | "hugging_face" | "server", found = [row("a/b")]) =>
    withOwn(found, typed, kind).map(({ id }) => id);

  it("let a connection choose where it can", () => {
    expect(ids("", "builtin")).toEqual(["", "a/b"]);
    expect(ids("", "server", [row("")])).toEqual([""]);
    expect(ids("", "hugging_face")).toEqual(["a/b"]);
  });

  it("take an id as it was typed, last and only once", () => {
    expect(ids("my/model", "hugging_face")).toEqual(["a/b", "my/model"]);
    expect(ids("a/b", "server")).toEqual(["a/b"]);
    expect(ids("my/model", "builtin")).toEqual(["a/b"]);
  });
});

describe("the list", () => {
  it("draws a few rows of thousands", () => {
    const [first, after] = inSight(10_000, 400, 50, 5_000);
    expect([first, after]).toEqual([194, 214]);
    expect(inSight(0, 400, 50, 3)).toEqual([0, 3]);
  });

  it("scrolls no further than needed", () => {
    expect(scrollTo(5, 0, 400, 50)).toBe(0);
    expect(scrollTo(8, 0, 400, 50)).toBe(50);
    expect(scrollTo(1, 200, 400, 50)).toBe(50);
  });
});
