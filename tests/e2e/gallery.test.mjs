// The gallery of History in the real window: every picture that was made, found, marked, exported, deleted, missed.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, Key, until } from "./app.mjs";
import { png } from "./drawn.mjs";
import { answerDialog, choosePainter, openPainter, paint, paints, picture, serveBy } from "./paint.mjs";
import { openTab } from "./talk.mjs";

const PROMPTS = ["an ostrich on a beach", "a penguin on ice", "a heron in reeds", "an owl at night"];

let stage, recorder, app, env;
before(async () => {
  ({ stage, recorder, app, env } = await openPainter());
  await choosePainter(app);
  await serveBy(app, "hf-inference");
  await recorder.answerFirst(paints(PROMPTS.map((_, at) => picture(png(at, 320, 240)))));
  for (const prompt of PROMPTS) await paint(app, prompt);
  await openGallery();
});
after(() => stage?.close());

async function openGallery() {
  await openTab(app, "History");
  await app.click("radio", "Gallery");
}

/** The tiles: their names, and whether their pictures are drawn. */
const tiles = () =>
  app.page.executeScript(() =>
    [...document.querySelectorAll("[role=gridcell] .tile")].map((tile) => {
      const image = tile.querySelector("img");
      return { name: tile.ariaLabel, drawn: Boolean(image?.complete && image.naturalWidth) };
    }),
  );
const names = async () => (await tiles()).map(({ name }) => name);
const see = (...wanted) =>
  until(async () => (await names()).join("; ") === wanted.join("; "), `the tiles ${wanted.join("; ")}`).catch(async (error) => {
    throw new Error(`${error.message}; there are: ${(await names()).join("; ")}`);
  });
const [ostrich, penguin, heron, owl] = PROMPTS;
/** Ticks tiles by how their names begin. */
async function tick(...wanted) {
  const press = (name) => {
    const place = [...document.querySelectorAll(".place")].find((one) => one.querySelector(".tile")?.ariaLabel.startsWith(name));
    place?.querySelector(".tick").click();
    return place !== undefined;
  };
  for (const name of wanted) await until(() => app.page.executeScript(press, name), `the tile ${name}`);
  await app.see(`${wanted.length} selected`);
}

test("every picture is there, the newest first, and drawn", async () => {
  await see(owl, heron, penguin, ostrich);
  await until(async () => (await tiles()).every(({ drawn }) => drawn), "all are drawn");
});

test("a search finds by the words of the prompt", async () => {
  await app.type(/Search/, "penguin");
  await see(penguin);
  await app.click("button", "Clear");
  await see(owl, heron, penguin, ostrich);
});

test("favourites are starred together, and shown alone", async () => {
  await tick(heron, ostrich);
  await app.click("button", "Favourite", { within: "section[aria-label='What is selected']" });
  await app.click("button", "Select nothing");
  await app.click("button", "Favourites only");
  await see(`${heron} (favourite)`, `${ostrich} (favourite)`);
  await app.click("button", "Favourites only");
});

test("a selection is exported as a zip file, with its pictures and a JSONL of its parameters", async () => {
  const path = join(stage.makeFolder("exported"), "mine.zip");
  await tick(owl, penguin);
  await app.click("button", "Export");
  await app.click("menuitem", /As a zip file/);
  await answerDialog(stage, "Export as a zip file", path);
  await app.see(/2 runs and 2 files written/);
  const read = "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print('\\n'.join(z.namelist()))";
  const inside = execFileSync("python3", ["-c", read, path]).toString().trim().split("\n");
  assert.equal(inside.filter((name) => name.endsWith(".png")).length, 2, inside.join());
  assert.equal(inside.filter((name) => name.endsWith(".jsonl")).length, 1, inside.join());
});

test("and into a folder", async () => {
  const folder = stage.makeFolder("exported");
  await app.click("button", "Export");
  await app.click("menuitem", /Into a folder/);
  await answerDialog(stage, "Export into a new folder in", folder);
  await until(() => readdirSync(folder, { recursive: true }).some((name) => name.endsWith(".jsonl")), "the export");
  const inside = readdirSync(folder, { recursive: true });
  const lines = readFileSync(join(folder, inside.find((name) => name.endsWith(".jsonl"))), "utf8").trim().split("\n");
  const prompts = lines.map((line) => JSON.parse(line)).map((run) => run.input.prompt);
  assert.deepEqual(prompts.sort(), [penguin, owl].sort());
  assert.equal(inside.filter((name) => name.endsWith(".png")).length, 2);
  assert.doesNotMatch(lines.join(), /hf_a/);
  await app.click("button", "Select nothing");
});

test("two are compared", async () => {
  await tick(owl, penguin);
  await app.click("button", "Compare");
  await app.find("slider", "How much of A is in sight");
  await app.press(Key.ESCAPE);
  await app.click("button", "Select nothing");
});

test("deleted pictures come back with Undo", async () => {
  await tick(owl, heron);
  await app.click("button", "Delete", { within: "section[aria-label='What is selected']" });
  await see(penguin, `${ostrich} (favourite)`);
  await app.click("button", "Undo");
  await see(owl, `${heron} (favourite)`, penguin, `${ostrich} (favourite)`);
});

test("a picture opens, and its settings are taken over into Image", async () => {
  await app.click("button", penguin);
  await app.find("[data-testid=picture-viewer]", /./);
  await app.click("button:enabled", "Use all");
  await until(async () => (await app.page.executeScript("return document.querySelector('[data-testid=prompt]')?.value")) === penguin, "its prompt in Image");
  await openGallery();
});

test("a file that was removed outside shows as missing after a restart, and nothing falls", async () => {
  await app.close();
  const files = join(app.data, "files");
  const gone = readdirSync(files).find((name) => readFileSync(join(files, name)).equals(png(1, 320, 240)));
  assert.ok(gone, "the penguin's file is kept as it came");
  rmSync(join(files, gone));
  rmSync(join(app.data, "thumbs"), { recursive: true, force: true });
  app = await App.start(stage, { data: app.data, env });
  await openGallery();
  await until(async () => (await names()).some((name) => name.startsWith(penguin) && /file gone/.test(name)), "the penguin is gone");
  await until(async () => (await tiles()).filter(({ drawn }) => drawn).length === 3, "the others are drawn anew");
  await app.click("button", new RegExp(`^${penguin}`));
  await app.see("The file is gone");
  await app.press(Key.ESCAPE);
});
