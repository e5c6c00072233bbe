// Sound in the real window: a voice is heard, held, moved, made louder and faster; every claim is read from a
// recording. Without a sound device all else works.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { App, Key, quickModelOnly, until } from "./app.mjs";
import { answerDialog } from "./paint.mjs";
import { alike, level, loudest, measured, ramp, RATE, Room, said, samplesOf, sounding, tone, unbroken } from "./room.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, openTab, use } from "./talk.mjs";

/** Opens the Speech tab on a server that speaks. */
async function open(stage, env) {
  const server = stage.keep(await ChatServer.open());
  const app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage), ...env } });
  await addServer(app, server.url);
  await openTab(app, "Speech");
  return { app, server };
}

/** Has this sound made, and waits until it is there. */
async function speak({ app, server }, sound, text) {
  server.sounds = [sound];
  const box = await app.type("What the voice says", text);
  await box.sendKeys(Key.chord(Key.CONTROL, Key.ENTER));
  await app.find("region", new RegExp(`^Player: ${text}`));
}

/** Clicks a button of the page at once, and gives the time of the clock. */
async function press(app, name) {
  const button = await app.find("button", name);
  return app.page.executeScript("const now = Date.now(); arguments[0].click(); return now;", button);
}

/** The samples of the one WAV file below a folder; nothing while it is not there. */
function wavBelow(folder) {
  const names = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".wav"));
  return names[0] && samplesOf(readFileSync(join(folder, names[0])));
}

/** Where the player stands, in seconds. */
async function place(app) {
  return Number(await (await app.find("slider", "Place in the sound")).getAttribute("aria-valuenow"));
}

describe("with a sound device", () => {
  let stage, room, seen, app, recording;
  before(async () => {
    stage = await Stage.open();
    room = await Room.open(stage);
    seen = await open(stage, room.env);
    app = seen.app;
    recording = await room.record();
  });
  after(() => stage?.close());

  /** Has a sound made, and waits until it is heard; gives when. What plays is not interrupted, so it ends first. */
  async function begun(sound, text) {
    if (await app.has("button", "Pause")) await toEnd();
    const order = recording.now;
    await speak(seen, sound, text);
    return recording.begins(order);
  }

  async function toEnd() {
    await (await app.find("slider", "Place in the sound")).sendKeys(Key.END);
    await app.find("button", "Play");
    await recording.wait(recording.now, 0.3);
  }

  /** Has a sound made and played to its end, and gives what was heard. */
  async function heardWhole(sound, text) {
    const from = await begun(sound, text);
    await app.find("button", "Play");
    await recording.wait(recording.now, 0.3);
    return recording.heard(from);
  }

  function isTone(heard, seconds, within) {
    assert.ok(Math.abs(sounding(heard) - seconds) < within, `${sounding(heard)} s`);
    const whole = unbroken(heard);
    assert.ok(Math.abs(loudest(whole) - 440) < 1, `${loudest(whole)} Hz`);
    return whole;
  }

  test("no device is touched before a sound, and a voice is heard as it is", async () => {
    assert.equal(room.used, false);
    await measured(async () => {
      const whole = isTone(await heardWhole(tone(2), "A tone of two seconds."), 2, 0.05);
      assert.ok(Math.abs(level(whole) - 20 * Math.log10(0.4 / Math.SQRT2)) < 1, `${level(whole)} dB`);
    });
  });

  /** Has a sound made that says where it is, and pauses it after a second; gives when it began and was paused. */
  async function pausedRamp() {
    const from = await begun(ramp(16), "It says where it is.");
    await recording.wait(from, 1);
    return { from, paused: recording.at(await press(app, "Pause")) };
  }

  test("a pause is heard within 100 ms, and it goes on where it stopped", () =>
    measured(async () => {
      const { from, paused } = await pausedRamp();
      await recording.wait(paused, 0.5);
      const stopped = recording.ends(from);
      assert.ok(stopped - paused < RATE / 10, `${((stopped - paused) * 1000) / RATE} ms`);
      await press(app, "Play");
      const again = await recording.begins(stopped);
      await recording.wait(again, 0.3);
      const [last, first] = [stopped - RATE / 100, again + RATE / 100].map((at) => said(recording.heard(at, at + 1)[0]));
      assert.ok(Math.abs(first - last - 0.02) < 0.02, `it stopped at ${last} s and went on at ${first} s`);
    }));

  test("a place is found within 20 ms, by keys", async () => {
    await measured(async () => {
      await pausedRamp();
      const slider = await app.find("slider", "Place in the sound");
      for (const [at, key] of [Key.HOME, Key.ARROW_RIGHT, Key.ARROW_RIGHT, Key.ARROW_RIGHT].entries()) {
        await slider.sendKeys(key);
        await until(async () => (await place(app)) === at, `the place of ${at} s`);
      }
      const silent = recording.now;
      await press(app, "Play");
      const from = await recording.begins(silent);
      await recording.wait(from, 1);
      const landed = said(recording.heard(from + RATE / 100, from + RATE / 100 + 1)[0]) - 0.01;
      assert.ok(Math.abs(landed - 3) < 0.02, `${landed} s`);
    });
    await toEnd();
    assert.equal(await place(app), 16);
  });

  test("the volume and the speed act on what is heard", async () => {
    const drag = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('input', { bubbles: true }));";
    const turn = async (volume) => app.page.executeScript(drag, await app.find("slider", "Volume"), volume);
    await measured(async () => {
      await turn(100);
      const from = await begun(tone(6), "A long tone.");
      await recording.wait(from, 0.6);
      const loud = level(unbroken(recording.heard(from, from + RATE / 2)));
      await turn(50);
      const set = recording.now;
      await recording.wait(set, 1);
      const less = level(unbroken(recording.heard(set + RATE / 2, set + RATE))) - loud;
      assert.ok(Math.abs(less + 6.02) < 1, `${less} dB`);
    });
    await toEnd();
    await app.click("button", /^Speed/);
    await app.click("menuitem", /^2×/);
    await measured(async () => isTone(await heardWhole(tone(3), "A tone at double speed."), 1.5, 0.1));
  });

  test("the device is let go when nothing plays, and sound ends with the window", async () => {
    await until(() => !room.used, "the device's rest", 30_000);
    await begun(tone(30), "A very long tone.");
    await app.close();
    await until(() => !room.used, "the end of the sound");
  });
});

test("without a sound device a voice is made, shown and saved, and a card says why it is silent", async () => {
  const stage = await Stage.open();
  try {
    const file = tone(2);
    const { app, server } = await open(stage, { PULSE_SERVER: `unix:${join(stage.folder, "none")}` });
    await speak({ app, server }, file, "Nobody hears this.");
    await app.see("It is silent. No sound device can be reached.");
    await app.find("slider", "Place in the sound");
    await app.click("button", /^Save/);
    await app.click("menuitem", /^As received/);
    const path = join(stage.makeFolder("saved"), "silent.wav");
    await answerDialog(stage, "Save as As received", path);
    await app.see("Sound saved.");
    assert.deepEqual(readFileSync(path), file);
  } finally {
    await stage.close();
  }
});

test("the built-in voice is heard as it is in its file", async () => {
  const stage = await Stage.open();
  try {
    const room = await Room.open(stage);
    const app = await App.start(stage, { env: room.env });
    const recording = await room.record();
    await openTab(app, "Speech");
    await use(app, "Built-in");
    const box = await app.type("What the voice says", "The quick brown fox jumps over the lazy dog.");
    await box.sendKeys(Key.chord(Key.CONTROL, Key.ENTER));
    await recording.begins(0, 60_000);
    const file = await until(() => wavBelow(app.data), "the voice's file", 60_000);
    let order = 0;
    await measured(async () => {
      if (order > 0) {
        await press(app, "Play");
        await recording.begins(order);
      }
      await app.find("button", "Play", { patience: 30_000 });
      await recording.wait(recording.now, 0.5);
      const likeness = alike(recording.heard(order), file);
      order = recording.now;
      assert.ok(likeness > 0.9, `its loudness goes with the file's by ${likeness}`);
    });
  } finally {
    await stage.close();
  }
});
