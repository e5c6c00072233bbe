// Formatted text as it is read aloud.
import { expect, it } from "vitest";
import { plainText } from "./plain";

it("reads the words alone, without signs, code and addresses", () => {
  const text = [
    "# Owls & hens",
    "A **bold** owl, `purr()` and [a link](https://example.org).[^1]",
    "",
    "- one",
    "- *two*",
    "",
    "```js",
    "let x = 1;",
    "```",
    "",
    "> said he",
    "",
    "| a | b |",
    "|---|---|",
    "| 1 | 2 |",
    "",
    "---",
    "![a cat](cat.png)",
  ].join("\n");
  expect(plainText(text)).toBe(
    "Owls & hens\nA bold owl, purr() and a link.\none\ntwo\nsaid he\na, b.\n1, 2.\na cat",
  );
});

it("keeps plain words as they are", () => {
  expect([plainText("Two lines\nof verse."), plainText("  ")]).toEqual(["Two lines\nof verse.", ""]);
});
