// The window itself: keys, theme, two of it, a broken settings file, a folder that cannot be written.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, BINARY, Key, quickModelOnly, until } from "./app.mjs";
import { Stage } from "./stage.mjs";
import { answered, answers, openTab, prompt, written } from "./talk.mjs";

let stage, env;
before(async () => {
  stage = await Stage.open();
  env = { LIMERICK_MODELS: quickModelOnly(stage) };
});
after(() => stage?.close());

const ground = (app) => app.page.executeScript("return getComputedStyle(document.body).backgroundColor");

test("a chat can be had with the keyboard alone", async () => {
  const app = await App.start(stage, { env });
  await prompt(app);
  // The prompt has the focus at the start.
  await app.press("Write a very long story about a sailor.");
  await app.press(Key.CONTROL, Key.ENTER);
  await written(app, 20);
  await app.press(Key.ESCAPE);
  await answered(app, ["cancelled"]);
  await app.press(Key.CONTROL, Key.SHIFT, "o");
  await until(async () => (await answers(app)).length === 0, "a new chat");

  await app.press(Key.CONTROL, "k");
  await app.find("dialog", /./);
  await app.press("dark theme");
  await app.press(Key.ENTER);
  await until(async () => (await ground(app)) === "rgb(20, 22, 20)", "the dark ground");

  await app.press(Key.F6);
  await app.press(Key.F6);
  const region = "return document.activeElement.closest('[data-region]')?.dataset.region ?? ''";
  assert.notEqual(await app.page.executeScript(region), "");
  await app.page.executeScript("document.activeElement.blur()");
  await app.press("?");
  await app.see("Show the shortcuts");
  await app.press(Key.ESCAPE);
  await app.seeNoMore("Show the shortcuts");
  await app.close();
});

test("the theme is chosen in Settings, and kept", async () => {
  const app = await App.start(stage, { env });
  await openTab(app, "Settings");
  await app.click("button", "General", { within: "main" });
  await app.click("radio", "Dark");
  await until(async () => (await ground(app)) === "rgb(20, 22, 20)", "the dark ground");
  await app.close();
  const again = await App.start(stage, { env, data: app.data });
  await until(async () => (await ground(again)) === "rgb(20, 22, 20)", "the dark ground");
  await again.close();
});

test("everything is drawn twice as large by keys, nothing is cut off at the side, and it stays so", async () => {
  const width = (app) => app.page.executeScript("return innerWidth");
  let app = await App.start(stage, { env });
  await prompt(app);
  const usual = await width(app);
  // 110, 125, 150, 175 and 200 percent.
  for (const _ of Array(5)) await app.press(Key.CONTROL, "=");
  await until(async () => Math.abs((await width(app)) - usual / 2) <= 1, "half as wide a page");
  for (const key of ["1", "2", "3", "4", "5", "9", ","]) {
    await app.press(Key.CONTROL, key);
    const cut = () => app.page.executeScript("return document.documentElement.scrollWidth - innerWidth");
    await until(async () => (await cut()) <= 0, `nothing is cut off behind Ctrl+${key}`);
  }
  const { data } = app;
  await app.close();

  app = await App.start(stage, { data, env });
  await until(async () => Math.abs((await width(app)) - usual / 2) <= 1, "as it was left");
  await app.press(Key.CONTROL, "0");
  await until(async () => (await width(app)) === usual, "the usual size");
  await app.close();
});

test("a settings file that makes no sense is put aside, and the window opens", async () => {
  const data = stage.makeFolder("data");
  writeFileSync(join(data, "settings.json"), '{"theme": "da');
  const app = await App.start(stage, { env, data });
  await prompt(app);
  assert.equal(readFileSync(join(data, "settings.broken.json"), "utf8"), '{"theme": "da');
  await app.close();
});

test("a data folder that cannot be used is said in the window, and tried again once it can", async () => {
  // The window's own files find their place: WebDriver has no way into a window that keeps nothing.
  const data = stage.makeFolder("data");
  mkdirSync(join(data, "history.sqlite"));
  const app = await App.start(stage, { env, data });
  await app.find("[data-testid=error]", /./);
  await app.click("button", "Try again");
  await app.see("It still does not work.");
  // What the person set before is read when the folder can be, and does not get lost.
  const kept = '{"theme":"dark","from a later version":{}}';
  writeFileSync(join(data, "settings.json"), kept);
  rmdirSync(join(data, "history.sqlite"));
  await app.click("button", "Try again");
  await prompt(app);
  assert.equal(await ground(app), "rgb(20, 22, 20)");
  await app.close();
  assert.deepEqual(JSON.parse(readFileSync(join(data, "settings.json"), "utf8"))["from a later version"], {});
});

test("a second start on the same data folder only brings the window to the front", async () => {
  const app = await App.start(stage, { env });
  await prompt(app);
  const second = spawn(BINARY, { env: { ...stage.env, ...env, LIMERICK_DATA: app.data }, stdio: "ignore" });
  const [code] = await once(second, "exit");
  assert.equal(code, 0);
  await prompt(app);
  await app.close();
});

test("two windows on two data folders do not meet", async () => {
  const [one, two] = [await App.start(stage, { env }), await App.start(stage, { env })];
  await prompt(one);
  await prompt(two);
  await one.close();
  await prompt(two);
  await two.close();
});
