// Opens the Speech tab's state on the scripted host, for its tests.
import { expect, vi } from "vitest";
import type { StartRun } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { type Fake, makeFake } from "../../host/fake";
import { setHost } from "../../host/host";
import { models } from "../../models/models.svelte";
import { settings } from "../../settings/settings.svelte";
import { player } from "../../sound/player.svelte";
import { speech, TASK } from "./speech.svelte";
import { takes } from "./takes.svelte";

/** A fresh host, with the built-in voice in use and nothing said yet. */
export async function openSpeech(options: Parameters<typeof makeFake>[0] = {}): Promise<Fake> {
  const fake = makeFake({ pace: 0, models: 10, ...options });
  setHost(fake);
  await settings.load();
  await connections.load();
  await player.start();
  Object.assign(takes, { list: [], pair: [] });
  takes.start();
  for (const connection of connections.list) await models.load(connection, TASK, true);
  connections.use("builtin");
  takes.fresh();
  Object.assign(speech, { values: {}, text: "" });
  return fake;
}

/** Takes Bark at Hugging Face. */
export function useBark(): void {
  connections.use("hf");
  models.pickModel("hf", TASK, "suno/bark");
}

/** What jsdom lacks. */
export function stubPage(): void {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  );
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
}

/** As long as three of Bark's calls. */
export const LONG = ["One", "Two", "Three"]
  .map((word) => `${word} ${"owls and hens ".repeat(11).trim()}.`)
  .join(" ");

/** The runs that were started, in order. */
export function startedAt(fake: Fake): StartRun[] {
  return fake.calls.filter(({ name }) => name === "start_run").map(({ args }) => args as StartRun);
}

/** Waits until the open take has ended and is read. */
export async function ended(): Promise<void> {
  await vi.waitFor(
    () => {
      expect(takes.open?.running).toBe(false);
      expect(takes.open?.stored.size).toBe(takes.open?.cells.length);
    },
    { timeout: 5_000 },
  );
}
