// Classify in both themes by axe's rules of WCAG 2.0 to 2.2, A and AA: no violation; and a whole way by keys alone.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Key, until } from "./app.mjs";
import { violationsIn } from "./axe.mjs";
import { answers, bars, chooseBuiltin, chooseKind, chooseLabels, dropCat, ended, openLabels, run, write } from "./labels.mjs";
import { card } from "./paint.mjs";

let stage, recorder, app;
before(async () => {
  ({ stage, recorder, app } = await openLabels());
});
after(() => stage?.close());

const assertNoViolation = (what) => violationsIn(app, what).then((found) => assert.deepEqual(found, []));

test("Classify, empty, for each kind, and where no model is", async () => {
  await assertNoViolation("text");
  await chooseBuiltin(app, "token-classification");
  await app.see("No built-in model does this");
  await assertNoViolation("no model");
  await chooseKind(app, "zero-shot-image-classification");
  await chooseLabels(app, "a cat", "a dog", "a cat");
  await assertNoViolation("labels for a picture");
});

test("bars, with the rest and the JSON", async () => {
  await chooseKind(app, "text-classification");
  const json = [Array.from({ length: 30 }, (_, n) => ({ label: `label ${n}`, score: 1 / 30 }))];
  await recorder.answerFirst(answers("text-classification", { json }));
  await write(app, "Words");
  await run(app);
  await app.click("[data-testid=json]", /./);
  await assertNoViolation("bars");
});

test("marks of ten kinds, in each other", async () => {
  await chooseKind(app, "token-classification");
  const text = "one two three four five six seven eight nine ten";
  const entities = text.split(" ").map((word, n) => {
    const start = text.indexOf(word);
    return { entity_group: `KIND${n}`, score: 0.9, word, start, end: start + word.length };
  });
  const around = { entity_group: "AROUND", score: 0.5, word: "one two three", start: 0, end: 13 };
  await recorder.answerFirst(answers("token-classification", { json: [...entities, around] }));
  await write(app, text);
  await run(app);
  await app.see("KIND9");
  await assertNoViolation("marks");
});

test("boxes, with one that is lit", async () => {
  await chooseKind(app, "object-detection");
  await dropCat(app);
  const box = { xmin: 10, ymin: 10, xmax: 90, ymax: 90 };
  await recorder.answerFirst(answers("object-detection", { json: [{ label: "cat", score: 0.9, box }, { label: "eye", score: 0.5, box }] }));
  await run(app);
  await app.see("2 of 2 shown");
  await assertNoViolation("boxes");
  await app.page.executeScript("document.querySelector('[data-testid=found] button').focus()");
  await until(async () => (await app.page.findElements({ css: "[data-testid=box].lit" })).length === 1, "lit");
  await assertNoViolation("lit");
});

test("a failure", async () => {
  await recorder.answerFirst(answers("object-detection", { status: 401, json: { error: "no" } }));
  await run(app, "failed");
  await card(app, "auth");
  await assertNoViolation("failed");
});

test("from the kind to the answer by keys alone", async () => {
  await recorder.answerFirst(answers("zero-shot-classification", { json: { sequence: "x", labels: ["yes", "no"], scores: [0.9, 0.1] } }));
  await chooseKind(app, "zero-shot-classification");
  await chooseLabels(app);
  await app.page.executeScript("document.querySelector('[aria-label=Kind] input:checked').focus()");
  const focused = () => app.page.executeScript("return document.activeElement.ariaLabel ?? document.activeElement.innerText");
  const to = async (name, ...keys) => {
    for (let presses = 0; presses < 80; presses++) {
      if (name.test((await focused()) ?? "")) return;
      await app.press(...keys);
    }
    throw new Error(`${name} is not reached; the focus is on ${await focused()}`);
  };
  await to(/^Text to classify/, Key.TAB);
  await (await app.page.switchTo().activeElement()).sendKeys("Shall we?");
  await to(/^Add a label/, Key.TAB);
  await (await app.page.switchTo().activeElement()).sendKeys("yes,no", Key.chord(Key.CONTROL, Key.ENTER));
  await ended(app);
  assert.deepEqual(await bars(app), [["yes", "90.0%"], ["no", "10.0%"]]);
});

test("the smallest window shows the whole bar and something of the answer", async () => {
  await chooseBuiltin(app, "zero-shot-image-classification");
  await dropCat(app);
  await chooseLabels(app, "a cat", "a harbour", "a sign", "a chart", "a cup of coffee");
  await run(app);
  await app.page.manage().window().setRect({ width: 360, height: 480 });
  const place = (selector) =>
    app.page.executeScript((selector) => document.querySelector(selector).getBoundingClientRect().toJSON(), selector);
  const stands = async () => (await place("[data-testid=run]")).bottom <= (await place("[data-region=status]")).top;
  await until(stands, "Run above the strip at the foot");
  assert.ok((await place("[data-region=results]")).height >= 48);
  await app.find("combobox", "Kind");
  await assertNoViolation("the smallest window");
});
