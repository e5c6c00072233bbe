// Hostile answers through the real renderer in the real window: they are words, and nothing else.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, quickModelOnly, until } from "./app.mjs";
import { CatchAll, ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, ask } from "./talk.mjs";

const MARKDOWN = join(import.meta.dirname, "../../ui/src/shared/markdown");
const CORPUS = JSON.parse(readFileSync(join(MARKDOWN, "hostile.json"), "utf8"));
/** The payloads of one conversation. */
const A_CHAT = 28;
/** Most pieces that an answer is sent in. */
const PIECES = 150;

let stage;
let network;
let listener;
let server;
let app;

before(async () => {
  stage = await Stage.open();
  network = await CatchAll.open();
  listener = await CatchAll.open();
  server = await ChatServer.open();
  app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage), ...network.env } });
  await addServer(app, server.url);
  await app.page.executeScript(watch);
});

after(async () => {
  await app?.close();
  for (const each of [server, listener, network, stage]) await each?.close();
});

/** Runs in the page: notes every element and attribute that may not come out of an answer, also for a moment. */
function watch() {
  const elements = /^(p|h[3-6]|ul|ol|li|blockquote|hr|br|strong|em|del|code|pre|a|span|sup|div|table|thead|tbody|tr|th|td|button|colgroup|col)$/;
  const attributes = /^(aria-label|class|data-depth|data-href|data-joined|dir|role|start|tabindex|title|type|scope|width)$/;
  window.offences = [];
  window.watchedFrom = location.href;
  const look = () => {
    for (const element of document.querySelectorAll("[data-testid=answer] .markdown *")) {
      if (!elements.test(element.localName)) window.offences.push(`<${element.localName}>`);
      for (const { name, value } of element.attributes) {
        if (!attributes.test(name)) window.offences.push(`${element.localName}[${name}]`);
        if (name === "data-href" && !/^(https?|mailto):/.test(value)) window.offences.push(`data-href=${value}`);
      }
    }
  };
  const watched = { subtree: true, childList: true, attributes: true };
  new MutationObserver(look).observe(document.querySelector("main"), watched);
}

/** Runs in the page: presses everything in the last answer that can be pressed, and closes what that opened. */
function pressAll() {
  const last = [...document.querySelectorAll("[data-testid=answer]")].at(-1);
  for (const target of last.querySelectorAll(".markdown a, .markdown [data-href]")) {
    target.click();
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
  }
}

/** Runs in the page: what went wrong so far. */
function harm() {
  return [...window.offences, window.ran === undefined ? "" : "a script ran", location.href === window.watchedFrom ? "" : location.href].filter(Boolean);
}

/** A text in small pieces, as a model would send it. */
function inPieces(text) {
  const characters = [...text];
  const size = Math.max(3, Math.ceil(characters.length / PIECES));
  return Array.from({ length: Math.ceil(characters.length / size) }, (_, n) =>
    characters.slice(n * size, (n + 1) * size).join(""),
  );
}

for (let from = 0; from < CORPUS.length; from += A_CHAT) {
  const part = CORPUS.slice(from, from + A_CHAT);
  test(`hostile answers ${from + 1} to ${from + part.length} do nothing`, async () => {
    if (from > 0) await app.click("button", "New chat");
    for (const [at, { name, markdown }] of part.entries()) {
      // Every other one names a listener on this machine, which no proxy stands before.
      const text = at % 2 ? markdown : markdown.replaceAll("https://leak.example", listener.url);
      server.say({ words: inPieces(text), pause: 1 });
      await ask(app, name);
      await answered(app, ["done"], { count: at + 1, patience: 20_000 });
      await app.page.executeScript(pressAll);
      assert.deepEqual(await app.page.executeScript(harm), [], name);
    }
  });
}

test("the watch would have seen harm", async () => {
  await app.page.executeScript(() => {
    [...document.querySelectorAll("[data-testid=answer] .markdown")].at(-1).append(document.createElement("img"));
  });
  await until(async () => (await app.page.executeScript(harm)).includes("<img>"), "the picture is noticed");
});

test("no hostile answer made the app ask anybody for anything", () => {
  assert.deepEqual(listener.heard, []);
  assert.deepEqual(network.heard, []);
});
