// From one tab to another: what is sent arrives, and what was being written there is not lost.
import { cleanup, configure, render } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { layout } from "../frame/layout.svelte";
import { makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { toasts } from "../shared/toasts.svelte";
import { classify } from "./classify/classify.svelte";
import { image } from "./image/image.svelte";
import SendTo from "./SendTo.svelte";
import { PICTURE_GOALS, WORD_GOALS } from "./sending";
import { speech } from "./speech/speech.svelte";
import { chat } from "./text/chat.svelte";
import { vision } from "./vision/vision.svelte";

/** A busy machine takes its time; milliseconds. */
const PATIENCE = 20_000;
vi.setConfig({ testTimeout: PATIENCE });
configure({ asyncUtilTimeout: PATIENCE });
const soon = <T>(look: () => T) => vi.waitFor(look, { timeout: PATIENCE });

const ADDRESS = "media:fake-7-640x480.png";
const send = (goals: typeof WORD_GOALS, tab: string, what: string) =>
  goals.find((goal) => goal.tab === tab)?.send(what);

beforeEach(() => {
  setHost(makeFake({ pace: 0, models: 3 }));
  for (const { id } of toasts.list) toasts.close(id);
  chat.draft = image.prompt = speech.text = classify.text = "";
});
afterEach(cleanup);

describe("words", () => {
  it("go to every tab that takes some, without the marks of markdown where they are said or painted", () => {
    for (const [tab, arrived] of [
      ["text", () => chat.draft],
      ["image", () => image.prompt],
      ["speech", () => speech.text],
      ["classify", () => classify.text],
    ] as const) {
      send(WORD_GOALS, tab, "A **cat** at dusk.");
      expect(layout.tab).toBe(tab);
      expect(arrived()).toBe(tab === "text" ? "A **cat** at dusk." : "A cat at dusk.");
    }
    expect(toasts.list, "nothing was replaced").toEqual([]);
  });

  it.each([
    ["text", () => chat.draft, (words: string) => (chat.draft = words)],
    ["image", () => image.prompt, (words: string) => (image.prompt = words)],
    ["speech", () => speech.text, (words: string) => (speech.text = words)],
    ["classify", () => classify.text, (words: string) => (classify.text = words)],
  ] as const)("that replace what was being written in %s can be undone", (tab, read, write) => {
    write("half a thought");
    send(WORD_GOALS, tab, "A cat.");
    expect(read()).toBe("A cat.");
    const [offer] = toasts.list;
    if (offer) toasts.act(offer);
    expect(read()).toBe("half a thought");
  });
});

describe("a picture", () => {
  it("goes to Vision, to Classify, and to Image as what it begins with", async () => {
    send(PICTURE_GOALS, "vision", ADDRESS);
    expect([layout.tab, vision.mode]).toEqual(["vision", "ask"]);
    await soon(() => expect(vision.chat.pictures.map(({ address }) => address)).toEqual([ADDRESS]));
    send(PICTURE_GOALS, "classify", ADDRESS);
    await soon(() => expect(classify.picture).toBeDefined());
    send(PICTURE_GOALS, "image", ADDRESS);
    await soon(() => expect(image.start?.address).toBe(ADDRESS));
  });
});

describe("the menu", () => {
  it("has a name and leaves out the tab that is open", async () => {
    layout.open("vision");
    const { container } = render(SendTo, { picture: ADDRESS, words: () => "A cat." });
    expect(container.querySelector("button")?.getAttribute("aria-label")).toBe("Send to");
  });
});
