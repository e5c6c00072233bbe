// "Speak" on any text: one press says it with the last voice, the next is silence, and it is a take of the Speech tab.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connections } from "../connections/connections.svelte";
import { layout } from "../frame/layout.svelte";
import type { Fake } from "../host/fake";
import { settings } from "../settings/settings.svelte";
import { toasts } from "../shared/toasts.svelte";
import { lastVoice } from "../tasks/speech/lastVoice.svelte";
import { speech } from "../tasks/speech/speech.svelte";
import { takes } from "../tasks/speech/takes.svelte";
import { openSpeech, startedAt, useBark } from "../tasks/speech/testing";
import { player } from "./player.svelte";
import SpeakButton from "./SpeakButton.svelte";

let fake: Fake;

beforeEach(async () => {
  fake = await openSpeech();
  await settings.save({ autoplay: false });
  lastVoice.current = { connection: "builtin", model: "", extra_body: {} };
});

afterEach(cleanup);

const started = () => startedAt(fake);

function show(text: string, place: string) {
  cleanup();
  render(SpeakButton, { text: () => text, place });
  return screen.getByTestId("speak");
}

it("says a text at one press, is silent at the next, and asks nobody twice", async () => {
  const button = show("Two owls.", "m1");
  await fireEvent.click(button);
  await waitFor(() => expect(button.ariaLabel ?? button.getAttribute("aria-label")).toBe("Stop speaking"));
  await waitFor(() => expect(player.now.phase).toBe("playing"));
  await waitFor(() => expect(takes.list[0]?.running).toBe(false), { timeout: 5_000 });
  expect(started()[0]).toMatchObject({ connection: "builtin", input: { text: "Two owls.", extra_body: {} } });
  expect(takes.list.map(({ text }) => text)).toEqual(["Two owls."]);
  await fireEvent.click(button);
  expect(player.now.pieces).toEqual([]);
  await fireEvent.click(button);
  await waitFor(() => expect(player.playing).toBe(true));
  expect(started()).toHaveLength(1);
});

it("speaks with the voice that was used last, in parts where that is short of breath", async () => {
  useBark();
  speech.voice = "announcer";
  Object.assign(speech, { text: "Hello.", values: { text_temp: 0.3 } });
  await takes.send();
  connections.use("builtin");
  await fireEvent.click(show(`One ${"owl ".repeat(40)}. Two ${"owls ".repeat(40)}.`, "m2"));
  await waitFor(() => expect(started()).toHaveLength(3));
  for (const run of started())
    expect(run).toMatchObject({
      connection: "hf",
      input: { model: "suno/bark", extra_body: { voice: "announcer", text_temp: 0.3 } },
    });
});

it("leads to where a voice is had, where nothing can speak", async () => {
  await fake.call("remove_model", { id: "kokoro" });
  await fireEvent.click(show("Two owls.", "m3"));
  await waitFor(() => expect(toasts.list.at(-1)?.text).toContain("No voice is here yet."));
  const last = toasts.list.at(-1);
  if (last) toasts.act(last);
  expect([layout.tab, layout.settingsSection]).toEqual(["settings", "models"]);
  expect(started()).toEqual([]);
});

it("says nothing where there are no words", async () => {
  await fireEvent.click(show(" ", "m5"));
  await waitFor(() => expect(toasts.list.at(-1)?.text).toBe("There are no words to be said."));
  expect(started()).toEqual([]);
});

it("tells why it failed, and shows the take with its card", async () => {
  await fireEvent.click(show("error:loading", "m4"));
  await waitFor(() => expect(toasts.list.at(-1)?.text).toContain("“loading”"), { timeout: 5_000 });
  const last = toasts.list.at(-1);
  if (last) toasts.act(last);
  expect([layout.tab, takes.open?.text]).toEqual(["speech", "error:loading"]);
});
