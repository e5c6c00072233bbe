// A table of texts in the real window: a column of a CSV is labelled by the built-in model, and goes out again.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, MODELS, quickModelOnly } from "./app.mjs";
import { chooseBuiltin, chooseLabels } from "./labels.mjs";
import { answerDialog, drop as dropFile } from "./paint.mjs";
import { exportAs, stands } from "./rows.mjs";
import { Stage } from "./stage.mjs";
import { openTab } from "./talk.mjs";

const REVIEWS = [
  ["Ada", "What a lovely, wonderful lantern!"],
  ["Edward", "It broke after a day, I hate it."],
  ["Lear", 'She said: "the best owl, ever"\nand smiled.'],
];
const CSV = () => ["name,review", ...REVIEWS.map((row) => row.map(quoted).join(","))].join("\r\n");
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

let stage, app;
before(async () => {
  stage = await Stage.open();
  const models = quickModelOnly(stage);
  for (const name of readdirSync(MODELS).filter((file) => /^(minilm|libonnxruntime)/.test(file)))
    symlinkSync(join(MODELS, name), join(models, name));
  app = await App.start(stage, { env: { LIMERICK_MODELS: models } });
});
after(() => stage?.close());

test("a column of a CSV is labelled without a network, and goes out with its other columns", async () => {
  const [from, to] = [join(stage.folder, "reviews.csv"), join(stage.folder, "labelled.jsonl")];
  writeFileSync(from, CSV());
  await openTab(app, "Classify");
  await chooseBuiltin(app, "zero-shot-classification");
  await app.click("radio", "Batch");
  await app.click("button", /^CSV or JSONL/);
  await answerDialog(stage, "Choose a CSV or JSONL file", from);
  const column = await app.find("combobox", "The column with the text");
  assert.equal(await column.getAttribute("value"), "review", "the column with the longest texts is proposed");
  await chooseLabels(app, "praise", "complaint");
  await app.click("[data-testid=start-table]", /./);
  await stands(app, /3 rows done/);
  await exportAs(app, stage, "JSONL", to);
  const rows = readFileSync(to, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(rows.map(({ name, review }) => [name, review]), REVIEWS);
  assert.deepEqual(rows.map(({ answer }) => answer), ["praise", "complaint", "praise"]);
});

test("a CSV that is dropped is taken as if it had been picked, and what is none is refused", async () => {
  await app.click("button", "All tables");
  await dropFile(app, Buffer.from("Dear diary"), "notes.txt", "text/plain", "drop-rows");
  await app.see(/This is no CSV or JSONL file/);
  await dropFile(app, Buffer.from(CSV()), "Grüße & 100 %.csv", "text/csv", "drop-rows");
  const column = await app.find("combobox", "The column with the text");
  assert.equal(await column.getAttribute("value"), "review");
  await app.see("Grüße & 100 %.csv");
  await app.click("[data-testid=start-table]", /./);
  await stands(app, /3 rows done/);
  await app.find("heading", "Grüße & 100 %.csv");
});
