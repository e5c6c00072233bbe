// Image and the gallery in both themes by axe's rules of WCAG 2.0 to 2.2, A and AA: no violation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Key, until } from "./app.mjs";
import { violationsIn } from "./axe.mjs";
import { png } from "./drawn.mjs";
import { ask, came, card, choosePainter, HF, openPainter, paints, picture, serveBy, set } from "./paint.mjs";
import { openTab } from "./talk.mjs";

let stage, recorder, app;
before(async () => {
  ({ stage, recorder, app } = await openPainter());
});
after(() => stage?.close());

const assertNoViolation = (what) => violationsIn(app, what).then((found) => assert.deepEqual(found, []));

test("Image, where the painter is not here", async () => {
  await openTab(app, "Image");
  await app.see("The painter is not here yet");
  await app.find("button", "Get the painter…");
  await assertNoViolation("no painter");
});

test("Image, empty", async () => {
  await choosePainter(app);
  await serveBy(app, "hf-inference");
  await assertNoViolation("empty");
});

test("Image, with a batch under way and the queue open", async () => {
  await recorder.answerFirst(paints([picture(png(1)), { ...picture(png(2)), delay_ms: 600_000 }]));
  await set(app, "Pictures", 3);
  await ask(app, "three herons");
  await until(async () => (await app.page.findElements({ css: "[data-testid=cell] img" })).length === 1, "one is done");
  await assertNoViolation("under way");
  await app.click("[data-testid=under-way]", /./);
  await app.find("button", "Stop all");
  await assertNoViolation("queue");
  await app.click("button", "Stop all");
  await app.press(Key.ESCAPE);
  await set(app, "Pictures", 1);
});

test("Image, failed", async () => {
  await recorder.answerFirst({ name: "fails", match: { url: HF }, respond: { status: 401, json: { error: "no" } } });
  await ask(app, "a failure");
  await card(app, "auth");
  await assertNoViolation("failed");
});

test("Image, done, and its viewer", async () => {
  await recorder.answerFirst(paints([1, 2, 3].map((tint) => picture(png(tint, 400, 300)))));
  await set(app, "Pictures", 3);
  await ask(app, "more herons");
  await came(app, "more herons", { count: 3 });
  await assertNoViolation("done");
  await app.click("button", "Open picture 1");
  await app.find("button", "Use seed");
  await assertNoViolation("viewer");
  await app.press("s");
  await app.find("button", /^WebP/);
  await assertNoViolation("save");
  await app.press(Key.ESCAPE);
  await app.press("c");
  await app.find("slider", "How much of A is in sight");
  await assertNoViolation("compare");
  await app.press(Key.ESCAPE);
});

test("Image, with a grid's rows open", async () => {
  await app.click("checkbox", "Grid over two parameters");
  await app.type("Columns: values", "10, 20");
  await assertNoViolation("grid");
  await app.click("checkbox", "Grid over two parameters");
});

test("the gallery, and what is selected there", async () => {
  await openTab(app, "History");
  await app.click("radio", "Gallery");
  await until(async () => (await app.page.findElements({ css: "[role=gridcell] img" })).length > 2, "tiles");
  await assertNoViolation("gallery");
  await app.press(Key.F6);
  await app.page.executeScript("document.querySelector('[role=gridcell] .tick').click()");
  await app.see("1 selected");
  await assertNoViolation("selected");
});
