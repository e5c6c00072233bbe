// Texts to measure the renderer with: what models write, and giants of one kind each.

const SECTION = (n: number) => `## Part ${n}: what the numbers say

Here is **part ${n}** of an answer that goes on for a while, with *some emphasis*, \`inline code\`, and a
[link](https://example.org/part/${n}) in it. The second sentence of the paragraph has nothing special at all.

1. First, read what is there; it is rarely what one thinks.
2. Then change **one** thing:
   - a small one,
   - that can be undone.
3. Measure again.

\`\`\`python
def part_${n}(values: list[float]) -> float:
    """The mean of part ${n}."""
    total = sum(value * ${n} for value in values if value > 0)
    return total / max(1, len(values))
\`\`\`

| Step | Time | Note |
|:-----|-----:|------|
| read | ${n}.5 ms | once a block |
| build | ${n}.1 ms | elements only |

> A quoted remark, so that quotes are part of it too.

`;

function repeat(line: (n: number) => string, length: number): string {
  let text = "";
  for (let n = 1; text.length < length; n++) text += line(n);
  return text;
}

/** Text of about `length` characters, by kind. */
export const SAMPLES: Record<string, (length: number) => string> = {
  mixed: (length) => repeat(SECTION, length),
  "one block of code": (length) =>
    `\`\`\`js\n${repeat((n) => `const value${n} = compute(${n}); // line\n`, length)}`,
  "one paragraph": (length) => repeat((n) => `Sentence ${n} has **some** words in it. `, length),
  "one list": (length) => repeat((n) => `${n}. Item ${n} with \`code\` and a few more words in it\n`, length),
  "one table": (length) =>
    `| a | b | c |\n|---|---|---|\n${repeat((n) => `| cell ${n} | some more words | \`${n}\` |\n`, length)}`,
};
