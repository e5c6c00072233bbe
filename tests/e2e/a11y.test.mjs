// Every screen in both themes by axe's rules of WCAG 2.0 to 2.2, A and AA: no violation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App, Key, quickModelOnly, until } from "./app.mjs";
import { violationsIn } from "./axe.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, ask, openTab, prompt, say } from "./talk.mjs";

const ANSWER =
  "## A heading\n\nWith **bold**, `code`, a [link](https://example.org) and\n\n- a list\n- of two\n\n" +
  "| a | table |\n|---|---|\n| of | cells |\n\n```rust\nfn main() {\n    let x = 1; // one\n}\n```\n\n> and a quote";

let stage;
let server;
let app;

before(async () => {
  stage = await Stage.open();
  server = await ChatServer.open();
  app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage) } });
  await prompt(app);
});

after(async () => {
  await app?.close();
  await server?.close();
  await stage?.close();
});

const assertNoViolation = (what) => violationsIn(app, what).then((found) => assert.deepEqual(found, []));

test("Text, empty", () => assertNoViolation("empty"));

test("the model list", async () => {
  await app.click("button", /^Model: /);
  await app.find("combobox", "Search models");
  await assertNoViolation("models");
  await app.press(Key.ESCAPE);
});

test("the command palette", async () => {
  await app.press(Key.CONTROL, "k");
  await app.find("combobox", "Find a command");
  await assertNoViolation("palette");
  await app.press(Key.ESCAPE);
});

test("Text, answered", async () => {
  await addServer(app, server.url);
  server.say({ words: ANSWER.match(/[^]{1,20}/g), pause: 1 });
  await say(app, "Show me everything.");
  await assertNoViolation("answered");
});

test("Text, an error", async () => {
  server.say({ status: 401, json: { error: "no" } });
  await ask(app, "And now fail.");
  await answered(app, ["failed"], { count: 2 });
  await assertNoViolation("error");
});

test("Completion", async () => {
  await app.click("radio", "Completion");
  await app.find("textbox", "Text to be continued");
  await assertNoViolation("completion");
  await app.click("radio", "Chat");
});

test("History with a run open", async () => {
  await openTab(app, "History");
  await app.click("option", /everything/);
  await app.find("button", "Open in Text");
  await assertNoViolation("history");
});

for (const section of ["Connections", "Built-in models", "General", "About"]) {
  test(`Settings, ${section}`, async () => {
    await openTab(app, "Settings");
    await app.click("button", section, { within: "nav[aria-label=Settings]" });
    await until(() => app.has("heading", section), section);
    await assertNoViolation(section);
  });
}

test("the shortcut sheet", async () => {
  await app.click("button", /^Shortcuts/);
  await app.find("dialog", "Shortcuts");
  await assertNoViolation("shortcuts");
});
