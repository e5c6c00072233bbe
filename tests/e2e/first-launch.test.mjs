// The first launch: no key, no network, and a real model answers.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, quickModelOnly, until } from "./app.mjs";
import { CatchAll } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { answered, answers, ask, prompt, say, written } from "./talk.mjs";

/** Longest time from the press on Stop to the stopped answer, on a machine that does other things too. */
const STOP_WITHIN_MS = 300;

let stage;
let network;
let app;

before(async () => {
  stage = await Stage.open();
  network = await CatchAll.open();
  app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage), ...network.env } });
});

after(async () => {
  await app?.close();
  await network?.close();
  await stage?.close();
});

/** Notes in the page when Stop was pressed, and when the answer said that it was stopped. */
function watchStop() {
  window.stopTimes = {};
  const note = (name) => {
    window.stopTimes[name] ??= performance.now();
  };
  const stop = (event) => event.target.closest("[data-testid=stop]") && note("pressed");
  document.addEventListener("click", stop, { capture: true });
  new MutationObserver(() => {
    if (document.querySelector("[data-testid=answer][data-state=cancelled]")) note("stopped");
  }).observe(document.body, { subtree: true, childList: true, attributeFilter: ["data-state"] });
}

test("the first launch answers on the built-in model and says which one answered", async () => {
  await prompt(app);
  await app.type("Max new tokens", "40");
  const answer = await say(app, "What is the capital of France?");
  assert.match(answer.text, /\p{L}{2}/u);
  const foot = await app.page.executeScript(`return document.querySelector("[data-testid=answered-by]").innerText`);
  assert.match(foot, /SmolLM2 135M Instruct/, "the answer names its model");
  assert.match(foot, /Built-in/, "the answer names its connection");
  assert.match(foot, /tokens\/s/, "the answer says how fast it came");
});

test("Stop stops at once and keeps the text", async (t) => {
  await app.type("Max new tokens", "600");
  await ask(app, "Write a long story about a lighthouse keeper and the sea.");
  await written(app, 80, { count: 2 });
  await app.page.executeScript(watchStop);
  await app.click("button", /^Stop/);
  const kept = await answered(app, ["cancelled"], { count: 2 });
  const { pressed, stopped } = await until(
    () => app.page.executeScript("return window.stopTimes.stopped ? window.stopTimes : null"),
    "the time of the stop",
  );
  t.diagnostic(`stopped ${Math.round(stopped - pressed)} ms after the press`);
  assert.ok(stopped - pressed <= STOP_WITHIN_MS, `stopped after ${stopped - pressed} ms`);
  assert.ok(kept.text.length >= 80, "what had come stays");
  await app.see("Stopped.");
});

test("Continue goes on from where it was stopped", async () => {
  const kept = (await answers(app)).at(-1).text;
  await app.click("button", "Continue");
  const more = await written(app, kept.length + 40, { count: 2 });
  assert.equal(more.slice(0, kept.length), kept, "the text goes on, it does not start again");
  if (await app.has("button", /^Stop/)) await app.press("\uE00C");
  await answered(app, ["cancelled", "done"], { count: 2 });
});

test("the log holds no words of the conversation", () => {
  const logs = join(app.data, "logs");
  const names = readdirSync(logs);
  assert.ok(names.length > 0, "there is a log");
  for (const name of names) assert.doesNotMatch(readFileSync(join(logs, name), "utf8"), /capital|lighthouse/i);
});

test("nothing of all this was sent to the network", () => {
  assert.deepEqual(network.heard, []);
});
