// Takes are heard as they come: at once, in their order, part by part; and whoever plays something else is left alone.
import { flushSync } from "svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { Fake } from "../../host/fake";
import { settings } from "../../settings/settings.svelte";
import { player } from "../../sound/player.svelte";
import { switchTo } from "./pair";
import { speech } from "./speech.svelte";
import { takes } from "./takes.svelte";
import { ended, LONG, openSpeech, useBark } from "./testing";

let fake: Fake;

beforeEach(async () => {
  fake = await openSpeech();
  speech.text = "One owl. Two owls.";
});

/** Lets all that the player holds be heard. */
async function listen(): Promise<void> {
  fake.player.pass(600);
  flushSync();
}

describe("a take", () => {
  it("is heard at once, to its end", async () => {
    await takes.send();
    await ended();
    expect(player.holds(takes.open?.runs ?? [])).toBe(true);
    await listen();
    expect(player.now.phase).toBe("ended");
  });

  it("does not play by itself where the person does not want that", async () => {
    await settings.save({ autoplay: false });
    await takes.send();
    await ended();
    expect(player.now.pieces).toEqual([]);
  });

  it("is silent when it is stopped", async () => {
    await takes.send();
    if (takes.open) await takes.stop(takes.open);
    await ended();
    expect(player.playing).toBe(false);
  });

  it("are heard one after the other as they come, with a silence between", async () => {
    useBark();
    speech.text = LONG;
    await takes.send();
    await ended();
    for (let part = 0; part < 3; part++) await listen();
    const [first, ...rest] = player.now.pieces;
    expect([first?.gap, ...rest.map(({ gap }) => gap)]).toEqual([undefined, 0.25, 0.25]);
    expect([player.now.phase, player.now.piece]).toEqual(["ended", 2]);
  });
});

describe("several takes", () => {
  it("are heard in their order", async () => {
    await takes.send();
    const first = takes.open;
    speech.text = "Three owls.";
    await takes.send();
    await ended();
    expect(player.holds(first?.runs ?? [])).toBe(true);
    await listen();
    expect(player.holds(takes.open?.runs ?? [])).toBe(true);
  });

  it("do not wait for one that is held", async () => {
    await takes.send();
    await ended();
    player.pause();
    speech.text = "Three owls.";
    await takes.send();
    await ended();
    expect([player.playing, player.holds(takes.open?.runs ?? [])]).toEqual([true, true]);
  });

  it("leave the person alone who plays something else", async () => {
    await takes.send();
    await ended();
    const first = takes.open;
    await listen();
    for (const text of ["Three owls.", "Four owls."]) {
      speech.text = text;
      await takes.send();
      await ended();
    }
    expect(player.holds(first?.runs ?? [])).toBe(false);
    player.play(first?.runs ?? []);
    await listen();
    expect([player.now.phase, player.holds(first?.runs ?? [])]).toEqual(["ended", true]);
  });

  it("are compared at the same place, and hold where the first held", async () => {
    await takes.send();
    const first = takes.open;
    await ended();
    speech.text = "Five owls. Six owls.";
    await takes.send();
    const second = takes.open;
    await ended();
    if (!first || !second) throw new Error("There are two takes.");
    takes.mark(first);
    takes.mark(second);
    expect(takes.pair).toEqual([first, second]);
    player.play(second.runs);
    fake.player.pass(0.8);
    switchTo(first, second);
    expect(player.now).toMatchObject({ phase: "playing", pieces: [{ sound: `run:${first.runs[0]}` }] });
    expect(player.now.position).toBeCloseTo(0.8, 1);
    player.pause();
    switchTo(second, first);
    expect(player.now.phase).toBe("paused");
    expect(player.now.position).toBeCloseTo(0.8, 1);
    takes.mark(first);
    expect(takes.pair).toEqual([second]);
  });
});
