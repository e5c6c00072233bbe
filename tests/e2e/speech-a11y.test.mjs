// Speech in both themes by axe's rules of WCAG 2.0 to 2.2, A and AA: no violation; and all of it by keys alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Key, until } from "./app.mjs";
import { violationsIn } from "./axe.mjs";
import { card } from "./paint.mjs";
import { tone } from "./room.mjs";
import { openTab, use } from "./talk.mjs";
import { openSpeech, pickModel, pickVoice, said, say, takes } from "./voice.mjs";

let stage, server, app;
before(async () => {
  ({ stage, server, app } = await openSpeech({ models: ["suno/bark"] }));
  server.sounds = [tone(3)];
});
after(() => stage?.close());

const assertNoViolation = (what) => violationsIn(app, what).then((found) => assert.deepEqual(found, []));
const focused = () => app.page.executeScript("return document.activeElement.ariaLabel ?? document.activeElement.innerText");

test("Speech, where no voice is here", async () => {
  await use(app, "Built-in");
  await app.see("No built-in voice is here yet");
  await assertNoViolation("no voice");
  await use(app, "Test server");
});

test("Speech, empty, with the cues and parameters of Bark", async () => {
  await pickModel(app, "suno/bark");
  await assertNoViolation("empty");
});

test("Speech, with the voices open", async () => {
  await app.click("button", /^Voice: /);
  await app.find("button", /^Hear Speaker 0/);
  await assertNoViolation("voices");
  await app.press(Key.ESCAPE);
});

test("Speech, with two takes that are compared, and the silent card", async () => {
  for (const text of ["One owl sat in a beard.", "Two owls and a hen."]) {
    await say(app, text);
    await said(app);
  }
  await app.see("It is silent.");
  for (const { name } of await takes(app)) await app.click("button", `A/B, compare: ${name}`);
  await app.see("Compare at the same place");
  await assertNoViolation("compared");
});

test("Speech, with parts, and one that failed", async () => {
  server.sounds = [tone(1), { status: 401, json: { error: "no" } }];
  await say(app, ["One", "Two"].map((word) => `${word} ${"owls and hens ".repeat(11).trim()}.`).join(" "));
  await card(app, "auth");
  await assertNoViolation("failed");
  server.sounds = [tone(1)];
});

test("the menus of the player", async () => {
  for (const name of [/^Speed/, /^Save/, /^Sound device/]) {
    await app.click("button", name);
    await app.find("menuitem", /./);
    await assertNoViolation(String(name));
    await app.press(Key.ESCAPE);
  }
});

test("History, with a sound in full", async () => {
  await openTab(app, "History");
  await app.click("option", /Two owls and a hen/);
  await app.find("slider", "Place in the sound");
  await assertNoViolation("history");
  await openTab(app, "Speech");
});

test("a take is made, moved in, named and compared by keys alone", async () => {
  await pickVoice(app, "polish 4");
  await app.find("button", "Voice: Speaker 4");
  await say(app, "By keys alone.");
  await said(app);
  const to = async (name) => {
    for (let presses = 0; presses < 60; presses++) {
      if (name.test((await focused()) ?? "")) return;
      await app.press(Key.SHIFT, Key.TAB);
    }
    throw new Error(`${name} is not reached; the focus is on ${await focused()}`);
  };
  await to(/^Place in the sound/);
  await app.press(Key.END);
  const slider = await app.find("slider", "Place in the sound");
  await until(async () => (await slider.getAttribute("aria-valuetext")) === "1 of 1 second", "the end");
  await app.press(Key.HOME);
  await until(async () => (await slider.getAttribute("aria-valuetext")) === "0 of 1 second", "the start");
  await to(/^Name of this take/);
  await (await app.page.switchTo().activeElement()).sendKeys("Mine", Key.ENTER);
  await until(async () => (await takes(app))[0].name === "Mine", "the name");
  await to(/^A\/B, compare: /);
});
