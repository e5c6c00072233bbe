// Walks through the real app on an empty data folder and writes the README's pictures, all of one walk or none.
// Needs the built-in models, the painter and the voice, a free minute, PulseAudio, and ImageMagick's `convert`.
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Key, until } from "./app.mjs";
import { landscape } from "./drawn.mjs";
import { chooseBuiltin, dropCat, run as label } from "./labels.mjs";
import { ask as paint, came, set } from "./paint.mjs";
import { Room } from "./room.mjs";
import { chip, openVision, show } from "./seeing.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, ask, openTab, prompt, use } from "./talk.mjs";
import { pickVoice, said, say } from "./voice.mjs";

const PICTURES = process.env.LIMERICK_PICTURES ?? join(import.meta.dirname, "../tour/pictures");
const SIZE = { width: 1200, height: 800 };
/** Where the pointer rests for a picture: on nothing that would light up. */
const ASIDE = { x: 36, y: 400, duration: 0 };
/** Longest wait for an answer of the large model on a busy machine, milliseconds. */
const LONG = 240_000;

/** What the built-in painter is asked for. */
const STICKER = "a castle";

const stage = await Stage.open(SIZE);
// Voices are heard, or the pictures would say that it is silent.
const room = await Room.open(stage);
const app = await App.start(stage, { env: room.env });
const server = stage.keep(await ChatServer.open());
const pictures = new Map();

/** Waits until nothing moves, and takes what the screen shows. A blinking caret would differ from walk to walk. */
async function picture(name) {
  // Two moves: the driver leaves out one to where it believes the pointer to be, and clicks do not change its mind.
  await app.page.actions().move({ ...ASIDE, y: ASIDE.y + 1 }).move(ASIDE).perform();
  await app.page.executeScript("document.documentElement.style.caretColor = 'transparent'");
  await app.page.executeAsyncScript((done) => {
    const rest = () => requestAnimationFrame(() => requestAnimationFrame(done));
    document.fonts.ready.then(() => setTimeout(rest, 400));
  });
  // The screen itself, since the first picture that WebDriver takes is an old one.
  const png = execFileSync("import", ["-window", "root", "png:-"], { env: { ...process.env, ...stage.env }, maxBuffer: 1e8 });
  const small = execFileSync("convert", ["png:-", "-strip", "+dither", "-colors", "255", "png8:-"], { input: png, maxBuffer: 1e8 });
  pictures.set(name, small);
  process.stdout.write(`   ${name}.png ${Math.round(small.length / 1000)} kB\n`);
}

async function theme(name) {
  await app.press(Key.CONTROL, "k");
  const box = await app.find("combobox", "Find a command");
  await box.sendKeys(`${name} theme`, Key.ENTER);
  await until(async () => (await app.page.executeScript("return document.documentElement.dataset.theme")) === name, name);
}

async function firstStart() {
  await app.page.manage().window().setRect({ x: 0, y: 0, ...SIZE });
  await prompt(app);
  await theme("light");
  await picture("first");
}

/** A chat, in both themes, and the models that could answer. */
async function chat() {
  await app.type("Max new tokens", "220");
  await app.type("Temperature", "0");
  await ask(app, "Write a limerick about a cat who learns to code.");
  await answered(app, ["done"], { patience: LONG });
  await ask(app, "Write a Python function that reverses a word. Code only, no explanation.");
  await answered(app, ["done"], { count: 2, patience: LONG });
  await picture("chat");
  await theme("dark");
  await picture("chat-dark");
  await theme("light");
  await app.click("button", /^Model: /);
  await app.find("combobox", "Search models");
  await picture("picker");
  await app.press(Key.ESCAPE);
}

/** A raw text, continued. */
async function completion() {
  await app.click("radio", "Completion");
  await app.type("Max new tokens", "80");
  await app.click("button", /^Go on with a story/);
  await answered(app, ["done"], { patience: LONG });
  await picture("completion");
  await app.click("radio", "Chat");
}

/** A key that is not accepted. */
async function refusal() {
  await addServer(app, server.url, "My server");
  server.say({ status: 401, json: { error: { message: "Invalid API key" } } });
  await app.click("button", "New chat");
  await ask(app, "Hello, are you there?");
  await answered(app, ["failed"]);
  await picture("error");
  await use(app, "Built-in");
}

/** Pictures of a server, and the gallery that they come into, in both themes. */
async function image() {
  server.models = ["stable-diffusion-xl-base-1.0"];
  server.pictures = [0, 1, 2, 3, 4, 5, 6, 7].map((seed) => landscape(seed));
  await addServer(app, server.url, "My painter");
  await openTab(app, "Image");
  await use(app, "My painter");
  await set(app, "Width in pixels", 768);
  await set(app, "Height in pixels", 512);
  await set(app, "Seed", 1);
  await set(app, "Pictures", 4);
  for (const prompt of ["Hills in the morning, paper layers", "Hills under a low sun, paper layers, soft light"]) {
    await paint(app, prompt);
    await came(app, prompt, { count: 4 });
  }
  await inBothThemes("image");
  await openTab(app, "History");
  await app.click("radio", "Gallery");
  await app.click("radio", "L");
  const drawn = "return [...document.querySelectorAll('[role=gridcell] img')].filter((image) => image.complete).length";
  await until(async () => (await app.page.executeScript(drawn)) === 8, "eight tiles");
  await inBothThemes("gallery");
  await app.click("radio", "List");
}

/** Stickers by the built-in painter, four seeds of one prompt, in both themes. */
async function painter() {
  await openTab(app, "Image");
  await use(app, "Built-in");
  await app.click("button", "Reset all");
  await set(app, "Seed", 1);
  await set(app, "Pictures", 4);
  await paint(app, STICKER);
  await came(app, STICKER, { count: 4, patience: LONG });
  await inBothThemes("image-painter");
}

/** A limerick by two of the built-in voices, held in its second sentence, in both themes. */
async function speech() {
  await openTab(app, "Speech");
  await use(app, "Built-in");
  for (const voice of ["George", "Heart"]) {
    await pickVoice(app, voice);
    await app.find("button", `Voice: ${voice}`);
    await say(app, "There was an old man with a beard, who said: it is just as I feared! Two owls and a hen, four larks and a wren, have all built their nests in my beard.");
    await said(app, ["done"], LONG);
    await app.find("button", "Play", { patience: 60_000 });
  }
  const slider = await app.find("slider", "Place in the sound");
  await slider.sendKeys(Key.HOME, ...Array(6).fill(Key.ARROW_RIGHT));
  await until(async () => /^6 of/.test(await slider.getAttribute("aria-valuetext")), "the place");
  await app.page.executeScript("document.activeElement.blur()");
  await inBothThemes("speech");
}

/** A cat, seen by the built-in classifier and put into words; another picture waits to be sent. In both themes. */
async function vision() {
  await openVision(app);
  await use(app, "Built-in");
  await app.type("Max new tokens", "60");
  await app.type("Temperature", "0");
  await app.click("button", /^What is this\?/);
  await answered(app, ["done"], { patience: LONG });
  await app.click("summary", /What was seen/);
  await show(app, landscape(2, 1536, 1024), "hills.png");
  await chip(app, "Alt text");
  await inBothThemes("vision");
}

/** A cat, named by the built-in model, in both themes. */
async function classify() {
  await openTab(app, "Classify");
  await chooseBuiltin(app, "image-classification");
  await dropCat(app);
  await label(app);
  await inBothThemes("classify");
}

async function inBothThemes(name) {
  await picture(name);
  await theme("dark");
  await picture(`${name}-dark`);
  await theme("light");
}

async function history() {
  await openTab(app, "History");
  await app.click("option", /limerick/);
  await app.find("button", "Open in Text");
  await picture("history");
}

async function settings() {
  await openTab(app, "Settings");
  await picture("settings");
  await app.press(Key.CONTROL, "k");
  await app.find("combobox", "Find a command");
  await picture("palette");
}

try {
  for (const step of [firstStart, chat, completion, refusal, history, image, painter, vision, speech, classify, settings]) await step();
  mkdirSync(PICTURES, { recursive: true });
  for (const [name, png] of pictures) writeFileSync(join(PICTURES, `${name}.png`), png);
} finally {
  await stage.close();
}
