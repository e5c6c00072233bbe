// Pictures that are there already: where the person wants it, the history answers and nothing is sent.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { until } from "./app.mjs";
import { png } from "./drawn.mjs";
import { ask, came, choosePainter, HF, openPainter, paint, paints, picture, serveBy, set } from "./paint.mjs";
import { openTab } from "./talk.mjs";

let stage, recorder, app;
before(async () => {
  ({ stage, recorder, app } = await openPainter());
  await choosePainter(app);
  await serveBy(app, "hf-inference");
  await recorder.answerFirst(paints([3, 4, 5].map((tint) => picture(png(tint)))));
});
after(() => stage?.close());

const calls = async () => (await recorder.heard()).filter(({ method, url }) => method === "POST" && new RegExp(HF).test(url));
const useCache = ({ headers }) => headers.find(([name]) => name.toLowerCase() === "x-use-cache")?.[1];
const said = () => app.page.executeScript(() => document.querySelector("[data-testid=kept]")?.innerText ?? "");

async function choose(answers) {
  await openTab(app, "Settings");
  await app.click("button", "General", { within: "main" });
  await app.click("radio", answers);
  await openTab(app, "Image");
}

test("the very same is answered from the history until it is asked again", async () => {
  await choose("Use history");
  await set(app, "Seed", 7);
  const first = await paint(app, "a kept fox");
  assert.deepEqual([(await calls()).length, await said()], [1, ""]);
  await ask(app, "a kept fox");
  await until(async () => /From your history, no call was made\./.test(await said()), "it says so");
  const [second] = await came(app, "a kept fox");
  assert.deepEqual([second.source, (await calls()).length], [first.source, 1]);
  await app.click("button", "Ask again", { within: "[data-testid=kept]" });
  await until(async () => (await said()) === "", "it is asked for");
  await came(app, "a kept fox");
  assert.deepEqual((await calls()).map(useCache), [undefined, "0"]);
});
