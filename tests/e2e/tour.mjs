// Walks through the real app on an empty data folder and writes the README's pictures.
// Needs both built-in models, a free minute, and ImageMagick's `convert`.
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Key, until } from "./app.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, ask, openTab, prompt, use } from "./talk.mjs";

const PICTURES = process.env.LIMERICK_PICTURES ?? join(import.meta.dirname, "../tour/pictures");
const SIZE = { width: 1200, height: 800 };
/** Longest wait for an answer of the large model on a busy machine, milliseconds. */
const LONG = 240_000;

const stage = await Stage.open(SIZE);
const app = await App.start(stage);

/** Waits until nothing moves, and writes what the screen shows. */
async function picture(name) {
  await app.page.executeAsyncScript((done) => {
    const rest = () => requestAnimationFrame(() => requestAnimationFrame(done));
    document.fonts.ready.then(() => setTimeout(rest, 400));
  });
  const file = join(PICTURES, `${name}.png`);
  // The screen itself, since the first picture that WebDriver takes is an old one.
  const png = execFileSync("import", ["-window", "root", "png:-"], { env: { ...process.env, ...stage.env }, maxBuffer: 1e8 });
  writeFileSync(file, execFileSync("convert", ["png:-", "-strip", "+dither", "-colors", "255", "png8:-"], { input: png, maxBuffer: 1e8 }));
  process.stdout.write(`${name}.png ${Math.round(statSync(file).size / 1000)} kB\n`);
}

async function theme(name) {
  await app.press(Key.CONTROL, "k");
  const box = await app.find("combobox", "Find a command");
  await box.sendKeys(`${name} theme`, Key.ENTER);
  await until(async () => (await app.page.executeScript("return document.documentElement.dataset.theme")) === name, name);
}

mkdirSync(PICTURES, { recursive: true });
await app.page.manage().window().setRect({ x: 0, y: 0, ...SIZE });
await prompt(app);
await theme("light");
await picture("first");

// A chat, in both themes.
await app.type("Max new tokens", "220");
await app.type("Temperature", "0");
await ask(app, "Write a limerick about a cat who learns to code.");
await answered(app, ["done"], { patience: LONG });
await ask(app, "Show me one line of Python that reverses a word.");
await answered(app, ["done"], { count: 2, patience: LONG });
await picture("chat");
await theme("dark");
await picture("chat-dark");
await theme("light");
await app.click("button", /^Model: /);
await app.find("combobox", "Search models");
await picture("picker");
await app.press(Key.ESCAPE);

// A raw text, continued.
await app.click("radio", "Completion");
await app.type("Max new tokens", "80");
await app.click("button", /^Go on with a story/);
await answered(app, ["done"], { patience: LONG });
await picture("completion");
await app.click("radio", "Chat");

// A key that is not accepted.
const server = await ChatServer.open();
await addServer(app, server.url, "My server");
server.say({ status: 401, json: { error: { message: "Invalid API key" } } });
await app.click("button", "New chat");
await ask(app, "Hello, are you there?");
await answered(app, ["failed"]);
await picture("error");
await use(app, "Built-in");

await openTab(app, "History");
await app.click("option", /limerick/);
await app.find("button", "Open in Text");
await picture("history");

await openTab(app, "Settings");
await picture("settings");
await app.press(Key.CONTROL, "k");
await app.find("combobox", "Find a command");
await picture("palette");

await app.close();
await server.close();
await stage.close();
