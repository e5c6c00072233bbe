// The Speech tab at work on the scripted host: takes, their parts, restarting, taking over, voices.
import { flushSync } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { connections } from "../../connections/connections.svelte";
import type { Fake } from "../../host/fake";
import { models } from "../../models/models.svelte";
import { questionOf } from "../../runs/output";
import { toasts } from "../../shared/toasts.svelte";
import { player } from "../../sound/player.svelte";
import { sample } from "./sample.svelte";
import { speech, TASK } from "./speech.svelte";
import { factsOf, voicesOf } from "./takeFacts";
import { takes } from "./takes.svelte";
import { ended, LONG, openSpeech, startedAt, useBark } from "./testing";
import { voices } from "./voices.svelte";

let fake: Fake;
const started = () => startedAt(fake);

beforeEach(async () => {
  fake = await openSpeech();
  speech.text = "One owl. Two owls.";
});

/** The open take, whatever the compiler believes it to be. */
function opened() {
  return takes.open;
}

describe("a press on Speak", () => {
  it("says the text in one run of the built-in voice, sentence by sentence", async () => {
    await takes.send();
    expect(takes.open?.cells).toHaveLength(1);
    await ended();
    const [run] = started();
    expect(run).toMatchObject({ connection: "builtin", queued: true, batch: takes.open?.id });
    expect(run?.input).toEqual({ task: TASK, model: "", text: "One owl. Two owls.", extra_body: {} });
    expect(takes.open?.cells[0]?.run.captions.map(({ text }) => text)).toEqual(["One owl.", "Two owls."]);
  });

  it("splits what is too long for Bark into parts of one batch, with the same voice", async () => {
    useBark();
    speech.voice = "v2/en_speaker_6";
    speech.text = LONG;
    await takes.send();
    await ended();
    const runs = started();
    expect(runs.map(({ input }) => questionOf(input).split(" ")[0])).toEqual(["One", "Two", "Three"]);
    expect(new Set(runs.map(({ batch }) => batch)).size).toBe(1);
    for (const { input } of runs) expect(input).toMatchObject({ extra_body: { voice: "v2/en_speaker_6" } });
    expect(takes.open && factsOf(takes.open)).toMatchObject([
      "3 of 3 parts",
      "Speaker 6",
      "bark",
      "fal-ai",
      {},
    ]);
  });

  it("does nothing without a model or a text, and says what is missing", async () => {
    connections.use("hf");
    models.pickModel("hf", TASK, "");
    expect(speech.obstacle).toBe("Pick a model first.");
    await takes.send();
    useBark();
    speech.text = "  ";
    await takes.send();
    speech.text = "A";
    speech.values = { extra: "{" };
    expect(speech.obstacle).toBe("Repair the extra JSON first.");
    await takes.send();
    expect(started()).toEqual([]);
  });
});

describe("the parts of a long text", () => {
  it("are tried again alone, and what came stays", async () => {
    useBark();
    speech.text = LONG.replace("Two owls", "error:limit owls");
    await takes.send();
    await ended();
    const take = takes.open;
    expect(take?.cells.map(({ run }) => run.phase)).toEqual(["done", "failed", "done"]);
    expect(take?.sounds).toHaveLength(2);
    const [first, failed] = take?.cells ?? [];
    if (take && failed) takes.retry(take, [failed]);
    expect(started().at(-1)).toMatchObject({ batch: take?.id, input: failed?.input });
    expect(take?.runs[0]).toBe(first?.run.id);
    expect(take?.runs[1]).not.toBe(failed?.run.id);
    await ended();
  });

  it("are stopped together", async () => {
    useBark();
    speech.text = LONG;
    await takes.send();
    await takes.open?.stop();
    await ended();
    expect(takes.open?.cells.map(({ run }) => run.phase)).toEqual(["cancelled", "cancelled", "cancelled"]);
  });
});

describe("a take", () => {
  it("is there again after a restart, in the order of its parts", async () => {
    useBark();
    speech.text = LONG.replace("Two owls", "error:limit owls");
    await takes.send();
    await ended();
    const failed = takes.open?.cells[1];
    if (takes.open && failed) takes.retry(takes.open, [failed]);
    await ended();
    flushSync();
    const runs = takes.open?.runs;
    takes.list = [];
    takes.open = undefined;
    takes.start();
    await takes.load();
    expect(takes.list).toHaveLength(1);
    expect(opened()?.runs).toEqual(runs);
  });

  it("of History that is none of the list is shown alone, and stays when the list is read", async () => {
    sample.press("af_heart", "en");
    await vi.waitFor(() => expect(started()).toHaveLength(1));
    await takes.openRun(started()[0]?.id ?? "");
    await takes.load();
    expect([takes.list, opened()?.text]).toEqual([[], "Hello! This is how I sound."]);
  });

  it("has a name and a star, which History has, too", async () => {
    await takes.send();
    await ended();
    const take = takes.open;
    expect(take?.name).toBe("One owl. Two owls.");
    await take?.rename("  The best one ");
    await take?.star(true);
    expect([take?.name, take?.marks.favourite]).toEqual(["The best one", true]);
    const stored = await fake.call("run", { id: take?.runs[0] ?? "" });
    expect(stored.marks).toMatchObject({ note: "The best one", favourite: true });
    await take?.rename("");
    expect(take?.name).toBe("One owl. Two owls.");
  });

  it("goes and comes back", async () => {
    await takes.send();
    await ended();
    const take = takes.open;
    if (take) await takes.remove(take);
    expect([takes.list, takes.open]).toEqual([[], undefined]);
    expect(player.now.pieces).toEqual([]);
    const undo = toasts.list.at(-1);
    if (undo) toasts.act(undo);
    await vi.waitFor(() => expect(opened()?.id).toBe(take?.id));
  });

  it("gives back its words, or its voice with all its settings", async () => {
    useBark();
    speech.voice = "announcer";
    speech.values = { text_temp: 0.2 };
    await takes.send();
    await ended();
    const take = takes.open;
    connections.use("builtin");
    Object.assign(speech, { text: "else", values: {} });
    if (take) takes.use(take, "text");
    expect([speech.text, connections.current.id]).toEqual(["One owl. Two owls.", "builtin"]);
    if (take) takes.use(take, "voice");
    expect([connections.current.id, speech.model, speech.voice]).toEqual(["hf", "suno/bark", "announcer"]);
    expect(speech.values).toEqual({ text_temp: 0.2 });
    expect(take && voicesOf(take)).toBe("Announcer");
  });

  it("is said once more, as another take", async () => {
    await takes.send();
    await ended();
    const first = takes.open;
    if (first) takes.repeat(first);
    await ended();
    expect(takes.list).toHaveLength(2);
    expect(started()[1]).toMatchObject({ anew: true, input: started()[0]?.input });
  });
});

describe("a voice", () => {
  it("is remembered for each model", async () => {
    await voices.load(connections.current, speech.model);
    expect(speech.voices.map(({ name }) => name)).toEqual(["Heart", "Bella", "Michael", "Emma", "George"]);
    speech.voice = "bf_emma";
    useBark();
    expect(speech.voice).not.toBe("bf_emma");
    speech.voice = "v2/de_speaker_1";
    connections.use("builtin");
    expect(speech.voice).toBe("bf_emma");
  });

  it("is heard in its own language at one press, silent at the next, and asks once", async () => {
    useBark();
    sample.press("v2/de_speaker_1", "de");
    await vi.waitFor(() => expect(sample.stateOf("v2/de_speaker_1")).toBe("heard"), { timeout: 5_000 });
    const [run] = started();
    expect(run?.input).toMatchObject({
      text: "Hallo! So klinge ich.",
      extra_body: { voice: "v2/de_speaker_1" },
    });
    expect([run?.queued, run?.batch]).toEqual([undefined, undefined]);
    sample.press("v2/de_speaker_1", "de");
    expect(sample.stateOf("v2/de_speaker_1")).toBe("still");
    sample.press("v2/de_speaker_1", "de");
    expect(sample.stateOf("v2/de_speaker_1")).toBe("heard");
    expect(started()).toHaveLength(1);
    expect(takes.list).toEqual([]);
  });
});
