// The window's player on the scripted host: what it is told, what it shows, and that it may be silent.
import { beforeEach, describe, expect, it } from "vitest";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { settings } from "../settings/settings.svelte";
import { player } from "./player.svelte";

let fake: Fake;
/** A run that was made before, 3 seconds of sound. */
const RUN = "sample-0";

async function begin(sound = {}) {
  fake = makeFake({ samples: true, sound });
  setHost(fake);
  await settings.load();
  await player.start();
}

beforeEach(() => begin());

function orders(): unknown[] {
  return fake.calls.filter(({ name }) => name === "sound").map(({ args }) => args);
}

describe("the player", () => {
  it("plays a run's sound to its end, holds and goes on", () => {
    expect(player.holds([RUN])).toBe(false);
    player.toggle([RUN]);
    fake.player.pass(1);
    expect(player.now).toMatchObject({ phase: "playing", duration: 3 });
    expect(player.now.position).toBeCloseTo(1, 1);
    expect([player.playing, player.holds([RUN]), player.run]).toEqual([true, true, RUN]);
    player.toggle([RUN]);
    fake.player.pass(1);
    expect([player.playing, player.now.phase]).toEqual([false, "paused"]);
    expect(player.now.position).toBeCloseTo(1, 1);
    player.toggle([RUN]);
    fake.player.pass(5);
    expect(player.now.phase).toBe("ended");
    player.toggle([RUN]);
    expect(player.now).toMatchObject({ phase: "playing", position: 0 });
  });

  it("goes to a place, twice as fast, and begins again where it repeats", () => {
    player.play([RUN]);
    player.seek(0, 2);
    expect(player.now.position).toBe(2);
    player.speed(2);
    fake.player.pass(0.25);
    expect(player.now.position).toBeCloseTo(2.5, 1);
    player.repeat(true);
    fake.player.pass(0.5);
    expect(player.now.phase).toBe("playing");
    expect(player.now.position).toBeLessThan(1);
    player.stop();
    expect([player.now.pieces, player.run]).toEqual([[], undefined]);
  });

  it("keeps how loud it is and where it is heard, and forgets neither while it is silent", async () => {
    player.volume(0.4);
    player.mute(true);
    player.mute(false);
    player.device("headphones");
    expect(orders().slice(-4)).toEqual([
      { do: "volume", volume: 0.4 },
      { do: "volume", volume: 0 },
      { do: "volume", volume: 0.4 },
      { do: "device", id: "headphones" },
    ]);
    await settings.save({});
    await settings.load();
    expect(settings.current).toMatchObject({ volume: 0.4, sound_device: "headphones" });
    await player.start();
    expect(orders().slice(-2)).toEqual([
      { do: "volume", volume: 0.4 },
      { do: "device", id: "headphones" },
    ]);
    player.device(undefined);
    expect(orders().at(-1)).toEqual({ do: "device" });
  });

  it("says why it is silent without a device, and waits for one", async () => {
    await begin({ silent: true });
    player.play([RUN]);
    expect(player.now.problem?.message).toBe("No sound device was found.");
    expect([player.playing, player.holds([RUN])]).toEqual([false, true]);
    await player.look();
    expect(player.devices).toEqual([]);
  });
});
