// Tables in the window, step by step: a folder of pictures, what each row says, and how far it is.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "./app.mjs";
import { encoded } from "./drawn.mjs";
import { answerDialog } from "./paint.mjs";
import { parts, unpacked } from "./seeing.mjs";

/** Longest wait for all rows, milliseconds. */
const ALL = 300_000;

/** Fills a folder with so many pictures: each tells its number by its size. */
export function picturesIn(folder, count) {
  for (let number = 1; number <= count; number++) {
    const [width, height] = sizeOf(number);
    writeFileSync(join(folder, `cat ${number}.png`), encoded(width, height, (x, y) => [x * 8, y * 8, number % 256]));
  }
}

/** Width and height of a picture by its number. */
export const sizeOf = (number) => [8 + (number % 25), 8 + Math.floor(number / 25)];

/** The number of the picture that a chat is about, by its size. */
export function numberOf(body) {
  const { type, bytes } = unpacked(parts(body).find((part) => part.type === "image_url").image_url.url);
  const [width, height] = type === "image/png" ? [bytes.readUInt32BE(16), bytes.readUInt32BE(20)] : frameOf(bytes);
  return (height - 8) * 25 + width - 8;
}

/** Width and height of a JPEG. */
function frameOf(bytes) {
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const mark = bytes[at + 1];
    if (mark >= 0xc0 && mark <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(mark))
      return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)];
  }
  throw new Error("no JPEG");
}

/** Chooses a folder of pictures for a new table. */
export async function chooseFolder(app, stage, folder) {
  await app.click("button", "Folder…");
  await answerDialog(stage, "Choose a folder of pictures", folder);
  await app.find("button", "Choose something else");
}

/** Where the table stands, in its own words. */
export const progress = (app) =>
  app.page.executeScript(() => document.querySelector("[data-testid=table-progress]")?.innerText ?? "");

/** Waits until the table says so. */
export function stands(app, words, patience = ALL) {
  const look = async () => words.test(await progress(app));
  return until(look, `a table that stands at ${words}`, patience).catch(async (error) => {
    throw new Error(`${error.message}; it says: ${await progress(app)}; the screen: ${(await app.text()).slice(0, 1500)}`);
  });
}

/** The rows that are mounted: `{name, state, text}`. */
export const rows = (app) =>
  app.page.executeScript(() =>
    [...document.querySelectorAll("[data-index]")].map((row) => ({
      name: row.querySelector(".name")?.innerText ?? "",
      state: row.dataset.state,
      text: row.innerText,
    })),
  );

/** Exports as CSV or JSONL, and waits for the toast. */
export async function exportAs(app, stage, form, path) {
  await app.click("button", "Export");
  await app.click("menuitem", new RegExp(`^${form}`));
  await answerDialog(stage, `Export as ${form}`, path);
  await app.see(`written to ${path}`);
}
