// A folder of 500 pictures in the real window: it runs to the end, survives a kill in the middle, and loses nothing.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, Key, quickModelOnly, until } from "./app.mjs";
import { chooseFolder, exportAs, numberOf, picturesIn, progress, rows, stands } from "./rows.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, openTab } from "./talk.mjs";

const COUNT = 500;
/** The server refuses this one until it is told not to. */
const HARD = 8;

let stage;
let server;
let app;
let folder;
let refuses = true;

/** Says which picture it was shown, so that an answer in the wrong row is found. */
function look(body) {
  const number = numberOf(body);
  if (number === HARD && refuses) return { status: 400, json: { error: { message: "This picture is too strange." } } };
  return { words: ["This ", "is ", "cat ", `${number}.`], pause: 2 };
}

const start = (data) => App.start(stage, { ...(data && { data }), env: { LIMERICK_MODELS: quickModelOnly(stage) } });

async function openFolder() {
  await openTab(app, "Vision");
  await app.click("radio", "Folder");
}

before(async () => {
  stage = await Stage.open();
  server = await ChatServer.open();
  server.say(look);
  folder = stage.makeFolder("cats");
  picturesIn(folder, COUNT);
  writeFileSync(join(folder, "notes.md"), "no picture");
  app = await start();
  await addServer(app, server.url);
});

after(async () => {
  await app?.close();
  await server?.close();
  await stage?.close();
});

test("a folder is chosen, asked about, and fills a table live", async () => {
  await openFolder();
  await chooseFolder(app, stage, folder);
  await app.type("What to ask about each picture", "Which cat is this?");
  await app.click("[data-testid=start-table]", /./);
  await stands(app, /\d+ of 500/);
  await until(async () => (await rows(app)).some(({ state }) => state === "done"), "a row that is done");
  const [first] = await rows(app);
  assert.equal(first.name, "cat 1.png", "natural order");
});

test("a kill in the middle loses no answer, and the rest goes on by a click", async () => {
  await stands(app, /1[5-9]\d of 500|2\d\d of 500/);
  const asked = server.chats.length;
  await app.kill();
  app = await start(app.data);
  await openFolder();
  await stands(app, /Stopped at \d+ of 500/);
  const kept = Number(/(\d+) of 500/.exec(await progress(app))[1]);
  assert.ok(kept >= asked - 10, `${kept} kept of ${asked} asked`);
  await app.click("button", "Resume");
  await stands(app, /499 rows done, 1 failed/);
  const again = server.chats.length - COUNT;
  assert.ok(again <= 10, `${again} pictures were asked about twice`);
});

test("a failed row says why, and is tried again alone", async () => {
  await app.click("radio", "Failed 1");
  // A row stands in its place before what it says has been read.
  const alone = (found) => found.length === 1 && found[0].state === "failed";
  await until(async () => alone(await rows(app)), "the failed row alone");
  const [row] = await rows(app);
  assert.equal(row.name, `cat ${HARD}.png`);
  assert.match(row.text, /too strange/);
  refuses = false;
  const before = server.chats.length;
  await app.click("button", "Try failed again");
  await stands(app, /500 rows done/);
  assert.equal(server.chats.length, before + 1);
  await app.click("radio", "All 500");
});

test("an answer is edited and a row shown in full by keys alone", async () => {
  await until(async () => (await rows(app)).length > 3, "the rows");
  await app.page.executeScript("document.querySelector('[data-index=\"2\"]').focus()");
  await app.press(Key.ARROW_DOWN);
  await app.press(Key.F2);
  const box = await app.find("textbox", "Answer");
  await box.sendKeys(Key.chord(Key.CONTROL, "a"));
  await box.sendKeys("My own words, \"quoted\"", Key.ENTER);
  await until(async () => /Edited/.test((await rows(app)).find(({ name }) => name === "cat 4.png").text), "the mark");
  await app.press(Key.ENTER);
  await app.find("region", "The row in full");
  await app.press(Key.ESCAPE);
});

test("every answer is beside its own picture, in CSV, in JSONL and in files beside the pictures", async () => {
  const [csv, jsonl] = [join(stage.folder, "out.csv"), join(stage.folder, "out.jsonl")];
  await exportAs(app, stage, "CSV", csv);
  const lines = readFileSync(csv, "utf8").trim().split(/\r?\n/);
  assert.equal(lines.length, COUNT + 1);
  assert.match(lines[0], /^\uFEFF?file_name,/);
  assert.match(lines.find((line) => line.startsWith("cat 4.png")), /"My own words, ""quoted"""/);
  await exportAs(app, stage, "JSONL", jsonl);
  const all = readFileSync(jsonl, "utf8").trim().split("\n").map((line) => JSON.parse(line));
  assert.equal(all.length, COUNT);
  for (const [at, { file_name, answer }] of all.entries()) {
    assert.equal(file_name, `cat ${at + 1}.png`);
    assert.equal(answer, at + 1 === 4 ? 'My own words, "quoted"' : `This is cat ${at + 1}.`);
  }
});

test("a text that is there already is left or replaced, as the person says", async () => {
  writeFileSync(join(folder, "cat 1.txt"), "mine");
  const beside = async (what) => {
    await app.click("button", "Export");
    await app.click("menuitem", /^Text beside/);
    await app.click("button", what);
    await app.see(/files? written beside the pictures/);
  };
  await beside("Keep it");
  assert.equal(readFileSync(join(folder, "cat 1.txt"), "utf8"), "mine");
  assert.equal(readFileSync(join(folder, "cat 500.txt"), "utf8").trim(), "This is cat 500.");
  await app.seeNoMore(/written beside/);
  await beside("Replace it");
  assert.equal(readFileSync(join(folder, "cat 1.txt"), "utf8").trim(), "This is cat 1.");
  assert.equal(readdirSync(folder).filter((name) => name.endsWith(".txt")).length, COUNT);
  assert.ok(existsSync(join(folder, "notes.md")));
});

test("a run of it leads from History back to its table", async () => {
  await openTab(app, "History");
  await app.click("option", /cat/i).catch(() => app.click("option", /./));
  await app.click("button", "Open the table");
  await stands(app, /500 rows done/);
});

test("a deleted table comes back with Undo", async () => {
  await app.click("button", "Delete this table");
  await app.see("deleted.");
  await app.click("button", "Undo");
  await app.click("button", /^cats-.*500 rows done/s);
  await stands(app, /500 rows done/);
});
