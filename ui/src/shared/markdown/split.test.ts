// Where blocks end, and that the tail stays short whatever comes.
import { describe, expect, it } from "vitest";
import { type Block, CAP } from "./blocks";
import { Splitter } from "./split";

/** Streams text in pieces and writes down what the sink was told; code is joined to one entry. */
function split(text: string, size = 1) {
  const told: string[] = [];
  const blocks: Block[] = [];
  let code = "";
  const splitter = new Splitter({
    sealed: (block) => {
      blocks.push(block);
      told.push(block.source.trimEnd());
    },
    fenceOpened: (info) => {
      code = `code ${info}: `;
    },
    fenceText: (more) => {
      code += more;
    },
    fenceClosed: () => void told.push(code.trimEnd()),
  });
  let longest = 0;
  for (let at = 0; at < text.length; at += size) {
    splitter.push(text.slice(at, at + size));
    longest = Math.max(longest, splitter.tail?.source.length ?? 0);
  }
  splitter.end();
  return { told, blocks, longest };
}

describe("the splitter", () => {
  it("seals paragraphs, headings, rules and code where they end", () => {
    const text = "# Title\nOne\ntwo\n\n---\n```js a\nlet x;\n\nx\n```\nafter\n";
    expect(split(text).told).toEqual(["# Title", "One\ntwo", "---", "code js a: let x;\n\nx", "after"]);
  });

  it("gives the same blocks in pieces of any size", () => {
    const text =
      "a\n\n- b\n  c\n\n  ```\n  d\n\n  ```\n- e\n\nf | g\n--|--\nh | i\n\n> j\nk\n\n    l\n\n    m\n\nTitle\n===\n~~~\n`` `\n~~~\n1. x\n2. y\n";
    const whole = split(text, text.length).told;
    for (const size of [1, 2, 3, 7, 64]) expect(split(text, size).told).toEqual(whole);
    expect(whole).toHaveLength(8);
  });

  it("keeps a list with blank lines and nested code together", () => {
    const list = "1. one\n\n   ```sh\n   ls\n\n   ```\n\n2. two\n   - deep\n3. three";
    expect(split(`${list}\n\nafter`).told).toEqual([list, "after"]);
  });

  it("ends a list where another kind begins", () => {
    expect(split("- a\n- b\n1. c\n2. d\n* e\n").told).toEqual(["- a\n- b", "1. c\n2. d", "* e"]);
  });

  it("does not take a line of code for the end of its fence", () => {
    expect(split("````\n```\nx ````\n````\ny").told).toEqual(["code : ```\nx ````", "y"]);
  });

  it("holds back a line that may yet close the fence", () => {
    const { told } = split("```\na\n``", 1);
    expect(told).toEqual(["code : a\n``"]);
  });

  const giants: Record<string, string> = {
    paragraph: "Some words that go on and on. ".repeat(2_000),
    "paragraph of one word": "x".repeat(60_000),
    "paragraph of many lines": "Some words in a line\n".repeat(3_000),
    list: Array.from({ length: 1_500 }, (_, n) => `${n + 1}. An item of the list\n`).join(""),
    "list of one item": `- one\n${"  - nested item of the list\n".repeat(2_000)}`,
    "list of one item without an end": `- ${"word ".repeat(12_000)}`,
    "list with a giant fence": `1. Do\n   \`\`\`js\n${"   let x = 1;\n".repeat(4_000)}   \`\`\`\n2. Done`,
    table: `| a | b |\n|---|---|\n${"| some cell | another cell |\n".repeat(2_000)}`,
    quote: "> Some words that are quoted\n".repeat(2_000),
    "quote of one line": `> ${"word ".repeat(12_000)}`,
    "indented code": "    let x = 1;\n".repeat(4_000),
    fence: `\`\`\`\n${"let x = 1;\n".repeat(5_000)}`,
    tags: "<div>".repeat(10_000),
  };
  for (const [name, text] of Object.entries(giants)) {
    it(`keeps the tail of a giant ${name} short`, () => {
      expect(split(text, 64).longest).toBeLessThan(2 * CAP + 100);
      const words = (told: string[]) => told.join("").replace(/[^\w]/g, "").length;
      expect(words(split(text, 64).told)).toBeGreaterThanOrEqual(text.replace(/[^\w]/g, "").length * 0.99);
    });
  }

  it("goes on counting in the pieces of a giant ordered list", () => {
    const { blocks } = split(giants.list ?? "", 64);
    expect(blocks.length).toBeGreaterThan(5);
    for (const { source, joined, start } of blocks.slice(1)) {
      expect(joined).toBe(true);
      expect(start).toBe(Number.parseInt(source, 10));
    }
  });

  it("closes a fence that was cut out of a list, and goes on with the list", () => {
    const { told } = split(giants["list with a giant fence"] ?? "", 64);
    expect(told.at(-2)).toMatch(/^code js: /);
    expect(told.at(-1)).toBe("2. Done");
  });
});
