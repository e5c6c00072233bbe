// The Speech tab on the screen: a text becomes a take that is drawn and played; voices, cues, failures, silence, keys.
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connections } from "../../connections/connections.svelte";
import { stage } from "../../frame/stage.svelte";
import type { Fake } from "../../host/fake";
import { models } from "../../models/models.svelte";
import { player } from "../../sound/player.svelte";
import { faults } from "../../testing/faults";
import SpeechTab from "./SpeechTab.svelte";
import { speech, TASK } from "./speech.svelte";
import { takes } from "./takes.svelte";
import { openSpeech, stubPage, useBark } from "./testing";

let fake: Fake;

async function begin(options: Parameters<typeof openSpeech>[0] = {}) {
  fake = await openSpeech(options);
}

beforeEach(async () => {
  stubPage();
  await begin();
});

afterEach(() => {
  cleanup();
});

async function say(text: string) {
  await fireEvent.input(screen.getByTestId("prompt"), { target: { value: text } });
  await fireEvent.click(screen.getByTestId("run"));
}

async function ended(...phases: string[]) {
  const now = () => takes.open?.cells.map(({ run }) => run.phase);
  await waitFor(() => expect(now()).toEqual(phases), { timeout: 5_000 });
}

describe("the Speech tab", () => {
  it("makes a take of a text, draws it and plays it at once, sentence by sentence", async () => {
    render(SpeechTab);
    expect(await faults()).toEqual([]);
    await fireEvent.input(screen.getByTestId("prompt"), { target: { value: "One owl. Two owls." } });
    expect(screen.getByText("18 characters, about 1 s")).toBeTruthy();
    await say("One owl. Two owls.");
    await ended("done");
    fake.player.pass(0.9);
    await waitFor(() => expect(screen.getByText("Two owls.").getAttribute("aria-current")).toBe("true"));
    await waitFor(() => expect(screen.getByTestId("time").textContent).toBe("0:00 / 0:01"));
    expect(screen.getAllByTestId("take")).toHaveLength(1);
    expect(await faults()).toEqual([]);
  }, 30_000);

  it("goes to a sentence at a press, and plays and holds by the space bar", async () => {
    render(SpeechTab);
    await say("One owl. Two owls.");
    await ended("done");
    await fireEvent.click(screen.getByText("Two owls."));
    expect(player.now.position).toBeCloseTo(0.82, 1);
    await fireEvent.keyDown(screen.getByRole("slider", { name: "Place in the sound" }), { key: " " });
    expect(player.now.phase).toBe("paused");
    await fireEvent.click(screen.getByTestId("play"));
    expect(player.now.phase).toBe("playing");
  });

  it("is stopped by the frame, keeps what came, and says that it was stopped", async () => {
    await begin({ pace: 5 });
    render(SpeechTab);
    await say("One owl slow. Two owls. Three owls.");
    await waitFor(() => expect(takes.open?.cells[0]?.run.captions).toHaveLength(1), { timeout: 5_000 });
    expect([stage.current?.running, stage.current?.adds]).toEqual([true, true]);
    stage.current?.stop();
    expect((await screen.findByTestId("waiting")).textContent).toContain("Stopping…");
    await ended("cancelled");
    expect(screen.queryByTestId("waiting")).toBeNull();
    expect(screen.getByText("Stopped.", { exact: false })).toBeTruthy();
    expect(screen.getByTestId("player")).toBeTruthy();
  });

  it("shows a failure as its card, in the place of the sound", async () => {
    render(SpeechTab);
    await say("error:refused");
    const card = await screen.findByTestId("error", {}, { timeout: 5_000 });
    expect(card.dataset.code).toBe("refused");
    expect(screen.queryByTestId("player")).toBeNull();
  });

  it("says why it is silent, and still makes, shows and saves the sound", async () => {
    await begin({ sound: { silent: true } });
    render(SpeechTab);
    await say("One owl.");
    await ended("done");
    await screen.findByText("No sound device was found.", { exact: false });
    await fireEvent.click(screen.getByRole("button", { name: "Save", hidden: true }));
    expect(screen.getByRole("slider", { name: "Place in the sound" })).toBeTruthy();
    expect(await faults()).toEqual([]);
  }, 30_000);

  it("leads to a voice where none is here", async () => {
    await fake.call("remove_model", { id: "kokoro" });
    await models.load(connections.current, TASK, true);
    render(SpeechTab);
    await screen.findByText("No built-in voice is here yet");
    expect(screen.getByTestId("run").textContent).toContain("Speak");
    await fireEvent.click(screen.getByRole("button", { name: "Use Hugging Face" }));
    await screen.findByText("Say it aloud");
  });
});

describe("the list of takes", () => {
  it("opens one, and compares two at the same place", async () => {
    render(SpeechTab);
    await say("One owl. Two owls.");
    await ended("done");
    await say("Three owls.");
    await ended("done");
    const [second, first] = screen.getAllByTestId("take").map((row) => within(row));
    for (const row of [first, second]) {
      const mark = row?.getByRole("button", { name: /compare: / });
      if (mark) await fireEvent.click(mark);
    }
    await fireEvent.click(screen.getByRole("radio", { name: /^A: One owl/ }));
    expect(takes.open?.text).toBe("One owl. Two owls.");
    expect(await faults()).toEqual([]);
  }, 30_000);

  it("is walked by the arrows", async () => {
    render(SpeechTab);
    for (const text of ["One owl.", "Two owls."]) {
      await say(text);
      await ended("done");
    }
    const [first, second] = screen
      .getAllByTestId("take")
      .map((row) => row.querySelector<HTMLElement>("[data-open]"));
    first?.focus();
    await fireEvent.keyDown(first as HTMLElement, { key: "ArrowDown" });
    expect(document.activeElement).toBe(second);
    await fireEvent.keyDown(second as HTMLElement, { key: "ArrowRight" });
    expect(document.activeElement?.textContent?.trim()).toBe("A/B");
  });
});

describe("the voices", () => {
  beforeEach(useBark);

  /** jsdom knows no popover: what it holds is there once it is told to open. */
  async function openVoices() {
    const button = screen.getByTestId("voice-picker");
    const panel = document.getElementById(button.getAttribute("popovertarget") ?? "");
    const event = Object.assign(new Event("beforetoggle"), { newState: "open" });
    if (panel) await fireEvent(panel, event);
    return within(panel as HTMLElement);
  }

  it("are picked by language, by search, or by any name", async () => {
    render(SpeechTab);
    const panel = await openVoices();
    expect(panel.getAllByText("Speaker 6")).toHaveLength(13);
    expect(await faults()).toEqual([]);
    const box = panel.getByLabelText("Search voices, or type a name");
    await fireEvent.input(box, { target: { value: "polish 4" } });
    await fireEvent.keyDown(box, { key: "Enter" });
    expect(speech.voice).toBe("v2/pl_speaker_4");
    await openVoices();
    await fireEvent.input(panel.getByLabelText("Search voices, or type a name"), {
      target: { value: "my-voice" },
    });
    await fireEvent.click(panel.getByText("Use “my-voice”"));
    expect(speech.voice).toBe("my-voice");
  }, 30_000);

  it("say before they are heard that a call is made", async () => {
    render(SpeechTab);
    const panel = await openVoices();
    expect(panel.getByText(/can cost what a run costs/)).toBeTruthy();
    await fireEvent.click(
      panel.getAllByRole("button", {
        name: "Hear Speaker 0 (a call to Hugging Face)",
        hidden: true,
      })[0] as HTMLElement,
    );
    await waitFor(() => expect(fake.calls.filter(({ name }) => name === "start_run")).toHaveLength(1));
  });

  it("get Bark's cues into the text at the cursor", async () => {
    speech.text = "Hello there";
    render(SpeechTab);
    const prompt = screen.getByTestId<HTMLTextAreaElement>("prompt");
    prompt.setSelectionRange(5, 5);
    await fireEvent.click(screen.getByRole("button", { name: "[laughs]" }));
    expect(speech.text).toBe("Hello [laughs] there");
    const chip = screen.getByRole("button", { name: "[laughter]" });
    chip.focus();
    await fireEvent.keyDown(chip, { key: "ArrowRight" });
    expect(document.activeElement?.textContent?.trim()).toBe("[laughs]");
  });
});
