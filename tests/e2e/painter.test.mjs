// The first launch paints: the built-in painter in the real window, without a key and without a network.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { App, Key, MODELS, until } from "./app.mjs";
import { violationsIn } from "./axe.mjs";
import { ask, came, cells, set } from "./paint.mjs";
import { CatchAll } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { openTab } from "./talk.mjs";

/** Longest wait for pictures on a machine that does other things too, milliseconds. */
const PATIENCE = 120_000;
/** Longest time from the press on Stop to the stopped picture, on such a machine. */
const STOP_WITHIN_MS = 300;
const MODEL = "Limerick Painter 10M";

let stage, network, app;
before(async () => {
  stage = await Stage.open();
  network = stage.keep(await CatchAll.open());
  app = await App.start(stage, { env: { LIMERICK_MODELS: MODELS, ...network.env } });
  await openTab(app, "Image");
});
after(() => stage?.close());

const assertNoViolation = (what) => violationsIn(app, what).then((found) => assert.deepEqual(found, []));

/** Notes each preview in the page: what it is called, where it lies, and where the picture lies that follows it. */
function watchPreviews() {
  window.previews = [];
  const boxOf = (image) => ["x", "y", "width", "height"].map((key) => Math.round(image.getBoundingClientRect()[key]));
  const note = () => {
    const [preview, picture] = ["[data-testid=preview]", ".picture img"].map((css) => document.querySelector(`[data-testid=cell] ${css}`));
    if (picture?.complete && picture.naturalWidth > 0) window.pictureBox = boxOf(picture);
    if (!preview?.alt || window.previews.at(-1)?.source === preview.src) return;
    window.previews.push({ name: preview.alt, source: preview.src, box: boxOf(preview) });
  };
  const watch = { subtree: true, childList: true, attributeFilter: ["src", "alt"] };
  window.previewWatch?.disconnect();
  window.previewWatch = new MutationObserver(note);
  window.previewWatch.observe(document.body, watch);
  document.addEventListener("load", note, { capture: true });
}

/** Sets one of a few words of the column. */
async function choose(name, word) {
  const select = await app.find("combobox", name);
  const put = (select, word) => {
    select.value = word;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  };
  await app.page.executeScript(put, select, word);
}

/** The page's address of a picture as one of the data folder's files. */
const fileOf = ({ source }) => readFileSync(join(app.data, "files", source.match(/[0-9a-f]{64}\.png$/)[0]));

/** What a picture's file says about how it was made. */
const settingsIn = (cell) => /parameters\0+([^]*?)(?=[^\n]{4}(?:IDAT|tEXt|iTXt))/.exec(fileOf(cell).toString("latin1"))?.[1] ?? "";

/** Paints one picture. */
async function paint(prompt) {
  await ask(app, prompt);
  const [cell] = await came(app, prompt, { patience: PATIENCE });
  return cell;
}

/** The size of the picture that is drawn, and its colours along the middle line. */
function middleOf() {
  const image = document.querySelector("[data-testid=cell] .picture img");
  const [width, height] = [image.naturalWidth, image.naturalHeight];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const whole = Object.assign(new Image(), { crossOrigin: "anonymous", src: image.src.replace("small%2F", "") });
  const done = arguments[0];
  whole.decode().then(() => {
    const size = [whole.naturalWidth, whole.naturalHeight];
    [canvas.width, canvas.height] = size;
    const context = canvas.getContext("2d");
    context.drawImage(whole, 0, 0);
    const line = context.getImageData(0, Math.floor(size[1] / 2), size[0], 1).data;
    done({ size, line: Array.from({ length: size[0] }, (_, x) => line.slice(4 * x, 4 * x + 3).join()) });
  }, (cause) => done({ failed: String(cause) }));
}

/** Closes the open batch and empties the prompt. */
async function begin() {
  await app.press(Key.CONTROL, Key.SHIFT, "o");
  await app.see("Say what you want to see");
}

test("the first launch paints an example at a click, and shows how it comes", async (t) => {
  await app.see(/10-million-parameter model made for Limerick/);
  await assertNoViolation("examples");
  await app.page.executeScript(watchPreviews);
  const began = performance.now();
  await app.click("button", /^An apple/);
  const [cell] = await came(app, "a red apple", { patience: PATIENCE });
  t.diagnostic(`the first picture after ${Math.round(performance.now() - began)} ms`);
  assert.match(cell.source, /^media:/);
  assert.equal(settingsIn(cell).includes(`Model: ${MODEL}`), true, settingsIn(cell));
  const { previews, pictureBox } = await app.page.executeScript("return { previews: window.previews, pictureBox: window.pictureBox }");
  assert.ok(previews.length >= 2 && previews.length <= 8, `${previews.length} previews`);
  for (const { name, source, box } of previews) {
    assert.match(name, /^Preview, step \d+ of 30$/);
    assert.match(source, /^data:image\/png;base64,/);
    assert.deepEqual(box, pictureBox, "a preview lies where the picture will lie");
  }
  assert.equal(new Set(previews.map(({ source }) => source)).size, previews.length, "each shows something else");
  await until(async () => !(await app.has("[data-testid=preview]", /^/)), "the preview is gone");
  await assertNoViolation("picture");
});

describe("a control acts:", () => {
  let first;
  before(async () => {
    await set(app, "Steps", 6);
    await set(app, "Seed", 7);
    first = await paint("a blue fish");
  });

  test("the same seed gives the same picture, and says so", async () => {
    await app.click("button", "Repeat and compare");
    await app.see("The same seed gave the same picture.", { patience: PATIENCE });
    const [again] = await came(app, "a blue fish", { patience: PATIENCE });
    assert.equal(again.source, first.source);
  });

  for (const [name, value, said] of [
    ["Seed", 8, "Seed: 8"],
    ["Steps", 3, "Steps: 3"],
    ["Guidance", 1, "CFG scale: 1"],
  ]) {
    test(`another number for ${name.toLowerCase()} gives another picture, whose file says so`, async () => {
      const before = { Seed: 7, Steps: 6, Guidance: 4 }[name];
      await set(app, name, value);
      const other = await paint("a blue fish");
      assert.notDeepEqual(fileOf(other), fileOf(first));
      assert.ok(settingsIn(other).includes(said), settingsIn(other));
      await set(app, name, before);
    });
  }

  test("a negative prompt gives another picture, and stands in the viewer", async () => {
    await app.click("[data-testid=negative]", /./);
    await app.type("Negative prompt", "blue");
    const other = await paint("a blue fish");
    assert.notDeepEqual(fileOf(other), fileOf(first));
    assert.ok(settingsIn(other).includes("Negative prompt: blue"), settingsIn(other));
    await app.click("button", "Open picture 1");
    const viewer = () => app.page.executeScript("return document.querySelector('[data-testid=picture-viewer]')?.innerText ?? ''");
    await until(async () => /512 × 512/.test(await viewer()), "its size").catch(async ({ message }) => assert.fail(`${message}; the viewer: ${await viewer()}; the screen: ${await app.text()}`));
    for (const words of [MODEL, "a blue fish", "blue", "7", "6"]) assert.ok((await viewer()).includes(words), `${words}: ${await viewer()}`);
    await app.press(Key.ESCAPE);
    await app.type("Negative prompt", "");
    await app.click("[data-testid=negative]", /./);
  });

  test("three pictures have three seeds, counted up", async () => {
    await set(app, "Pictures", 3);
    await ask(app, "a yellow star");
    const three = await came(app, "a yellow star", { count: 3, patience: PATIENCE });
    assert.deepEqual(three.map((cell) => /Seed: (\d+)/.exec(settingsIn(cell))?.[1]), ["7", "8", "9"]);
    assert.equal(new Set(three.map(({ source }) => source)).size, 3);
    await set(app, "Pictures", 1);
  });

  test("a wide form gives a wide picture", async () => {
    await app.click("button[title='480 × 320']", /./);
    await paint("a wide fish");
    const { size } = await app.page.executeAsyncScript(middleOf);
    assert.deepEqual(size, [480, 320]);
    await app.click("button", "Reset Size to default");
  });

  test("edges are smooth by themselves, and squares where that is chosen", async () => {
    const changes = ({ line }) => line.flatMap((colour, x) => (x > 0 && colour !== line[x - 1] ? [x] : []));
    await paint("a red apple on white");
    const smooth = changes(await app.page.executeAsyncScript(middleOf));
    assert.ok(smooth.some((x) => x % 8 !== 0), "colours change everywhere");
    await choose("Edges", "pixels");
    await paint("a red apple in squares");
    const squares = changes(await app.page.executeAsyncScript(middleOf));
    assert.ok(squares.length > 0 && squares.every((x) => x % 8 === 0), `colours change at ${squares}`);
    await choose("Edges", "");
  });

  test("no number is taken that the painter does not take", async () => {
    const valueOf = (name) => app.page.executeScript((name) => document.querySelector(`input[aria-label="${name}"]`).value, name);
    await set(app, "Steps", 99);
    await set(app, "Guidance", 0);
    await set(app, "Width in pixels", 1024);
    assert.deepEqual([await valueOf("Steps"), await valueOf("Guidance"), await valueOf("Width in pixels")], ["50", "1", "512"]);
    await app.click("button", "Reset all");
  });
});

test("Stop stops in the middle of a picture at once, and leaves nothing half", async (t) => {
  await set(app, "Steps", 50);
  await ask(app, "a stopped fish");
  await app.see(/Step \d+ of 50/, { patience: PATIENCE });
  const took = await app.page.executeAsyncScript(`
    const done = arguments[0];
    const began = performance.now();
    const stopped = () => document.querySelector("[data-testid=cell][data-state=cancelled]");
    new MutationObserver((_, watch) => stopped() && (watch.disconnect(), done(performance.now() - began)))
      .observe(document.body, { subtree: true, childList: true, attributes: true });
    document.querySelector("[data-testid=stop]").click();
  `);
  t.diagnostic(`stopped ${Math.round(took)} ms after the press`);
  assert.ok(took <= STOP_WITHIN_MS, `stopped after ${took} ms`);
  const [cell] = await cells(app);
  assert.match(cell.text, /^Stopped\./);
  assert.equal(await app.has("[data-testid=preview]", /^/), false);
  await app.click("button", "Reset all");
});

test("previews that come are no trouble for a screen reader", async () => {
  await set(app, "Steps", 50);
  await set(app, "Pictures", 8);
  await ask(app, "a shoal of fish");
  await app.find("[data-testid=preview]", /^/, { patience: PATIENCE });
  await assertNoViolation("preview");
  assert.ok((await cells(app)).some(({ state }) => state === "running"), "they were coming all the time");
  await app.click("[data-testid=stop]", /./);
  await until(async () => (await cells(app)).every(({ state }) => ["done", "cancelled"].includes(state)), "all have ended");
  await app.click("button", "Reset all");
  await set(app, "Pictures", 1);
});

test("an example shows what the steps do, by a row of pictures of one seed", async () => {
  await begin();
  await app.click("button", /^What the steps do/);
  await app.find("[data-testid=grid-view] [data-cell] [data-testid=preview]", /^/, { patience: PATIENCE });
  const drawn = "return [...document.querySelectorAll('[data-testid=grid-view] .tile img')].filter((image) => image.complete).length";
  await until(async () => (await app.page.executeScript(drawn)) === 3, "three pictures", PATIENCE);
  await assertNoViolation("a row over the steps");
  await app.click("checkbox", "Grid over two parameters");
});

test("a start picture is more than it can begin with, and it says what to do", async () => {
  await begin();
  await paint("a green leaf");
  await app.page.executeScript("document.querySelector('button[aria-label=\"Use as start picture\"]').click()");
  await app.see("Remove the start picture first.");
  await app.click("button", "Remove the start picture");
  await app.seeNoMore("Remove the start picture first.");
});

test("nothing of all this was sent to the network", () => {
  assert.deepEqual(network.heard, []);
});
