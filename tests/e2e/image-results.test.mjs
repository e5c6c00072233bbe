// What can be done with pictures in the real window: look, compare, save, take over, drop.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Key, until } from "./app.mjs";
import { png } from "./drawn.mjs";
import { python } from "./gradio.mjs";
import { answerDialog, ask, box, came, choosePainter, drop, openPainter, paint, paints, picture, serveBy, set, write } from "./paint.mjs";

const FIXTURES = join(import.meta.dirname, "../pictures");
const PROMPTS = ["an ostrich", "a penguin", "a heron"];

let stage, recorder, app;
before(async () => {
  ({ stage, recorder, app } = await openPainter());
  await choosePainter(app);
  await serveBy(app, "hf-inference");
  await recorder.answerFirst(paints([4, 5, 6].map((tint) => picture(png(tint, 400, 300)))));
});
after(() => stage?.close());

/** Waits until the viewer shows what is known of its picture, or is closed. */
const known = () => app.find("[data-testid=picture-info][aria-busy=false]", /./);
const closed = () => until(async () => (await viewer()) === "", "the viewer is closed");
const viewer = () => app.page.executeScript(() => document.querySelector("[data-testid=picture-viewer]")?.innerText ?? "");
const valueOf = (name) =>
  app.page.executeScript((name) => document.querySelector(`input[aria-label="${name}"]`).value, name);
const prompt = async () => (await box(app)).getAttribute("value");
const percent = async () => Number(/(\d+) percent/.exec(await (await app.find("button", /percent/)).getAttribute("aria-label"))[1]);
const starred = async () => (await app.find("button", "Favourite")).getAttribute("aria-pressed");

describe("the viewer", () => {
  before(async () => {
    await set(app, "Seed", 11);
    await set(app, "Pictures", 3);
    await ask(app, PROMPTS[0]);
    await came(app, PROMPTS[0], { count: 3 });
    await set(app, "Pictures", 1);
  });

  test("opens a picture with what is known of it beside it", async () => {
    await app.click("button", "Open picture 1");
    await until(async () => /1 of 3/.test(await viewer()), "the first of three");
    await until(async () => /400 × 300/.test(await viewer()), "its size");
    assert.match(await viewer(), /text-to-image/);
    assert.match(await viewer(), /hf-inference/);
    assert.match(await viewer(), /\b11\b/);
  });

  test("zooms, and goes on and back, by keys", async () => {
    const fit = await percent();
    await app.press("1");
    await until(async () => (await percent()) === 100, "pixel by pixel");
    await app.press("+");
    await until(async () => (await percent()) > 100, "larger");
    await app.press("0");
    await until(async () => (await percent()) === fit, "whole again");
    await app.press(Key.ARROW_RIGHT);
    await until(async () => /2 of 3/.test(await viewer()), "the second");
    await app.press(Key.END);
    await until(async () => /3 of 3/.test(await viewer()), "the last");
    await app.press(Key.ARROW_LEFT);
    await until(async () => /2 of 3/.test(await viewer()), "back to the second");
  });

  test("takes over the seed and nothing else", async () => {
    await app.press(Key.ESCAPE);
    await closed();
    await write(app, "my own words");
    await set(app, "Steps", 33);
    await app.click("button", "Open picture 3");
    await known();
    await app.click("button:enabled", "Use seed");
    await app.press(Key.ESCAPE);
    // The picture's run is read first.
    await until(async () => (await valueOf("Seed")) === "13", "the picture's seed");
    assert.deepEqual([await valueOf("Seed"), await valueOf("Steps"), await prompt()], ["13", "33", "my own words"]);
  });

  test("stars a picture, deletes it, and takes that back", async () => {
    await app.click("button", "Open picture 2");
    assert.equal(await starred(), "false");
    await app.press("f");
    await until(async () => (await starred()) === "true", "a favourite");
    await app.press(Key.DELETE);
    await until(async () => / of 2/.test(await viewer()), "two are left");
    await app.click("button", "Undo");
    await until(async () => /2 of 3/.test(await viewer()), "it is back");
    assert.equal(await starred(), "true");
    await app.press(Key.ESCAPE);
  });
});

test("two pictures are compared, and the divider moves by keys", async () => {
  await app.click("button", "Open picture 1");
  await app.press("c");
  const divider = await app.find("slider", "How much of A is in sight");
  const at = async () => Number(await divider.getAttribute("aria-valuenow"));
  assert.equal(await at(), 50);
  await divider.sendKeys(Key.ARROW_LEFT);
  await until(async () => (await at()) < 50, "more of B");
  await divider.sendKeys(Key.HOME);
  await until(async () => (await at()) === 0, "B alone");
  for (const way of ["Side by side", "Flip", "Slider"]) {
    await app.click("radio", way);
    await until(async () => (await app.page.findElements({ css: "[data-testid=compare] img" })).length >= 2, way);
  }
  await app.see(/Seed/);
  await app.press(Key.ESCAPE);
});

describe("a picture is saved with its parameters as", () => {
  const READ = `
import sys
from PIL import Image
with Image.open(sys.argv[1]) as image:
    image.load()
    comment = image.getexif().get_ifd(0x8769).get(0x9286, b"")
    print(image.format, *image.size)
    print(image.info.get("parameters") or comment.removeprefix(b"UNICODE\\0").decode("utf-16-be"))
`;
  for (const [title, extension] of [["PNG", "png"], ["JPEG", "jpg"], ["WebP", "webp"]]) {
    test(title, async () => {
      const path = join(stage.makeFolder("saved"), `mine.${extension}`);
      await app.click("button", "Open picture 1");
      await app.press("s");
      await app.click("button", new RegExp(`^${title}`));
      await answerDialog(stage, `Save as ${title}`, path);
      await app.see("Picture saved.");
      await app.press(Key.ESCAPE);
      const told = execFileSync(python(), ["-c", READ, path]).toString();
      assert.match(told, new RegExp(`^${title.toUpperCase()} 400 300\\nan ostrich\\n`));
      assert.match(told, /Seed: 11/);
      assert.match(told, /Model: acme\/text-to-image/);
      assert.ok(!readFileSync(path, "latin1").includes("hf_"), "a key is in the file");
    });
  }
});

describe("a file that is dropped", () => {
  const fixture = (name) => readFileSync(join(FIXTURES, name));

  test("offers the settings that another program wrote, and applies them when told", async () => {
    const before = await prompt();
    await drop(app, fixture("a1111.png"), "theirs.png", "image/png");
    await app.see("This picture tells how it was made.");
    assert.equal(await prompt(), before);
    await app.click("button", "Open with its settings");
    await until(async () => (await prompt()) !== before, "its prompt");
    assert.match(await prompt(), /F/i);
    assert.notEqual(await valueOf("Seed"), "");
    assert.notEqual(await valueOf("Steps"), "33");
  });

  test("is a start picture where it tells nothing, and can be taken away", async () => {
    await drop(app, png(9), "plain.png", "image/png");
    await app.see("Start picture, 96 × 96");
    await app.click("button", "Remove the start picture");
    await app.seeNoMore("Start picture");
  });

  for (const [what, name, bytes, type, says] of [
    ["no picture", "notes.txt", Buffer.from("Dear diary, today I dropped you on a window."), "text/plain", /picture/],
    ["a bomb", "bomb.png", fixture("bomb.30000x30000.png"), "image/png", /large|many|pixels/],
    ["a lie about its size", "claims.png", fixture("claims.65535x65535.png"), "image/png", /large|many|pixels/],
  ]) {
    test(`and is ${what} is refused in plain words, at once`, async () => {
      const began = performance.now();
      await drop(app, bytes, name, type);
      const alert = await app.find("alert", /./, { within: "[data-testid=dropped]" });
      await until(async () => says.test(await alert.getText()), `words such as ${says}`);
      assert.ok(performance.now() - began < 2000, "it took longer than two seconds");
      await app.click("button", "Close", { within: "[data-testid=dropped]" });
    });
  }
});

test("a repeated run says whether the seed was honoured", async () => {
  await recorder.answerFirst(paints([picture(png(7))]));
  await paint(app, PROMPTS[2]);
  await app.click("button", "Repeat and compare", { within: "[data-testid=result-foot]" });
  await app.see(/same picture/i);
});
