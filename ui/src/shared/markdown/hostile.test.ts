// The hostile corpus through the real component, streamed in pieces: nothing that acts may come out.
import { cleanup, render } from "@testing-library/svelte";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import Markdown from "../Markdown.svelte";
import { ATTRIBUTES, ELEMENTS } from "./build";
import corpus from "./hostile.json";

const elements = new Set<string>(ELEMENTS);
const attributes = new Set(ATTRIBUTES);

/** Every element and attribute that is not on the list, and every address that may not be opened. */
function offences(root: ParentNode): string[] {
  const found: string[] = [];
  for (const element of root.querySelectorAll("*")) {
    if (!elements.has(element.localName)) found.push(`<${element.localName}>`);
    if (element.namespaceURI !== "http://www.w3.org/1999/xhtml") found.push(`${element.namespaceURI}`);
    for (const { name, value } of element.attributes) {
      if (!attributes.has(name)) found.push(`${element.localName}[${name}]`);
      if (name === "data-href" && !/^(?:https?|mailto):/.test(value)) found.push(`data-href=${value}`);
    }
  }
  return found;
}

/** Frames pass when the test says so: the corpus takes seconds instead of minutes. */
const frames: FrameRequestCallback[] = [];
function passFrames() {
  for (let next = frames.shift(); next; next = frames.shift()) next(performance.now());
}

async function stream(text: string, size: number): Promise<{ root: Element; seen: string[] }> {
  const { container, rerender } = render(Markdown, { text: "", streaming: true });
  const root = container.querySelector(".markdown");
  if (!root) throw new Error("no markdown");
  const seen: string[] = [];
  // A giant text is streamed at its end; what is sealed before stays as it is.
  const from = Math.max(0, text.length - 150 * size);
  for (let at = from; at < text.length; at += size) {
    await rerender({ text: text.slice(0, at + size), streaming: at + size < text.length });
    passFrames();
    seen.push(...offences(root));
  }
  return { root, seen };
}

describe("hostile markdown", () => {
  beforeAll(() => {
    vi.stubGlobal("requestAnimationFrame", (next: FrameRequestCallback) => frames.push(next));
  });
  afterEach(cleanup);
  afterAll(() => {
    vi.unstubAllGlobals();
  });
  for (const { name, markdown } of corpus) {
    it(`${name} does nothing, in pieces of 1, 7 and 64 characters`, { timeout: 20_000 }, async () => {
      for (const size of [1, 7, 64]) {
        const { root, seen } = await stream(markdown, size);
        expect(seen).toEqual([]);
        expect((window as { ran?: number }).ran).toBeUndefined();
        expect(root.textContent?.length).toBeGreaterThan(0);
      }
    });
  }
});
