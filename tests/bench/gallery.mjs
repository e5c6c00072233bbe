// The gallery of History with 20,000 pictures in the real window: from the click to tiles, frames while scrolling, live
// tiles and memory, with plain boxes and the naive grid (an `<img loading=lazy>` for every picture) beside it in the
// same run; then a 1024 × 1024 PNG, from its last byte to the screen. Prints one JSON line a figure. Needs Linux.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { linkSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, until } from "../e2e/app.mjs";
import { encoded, landscape } from "../e2e/drawn.mjs";
import { ask } from "../e2e/paint.mjs";
import { ChatServer } from "../e2e/server.mjs";
import { Stage } from "../e2e/stage.mjs";
import { addServer, openTab, use } from "../e2e/talk.mjs";
import { median, print, progress } from "./figures.mjs";
import * as page from "./scrolling.mjs";
import { timeOf, treeOf } from "./tree.mjs";

const SCHEMA = join(import.meta.dirname, "../../src-tauri/crates/playground/src/store");
const COUNT = 20_000;
/** So many pictures differ; each of the `COUNT` is a file and an address of its own all the same. */
const DISTINCT = 100;
const SIDE = 512;
const ROUNDS = 3;
/** A scroll lasts so long, milliseconds. */
const SPELL = 2500;
/** Rest before memory is measured, seconds. */
const REST = 15;
/** The ways to scroll, px a frame. */
const STEPS = { "at rest": 0, "40 px a frame": 40, "a fling of 4000 px a frame": 4000 };
/** The renderer that a person gets. */
const ENV = { WEBKIT_DISABLE_DMABUF_RENDERER: "1" };

const nameOf = (words) => `${createHash("sha256").update(String(words)).digest("hex")}.png`;
const names = Array.from({ length: COUNT }, (_, at) => nameOf(at));
const small = (name) => `media://localhost/small%2F${name}`;

/** Writes the pictures and their rows. */
function fill(data) {
  const files = join(data, "files");
  mkdirSync(files, { recursive: true });
  for (let at = 0; at < DISTINCT; at++) writeFileSync(join(files, names[at]), landscape(at, SIDE, SIDE));
  for (let at = DISTINCT; at < COUNT; at++) linkSync(join(files, names[at % DISTINCT]), join(files, names[at]));
  const schema = readdirSync(SCHEMA).filter((name) => name.endsWith(".sql")).sort().map((name) => join(SCHEMA, name));
  const told = { history: join(data, "history.sqlite"), schema, names, side: SIDE, bytes: statSync(join(files, names[0])).size };
  execFileSync("python3", [join(import.meta.dirname, "gallery.py")], { input: JSON.stringify(told), stdio: ["pipe", "ignore", "inherit"] });
}

/** Lets the app make the small forms, as it does for every picture once, and gives each address its own. */
async function makeSmall(stage, data) {
  const app = await App.start(stage, { data, env: ENV });
  await app.page.manage().setTimeouts({ script: 300_000 });
  const failure = await inPage(app, page.fetchAll, names.slice(0, DISTINCT).map(small));
  if (failure) throw new Error(failure);
  await app.close();
  const thumb = (name) => join(data, "thumbs", name.replace("png", "jpg"));
  for (let at = DISTINCT; at < COUNT; at++) linkSync(thumb(names[at % DISTINCT]), thumb(names[at]));
  return statSync(thumb(names[0])).size;
}

/** Runs a function of `scrolling.mjs` in the page and waits for what it finds. */
function inPage(app, work, ...values) {
  return app.page.executeAsyncScript(`return (${work}).apply(null, arguments)`, ...values);
}

/** WebKit lets go of pictures out of sight after some seconds of rest. */
const settle = (seconds) => new Promise((then) => setTimeout(then, 1000 * seconds));

async function opening(app) {
  const found = [];
  for (let round = 0; round < ROUNDS + 2; round++) {
    await app.click("radio", "List");
    await until(async () => !(await app.has("grid", /Pictures/)), "the list");
    found.push(await inPage(app, page.openGallery));
  }
  const [first] = found;
  const later = (of) => median(found.slice(1).map(of));
  const how = `${COUNT} pictures; the click to the frame after; again: ${later(({ mounted }) => mounted).toFixed(0)} ms`;
  print("gallery: to tiles in sight", first.mounted, "ms", how);
  print("gallery: to all pictures in sight", first.drawn, "ms", `decoded and drawn; again: ${later(({ drawn }) => drawn).toFixed(0)} ms`);
}

/** Scrolls a grid in every way, and adds what was found to the list of each. */
async function scrolls(app, selector, into) {
  for (const [how, step] of Object.entries(STEPS)) {
    const used = timeOf(app.pid);
    const found = await inPage(app, page.scroll, selector, step, SPELL);
    into[how] ??= [];
    into[how].push({ ...found, work: (timeOf(app.pid) - used) / found.frames });
  }
}

const rates = (found) => median(found.map(({ rate }) => rate));
const works = (found) => median(found.map(({ work }) => work));

/** Prints what was found for each way; frames depend on what else runs, processor time hardly does. */
function report(what, found, floor) {
  for (const [how, each] of Object.entries(found)) {
    const longest = Math.max(...each.map(({ longest }) => longest)).toFixed(0);
    const times = floor ? `, ${(works(each) / works(floor[how])).toFixed(2)} times plain boxes` : "";
    const note = `median of ${each.length}; the longest ${longest} ms; ${works(each).toFixed(1)} ms of processor a frame${times}`;
    print(`gallery: ${what}, ${how}`, rates(each), "frames/s", note);
  }
}

/** The gallery and as many plain boxes, in turns. */
async function scrolling(app) {
  const [ours, boxes] = [{}, {}];
  for (let round = 0; round < ROUNDS; round++) {
    progress(`scrolling, round ${round + 1} of ${ROUNDS}`);
    await scrolls(app, "[role=grid]", ours);
    await inPage(app, page.cover, COUNT, null);
    await scrolls(app, "#cover", boxes);
    await inPage(app, page.uncover);
  }
  report("plain boxes", boxes);
  report("the grid", ours, boxes);
  const tiles = Math.max(...Object.values(ours).flat().map((each) => each.tiles));
  print("gallery: live tiles", tiles, "tiles", "the most while scrolling");
  return boxes;
}

async function naive(app, boxes) {
  progress("the naive grid");
  const mounted = await inPage(app, page.cover, COUNT, names.map(small));
  print("gallery: the naive grid, to tiles in sight", mounted, "ms", `${COUNT} <img loading=lazy> in a CSS grid, addresses known`);
  const found = {};
  await scrolls(app, "#cover", found);
  report("the naive grid", found, boxes);
  await settle(REST);
  print("gallery: memory with the naive grid", treeOf(app.pid), "MiB", `as much scrolling, after all that was before, then ${REST} s of rest`);
  await inPage(app, page.uncover);
}

/** A picture as large as models make them, with as much grain: it packs no better than theirs. */
function grainy(seed) {
  let last = seed + 1;
  const grain = () => ((last = (Math.imul(last, 1_103_515_245) + 12_345) >>> 0) >>> 27);
  return encoded(1024, 1024, (x, y) => [x / 8 + grain(), y / 8 + grain(), (x + y) / 16 + grain()]);
}

/** Milliseconds from the last byte that a server sent to the picture on the screen, and how wide it is. */
async function pixels(app, server) {
  await addServer(app, server.url);
  await openTab(app, "Image");
  await use(app, "Test server");
  const found = [];
  for (let round = 0; round < ROUNDS + 2; round++) {
    server.pictures = [grainy(round)];
    const sent = new Promise((then) => {
      server.server.once("request", (_, response) => response.once("finish", () => then(performance.timeOrigin + performance.now())));
    });
    await ask(app, `a hill ${round}`);
    const shown = await inPage(app, page.painted, `a hill ${round}`);
    if (shown.width !== 1024) throw new Error(`a picture of ${shown.width} px was shown`);
    found.push(shown.at - (await sent));
  }
  const how = `1024 × 1024 PNG (${(server.pictures[0].length / 1e6).toFixed(1)} MB, sent in base64), an OpenAI-compatible server's last byte to the drawn frame; median of ${found.length}, the longest ${Math.max(...found).toFixed(0)} ms`;
  print("gallery: bytes received to pixels on screen", median(found), "ms", how);
}

const stage = await Stage.open();
const server = stage.keep(await ChatServer.open());
try {
  const data = stage.makeFolder("data");
  progress(`drawing ${DISTINCT} pictures, writing ${COUNT} rows`);
  fill(data);
  const bytes = await makeSmall(stage, data);
  const app = await App.start(stage, { data, env: ENV });
  await app.page.manage().setTimeouts({ script: 300_000 });
  await openTab(app, "History");
  await settle(5);
  print("gallery: memory before", treeOf(app.pid), "MiB", `the list of ${COUNT} runs; small forms of ${(bytes / 1000).toFixed(0)} kB`);
  await opening(app);
  await scrolls(app, "[role=grid]", {});
  await settle(REST);
  print("gallery: memory after", treeOf(app.pid), "MiB", `the gallery opened and scrolled, then ${REST} s of rest`);
  const boxes = await scrolling(app);
  await naive(app, boxes);
  await pixels(app, server);
} finally {
  await stage.close();
}
