// The queue of pictures: added to while one is made, put in another order, and still there after a crash.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App, Key, until } from "./app.mjs";
import { png } from "./drawn.mjs";
import { ask, came, choosePainter, openPainter, paints, picture, serveBy } from "./paint.mjs";
import { openTab } from "./talk.mjs";

const NEVER = { ...picture(png(1)), delay_ms: 600_000 };
const SOON = { ...picture(png(2)), delay_ms: 300 };

let stage, recorder, app, env;
before(async () => {
  ({ stage, recorder, app, env } = await openPainter());
  await choosePainter(app);
  await serveBy(app, "hf-inference");
});
after(() => stage?.close());

/** What the recorder was asked to paint, in order. */
const painted = async () => (await recorder.heard()).flatMap(({ json }) => json?.inputs ?? []);
const waiting = () =>
  app.page.executeScript(() => [...document.querySelectorAll("[data-testid=queue] li:has(.place) .prompt")].map((line) => line.innerText));
const openQueue = () => app.click("[data-testid=under-way]", /./);

test("jobs are added while one is made, put in another order, and one is taken out", async () => {
  await recorder.answerFirst(paints([{ ...picture(png(3)), delay_ms: 8_000 }, SOON]));
  await recorder.forget();
  await ask(app, "first");
  await app.find("button", /Add to queue/);
  for (const prompt of ["second", "third", "fourth"]) await ask(app, prompt);
  await openQueue();
  await until(async () => (await waiting()).join() === "second,third,fourth", "three wait");
  await app.click("button", "Earlier", { within: "[data-testid=queue] li:nth-child(4)" });
  await until(async () => (await waiting()).join() === "second,fourth,third", "the fourth before the third");
  // The row that was moved has the focus; its keys do the same.
  await app.press(Key.ALT, Key.ARROW_UP);
  await until(async () => (await waiting()).join() === "fourth,second,third", "the fourth at the head");
  await app.click("button", "Take out of the queue", { within: "[data-testid=queue] li:nth-child(3)" });
  await until(async () => (await waiting()).join() === "fourth,third", "the second is out");
  await app.press(Key.ESCAPE);
  await until(async () => (await painted()).length === 3, "all are asked for", 30_000);
  assert.deepEqual(await painted(), ["first", "fourth", "third"]);
  await came(app, "fourth", { state: "done" });
});

test("after a crash what ran is interrupted, what waited waits, and goes on when told", async () => {
  await recorder.answerFirst(paints([NEVER]));
  await recorder.forget();
  await ask(app, "a crash");
  await until(async () => (await painted()).length === 1, "it is asked for");
  for (const prompt of ["after it", "and after that"]) await ask(app, prompt);
  await openQueue();
  await until(async () => (await waiting()).length === 2, "two wait");
  await app.kill();

  await recorder.answerFirst(paints([SOON]));
  await recorder.forget();
  app = await App.start(stage, { data: app.data, env });
  await openTab(app, "Image");
  await app.see("2 pictures wait from last time.");
  await openQueue();
  await until(async () => (await waiting()).join() === "after it,and after that", "two wait still");
  await app.press(Key.ESCAPE);
  assert.deepEqual(await painted(), [], "nothing is sent before the person says so");
  await app.click("button", "Resume", { within: "[data-testid=left]" });
  for (const prompt of ["after it", "and after that"]) await app.find("button", prompt, { within: "[data-testid=strip]" });
  assert.deepEqual(await painted(), ["after it", "and after that"]);
  await app.seeNoMore("from last time");

  await openTab(app, "History");
  await app.type(/Search/, "crash");
  await app.click("option", /a crash/);
  await app.see(/Interrupted|Cut short/);
});

test("the queue is paused when told, and is emptied at once", async () => {
  await recorder.answerFirst(paints([NEVER]));
  await openTab(app, "Image");
  for (const prompt of ["one", "two", "three"]) await ask(app, prompt);
  await openQueue();
  await until(async () => (await waiting()).length === 2, "two wait");
  await app.click("button", /^\s*Pause/);
  await app.see("the queue is paused");
  await app.click("button", "Stop all");
  await app.see("Nothing waits.");
  await app.press(Key.ESCAPE);
  await came(app, "three", { state: "cancelled" });
});
