// Pictures that are asked about, step by step: what a person does in the Vision tab, and what was sent of a picture.
import { readdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { MODELS, until } from "./app.mjs";
import { drop } from "./paint.mjs";
import { openTab } from "./talk.mjs";

const PICTURES = join(import.meta.dirname, "../pictures");
/** Longest wait for a picture to be made ready, milliseconds. */
const PATIENCE = 30_000;

/** The bytes of a picture of the tests. */
export const fixture = (name) => readFileSync(join(PICTURES, name));

/** A folder with what puts labels into words: the quick language model, the classifier, and what runs it. */
export function labelsInWords(stage) {
  const folder = stage.makeFolder("models");
  for (const name of readdirSync(MODELS).filter((file) => /^(SmolLM2-135M|efficientnet|libonnxruntime)/.test(file)))
    symlinkSync(join(MODELS, name), join(folder, name));
  return folder;
}

/** Opens the Vision tab. */
export async function openVision(app) {
  await openTab(app, "Vision");
  await app.find("textbox", "Your message");
}

/** Begins a thread anew; nothing is drafted in it. */
export async function beginAnew(app) {
  await app.click("button", "New thread", { within: "[data-region=modes]" });
  await app.click("[data-testid=prompt]", /./).catch(() => undefined);
  while (await app.has("button", /^Remove (the picture|picture \d+)$/)) await app.click("button", /^Remove (the picture|picture \d+)$/);
  await app.type("Your message", "");
}

/** Takes a way to ask. */
export const chooseWay = (app, way) => choose(app, "Way", way);

/** Takes a word of a list; one that opens is the system's own, which WebDriver does not see. */
export async function choose(app, list, word) {
  const select = await app.find("combobox", list);
  await app.page.executeScript(
    (select, word) => {
      select.value = [...select.options].find((option) => option.text === word).value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    },
    select,
    word,
  );
}

/** What the tiles of the pictures that will be sent say. */
export const shown = (app) =>
  app.page.executeScript(() =>
    [...document.querySelectorAll("[data-testid=shown-picture]")].map((tile) => tile.innerText.trim()),
  );

/** Drops a picture, and waits until its tile says what will be sent. */
export async function show(app, bytes, name, type = "image/png") {
  const before = (await shown(app)).length;
  await drop(app, bytes, name, type);
  return until(
    async () => {
      const tiles = await shown(app);
      return tiles.length > before && !tiles.at(-1).includes("making it ready") ? tiles.at(-1) : undefined;
    },
    `${name} is ready`,
    PATIENCE,
  ).catch(async (error) => {
    throw new Error(`${error.message}; there are: ${await shown(app)}; the screen says: ${(await app.text()).slice(0, 1000)}`);
  });
}

/** Writes the question of a chip, and gives its words. */
export async function chip(app, name) {
  await app.click("button", name, { within: "[aria-label=Questions]" });
  return app.page.executeScript("return document.querySelector('[data-testid=prompt]').value");
}

/** The bytes of a `data:` URI, with its type. */
export function unpacked(uri) {
  const [, type, text] = /^data:([\w/+.-]+);base64,(.*)$/s.exec(uri);
  return { type, bytes: Buffer.from(text, "base64") };
}

/** Width and height of a JPEG, and whether it still says how it is to be turned. */
export function jpeg(bytes) {
  let turned = false;
  for (let at = 2; at < bytes.length; ) {
    const [mark, length] = [bytes[at + 1], bytes.readUInt16BE(at + 2)];
    if (mark === 0xe1) turned = true;
    // A frame of any kind of JPEG; the others in between are tables.
    if (mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark))
      return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7), turned };
    at += 2 + length;
  }
  throw new Error("no JPEG");
}

/** The parts of the newest message of the person in a request. */
export const parts = (request) => request.messages.findLast(({ role }) => role === "user").content;
