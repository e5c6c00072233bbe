// From one tab to another in the real window: a picture to Vision, its caption to Speech, Image and Text; and History
// searched by meaning with the built-in model.
import assert from "node:assert/strict";
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { App, MODELS, quickModelOnly, until } from "./app.mjs";
import { png } from "./drawn.mjs";
import { choose, openVision, show, shown } from "./seeing.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, openTab, prompt, say } from "./talk.mjs";

const answer = (text) => ({ words: text.match(/\S+\s*/g), pause: 2 });
const options = (app) =>
  app.page.executeScript(() => [...document.querySelectorAll("[role=option]")].map((row) => row.innerText));

describe("what came in one tab", () => {
  let stage, server, app;
  before(async () => {
    stage = await Stage.open();
    server = await ChatServer.open();
    app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage) } });
    await addServer(app, server.url);
    server.say(answer("A **cat** at dusk."));
    await openVision(app);
    await show(app, png(3), "cat.png");
    await app.type("Your message", "What is it?");
    await app.click("[data-testid=run]", /./);
    await answered(app);
  });
  after(async () => {
    await app?.close();
    await server?.close();
    await stage?.close();
  });

  const send = async (goal, within) => {
    await app.click("button", "Send to", within && { within });
    await app.click("menuitem", new RegExp(`^${goal}`));
  };
  const ANSWER = "[data-testid=answer]";
  const value = (field) => field.getAttribute("value");

  test("goes to Speech to be said, and to Image as a prompt, without the marks of markdown", async () => {
    await send("Speech", ANSWER);
    await until(async () => (await value(await app.find("textbox", "What the voice says"))) === "A cat at dusk.", "the text");
    await openTab(app, "Vision");
    await send("Image", ANSWER);
    await until(async () => (await value(await app.find("textbox", /^What /))) === "A cat at dusk.", "the prompt");
  });

  test("goes to Text as a message; what was being written there comes back with Undo", async () => {
    await openTab(app, "Text");
    await app.type("Your message", "half a thought");
    await openTab(app, "Vision");
    await send("Text", ANSWER);
    await until(async () => (await value(await prompt(app))) === "A **cat** at dusk.", "the message");
    await app.click("button", "Undo");
    await until(async () => (await value(await prompt(app))) === "half a thought", "what was being written");
  });

  test("goes from History to Vision as a picture to ask about, and to Classify", async () => {
    await openTab(app, "History");
    await app.click("option", /What is it/);
    await app.see("Vision");
    await send("Vision: the picture");
    await until(async () => (await shown(app)).length === 1, "the picture in a new thread");
    await openTab(app, "History");
    await send("Classify: the picture");
    await until(
      () => app.page.executeScript("return document.querySelector('img[src*=media]')?.naturalWidth > 0"),
      "the picture in Classify",
    );
  });

  test("is told apart in History's filter: a chat about a picture from one without", async () => {
    server.say(answer("Well, thank you."));
    await openTab(app, "Text");
    await app.type("Your message", "How are you?");
    await app.click("[data-testid=run]", /./);
    await answered(app);
    await openTab(app, "History");
    for (const [kind, expected] of [
      ["Chat about pictures", /What is it\?[^]*\nVision /],
      ["Chat", /How are you\?[^]*\nChat /],
    ]) {
      await choose(app, "Task", kind);
      const isAlone = async () => {
        const [first, another] = await options(app);
        return !another && expected.test(first);
      };
      await until(isAlone, `${kind} alone`);
    }
  });
});

describe("search by meaning", () => {
  let stage, server, app;

  before(async () => {
    stage = await Stage.open();
    server = await ChatServer.open();
    const models = quickModelOnly(stage);
    for (const name of readdirSync(MODELS).filter((file) => /^(minilm|libonnxruntime)/.test(file)))
      symlinkSync(join(MODELS, name), join(models, name));
    app = await App.start(stage, { env: { LIMERICK_MODELS: models } });
    await addServer(app, server.url);
    for (const [asked, said] of [
      ["How do I bake bread?", "Knead the dough, let it rise, and put it into the oven."],
      ["Tell me about penguins.", "They swim in icy water and cannot fly."],
      ["Why did the shares fall?", "Investors feared higher interest rates."],
    ]) {
      server.say(answer(said));
      await say(app, asked);
    }
  });
  after(async () => {
    await app?.close();
    await server?.close();
    await stage?.close();
  });

  test("finds what means nearly the same in other words, the nearest first", async () => {
    await openTab(app, "History");
    await app.click("button", "By meaning");
    for (const [words, expected] of [
      ["seabirds of the antarctic", /penguins/],
      ["a recipe for a loaf", /bread/],
      ["stock market crash", /shares/],
    ]) {
      await app.type(/^Search in prompts/, words);
      await until(async () => expected.test((await options(app))[0] ?? ""), `${words} finds ${expected}`, 60_000);
    }
    assert.match((await options(app))[0], /near|Near|Loosely/);
  });
});
