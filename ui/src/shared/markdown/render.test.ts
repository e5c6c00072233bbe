// What the renderer makes of markdown, whole and streamed.
import { beforeEach, describe, expect, it } from "vitest";
import { Renderer } from "./render";

const sample = `# Title with \`code\`

Some **bold**, _soft_ and ~~old~~ text with [a link](https://example.org/a?b=1&amp;c) &copy; &#x2014; <b>tag</b>.
A second line[^1]. See [later] and [the other][2].

1. one
2. two
   - nested
   - [x] done
3. three

| Name | Size |
|:-----|-----:|
| a<br>b | 1 |
| c | 2 |

> quoted
> text

\`\`\`python
def f(x):
    return x < 1
\`\`\`

![cat](https://example.org/cat.png "t")

[later]: https://example.org/later
[2]: <https://example.org/2>

[^1]: A note.
`;

function shown(text: string, size: number): HTMLElement {
  const root = document.createElement("div");
  const renderer = new Renderer(root);
  for (let at = 0; at < text.length; at += size) {
    renderer.set(text.slice(0, at + size), true);
    while (!renderer.work());
  }
  renderer.set(text, false);
  while (!renderer.work());
  return root;
}

describe("the renderer", () => {
  let root: HTMLElement;
  beforeEach(() => {
    root = shown(sample, sample.length);
  });

  it("gives the same page however the text was cut", () => {
    for (const size of [1, 7, 64]) expect(shown(sample, size).isEqualNode(root)).toBe(true);
  });

  it("finds the address of links that are defined after them", () => {
    const links = [...root.querySelectorAll("a")].map((link) => [link.textContent, link.dataset.href]);
    expect(links).toEqual([
      ["a link", "https://example.org/a?b=1&c"],
      ["later", "https://example.org/later"],
      ["the other", "https://example.org/2"],
    ]);
  });

  it("shows HTML as the text that it is, and resolves character references", () => {
    expect(root.textContent).toContain("© — <b>tag</b>.");
  });

  it("shows footnote signs raised", () => {
    expect([...root.querySelectorAll("sup")].map((sup) => sup.textContent)).toEqual(["1", "1"]);
  });

  it("names the place that a picture would come from, and never makes a picture", () => {
    expect(root.querySelector(".picture")?.textContent).toBe("cat (not loaded, from example.org)");
    expect(root.querySelector("img")).toBeNull();
  });

  it("puts tables in a box that scrolls, with their alignment", () => {
    expect(root.querySelector(".table td.to-right")?.textContent).toBe("1");
    expect(root.querySelector(".table td br")).not.toBeNull();
  });

  it("keeps code as it was written", () => {
    expect(root.querySelector(".code code")?.textContent).toBe("def f(x):\n    return x < 1\n");
    expect(root.querySelector(".language")?.textContent).toBe("python");
  });

  it("keeps sealed blocks untouched while more text comes", () => {
    const element = document.createElement("div");
    const renderer = new Renderer(element);
    renderer.set("first\n\nsecond", true);
    renderer.work();
    const first = element.querySelector("p");
    const inside = first?.firstChild;
    renderer.set("first\n\nsecond\n\nthird", true);
    renderer.work();
    expect(element.querySelector("p")).toBe(first);
    expect(first?.firstChild).toBe(inside);
    expect(element.textContent).toBe("firstsecondthird");
  });

  it("grows a long table in pieces, all in one box", () => {
    const rows = Array.from({ length: 300 }, (_, n) => `| row ${n} | some words |`).join("\n");
    const page = shown(`| a | b |\n|---|---|\n${rows}\n\nafter`, 64);
    expect(page.querySelectorAll(".table")).toHaveLength(1);
    expect(page.querySelectorAll("table").length).toBeLessThan(5);
    expect(page.querySelectorAll("tbody tr")).toHaveLength(300);
    expect(page.querySelector(".block:last-child")?.textContent).toBe("after");
  });

  it("begins anew when the text is another one", () => {
    const element = document.createElement("div");
    const renderer = new Renderer(element);
    renderer.set("one", false);
    renderer.work();
    renderer.set("two", false);
    renderer.work();
    expect(element.textContent).toBe("two");
  });

  it("shows half-arrived emphasis, code and links without their signs", () => {
    const half = (text: string) => {
      const element = document.createElement("div");
      const renderer = new Renderer(element);
      renderer.set(text, true);
      renderer.work();
      return element.innerHTML.replace(/<div class="(?:block|chapter)">|<\/div>| dir="auto"/g, "");
    };
    expect(half("a **bo")).toBe("<p>a <strong>bo</strong></p>");
    expect(half("a **")).toBe("<p>a</p>");
    expect(half("a `co")).toBe("<p>a <code>co</code></p>");
    expect(half("a [link](https://exa")).toBe("<p>a link</p>");
    expect(half("para\n-")).toBe("<p>para</p>");
    expect(half("2 * 3 = 6 * 1")).toBe("<p>2 * 3 = 6 * 1</p>");
  });
});
