// A text becomes a voice in the real window: by a server that speaks, in parts, kept, compared, saved, from other tabs.
// What is heard is read from a recording in sound.test.mjs.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { App, Key, MODELS, until } from "./app.mjs";
import { answerDialog, card, set } from "./paint.mjs";
import { tone } from "./room.mjs";
import { Stage } from "./stage.mjs";
import { answered, ask, openTab, use } from "./talk.mjs";
import { drawn, openSpeech, parts, pickModel, pickVoice, said, say, takes } from "./voice.mjs";

/** As long as three of Bark's calls. */
const LONG = ["One", "Two", "Three"].map((word) => `${word} ${"owls and hens ".repeat(11).trim()}.`);
/** Seconds of a WAV file of 16 bits and one channel. */
const secondsOf = (bytes) => bytes.readUInt32LE(40) / (bytes.readUInt32LE(28) || 1);

describe("a server that speaks", () => {
  let stage, server, app, env;
  before(async () => {
    ({ stage, server, app, env } = await openSpeech({ models: ["kokoro", "suno/bark"] }));
    server.sounds = [tone(2)];
  });
  after(() => stage?.close());

  test("is sent the text, the voice and what is set, and nothing else", async () => {
    await pickModel(app, "kokoro");
    await pickVoice(app, "british emma");
    await app.find("button", "Voice: Emma");
    await set(app, "Speed", 1.25);
    server.asked = [];
    await say(app, "There was an old man with a beard.");
    await said(app);
    const { response_format: _, ...asked } = server.speeches[0];
    assert.deepEqual(asked, {
      ...{ model: "kokoro", input: "There was an old man with a beard.", voice: "bf_emma", speed: 1.25 },
    });
  });

  test("gives a take that is drawn, with its length and who spoke", async () => {
    await app.see("0:00 / 0:02");
    await until(async () => (await drawn(app)) > 50, "the waveform");
    const [take] = await takes(app);
    assert.equal(take.name, "There was an old man with a beard.");
    assert.match(take.facts, /^Emma · 0:02$/);
  });

  test("is told any voice's name", async () => {
    await pickVoice(app, "af_bella+bf_emma");
    await app.find("button", "Voice: af_bella+bf_emma");
    server.asked = [];
    await say(app, "Two voices in one.");
    await said(app);
    assert.equal(server.speeches[0].voice, "af_bella+bf_emma");
  });

  test("is saved as it came, and as FLAC", async () => {
    const folder = stage.makeFolder("saved");
    for (const [form, name] of [
      ["As received", "took.wav"],
      ["FLAC", "took.flac"],
    ]) {
      await app.click("button", /^Save/);
      await app.click("menuitem", new RegExp(`^${form}`));
      await answerDialog(stage, `Save as ${form}`, join(folder, name));
      await until(() => existsSync(join(folder, name)), `${name} is written`);
    }
    await app.see("Sound saved.");
    assert.deepEqual(readFileSync(join(folder, "took.wav")), tone(2));
    assert.equal(readFileSync(join(folder, "took.flac")).subarray(0, 4).toString(), "fLaC");
  });

  test("that refuses is a card, and the text can be said again from there", async () => {
    server.sounds = [{ status: 401, json: { error: { message: "Invalid API key" } } }];
    await say(app, "Nobody may say this.");
    assert.match(await card(app, "auth"), /key was not accepted/);
    server.sounds = [tone(1)];
    await app.click("button", "Say it once more");
    await said(app);
  });

  test("is asked part by part for a long text, with the same voice, and its parts are saved as one", async () => {
    await pickModel(app, "suno/bark");
    await pickVoice(app, "german 3");
    await app.find("button", "Voice: Speaker 3");
    server.sounds = [tone(1), { status: 500, json: { error: "tired" } }, tone(2)];
    server.asked = [];
    await say(app, LONG.join(" "));
    await said(app, ["done", "failed", "done"]);
    assert.deepEqual((await parts(app)).map(({ text }) => text), LONG);
    server.sounds = [tone(1.5)];
    await app.click("button", "Try again");
    await said(app, ["done", "done", "done"]);
    const asked = server.speeches.filter(({ input }, at, all) => all.findIndex((one) => one.input === input) === at);
    assert.deepEqual(asked.map(({ input }) => input), LONG);
    assert.deepEqual([...new Set(server.speeches.map(({ voice }) => voice))], ["v2/de_speaker_3"]);
    const path = join(stage.makeFolder("joined"), "joined.wav");
    await app.click("button", /^Save/);
    await app.click("menuitem", /^WAV/);
    await answerDialog(stage, "Save as WAV", path);
    await until(() => existsSync(path), "the file is written");
    await app.see("Sound saved.");
    assert.ok(Math.abs(secondsOf(readFileSync(path)) - (1 + 0.25 + 1.5 + 0.25 + 2)) < 0.02);
  });

  test("is sent Bark's cues as they stand", async () => {
    server.sounds = [tone(1)];
    await app.type("What the voice says", "Hello there");
    await app.click("button", "[laughs]");
    await app.click("button", "♪ sing ♪");
    server.asked = [];
    await app.press(Key.CONTROL, Key.ENTER);
    await said(app);
    assert.equal(server.speeches[0].input, "Hello there [laughs] ♪  ♪".trim());
  });

  test("takes are named and starred, and are there again after a restart, with the voice of each model", async () => {
    const name = await app.find("textbox", "Name of this take");
    await name.sendKeys("The one that laughs", Key.ENTER);
    await app.click("button", "Favourite");
    await until(async () => (await takes(app))[0].name === "The one that laughs", "the name");
    const before = (await takes(app)).map(({ name }) => name);
    await app.close();
    app = await App.start(stage, { data: app.data, env });
    await until(async () => (await takes(app)).length === before.length, "the takes");
    assert.deepEqual((await takes(app)).map(({ name }) => name), before);
    await app.find("button", "Voice: Speaker 3");
    await app.find("textbox", "Name of this take");
  });

  test("a take goes and comes back", async () => {
    const before = await takes(app);
    await app.click("button", "Delete");
    await until(async () => (await takes(app)).length === before.length - 1, "it is gone");
    await app.click("button", "Undo");
    await until(async () => (await takes(app)).length === before.length, "it is back");
  });

  test("a sound is found in History, drawn there, and opens as its take", async () => {
    await openTab(app, "History");
    await app.click("option", /There was an old man with a beard/);
    await app.find("slider", "Place in the sound");
    await until(async () => (await drawn(app)) > 50, "the waveform");
    await app.click("button", "Open in Speech");
    await until(async () => (await parts(app))[0]?.text === "There was an old man with a beard.", "the take");
  });

  test("any answer is said with the last voice, at one click", async () => {
    await openTab(app, "Text");
    await use(app, "Test server");
    server.say({ words: ["**Two**", " owls."], pause: 5 });
    await ask(app, "How many?");
    await answered(app);
    server.asked = [];
    await app.click("button", "Speak", { within: "[data-testid=answer]" });
    await until(() => server.speeches.length === 1, "the request");
    assert.equal(server.speeches[0].input, "Two owls.");
    assert.equal(server.speeches[0].voice, "v2/de_speaker_3");
    await openTab(app, "Speech");
    await until(async () => (await takes(app))[0].name === "Two owls.", "the take");
  });
});

test("what is no sound is a card, and no player stands there", async (t) => {
  const { stage, server, app } = await openSpeech();
  t.after(() => stage.close());
  server.sounds = [Buffer.from("This is no sound.")];
  await say(app, "Nothing is in it.");
  await card(app, "format");
  assert.equal(await app.has("slider", "Place in the sound"), false);
  await openTab(app, "History");
  await app.click("option", /Nothing is in it/);
  await app.see("Nothing came.");
});

test("the built-in voice speaks sentence by sentence, without a network", async (t) => {
  const stage = await Stage.open();
  t.after(() => stage.close());
  const app = await App.start(stage, { env: { LIMERICK_MODELS: MODELS, PULSE_SERVER: `unix:${stage.folder}/none` } });
  await openTab(app, "Speech");
  await pickVoice(app, "Heart");
  await say(app, "There was an old man with a beard. He said: it is just as I feared!");
  const sentences = () => app.page.executeScript("return [...document.querySelectorAll('.sentence')].map((one) => one.innerText.trim())");
  await until(async () => (await sentences()).length > 0, "the first sentence", 90_000);
  await said(app, ["done"], 90_000);
  assert.deepEqual(await sentences(), ["There was an old man with a beard.", "He said: it is just as I feared!"]);
  await until(async () => (await drawn(app)) > 50, "the waveform");
  await app.find("button", "Voice: Heart");
});
