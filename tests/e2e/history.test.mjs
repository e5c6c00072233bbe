// What was said is kept: found, opened, run again, deleted and brought back; branches; completion; keys; settings.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App, Key, quickModelOnly, until } from "./app.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, answers, openTab, prompt, say, use } from "./talk.mjs";

let stage;
let server;
let app;

const answer = (text) => ({ words: text.match(/\S+\s*/g), pause: 2 });
const press = (...keys) => app.press(...keys);
const theme = () => app.page.executeScript("return document.documentElement.dataset.theme");

before(async () => {
  stage = await Stage.open();
  server = await ChatServer.open();
  app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage) } });
  await addServer(app, server.url);
});

after(async () => {
  await app?.close();
  await server?.close();
  await stage?.close();
});

test("a second answer is version 2/2, and the first one is still there", async () => {
  server.say(answer("The first answer."), answer("The second answer."));
  await say(app, "Tell me about ostriches.");
  await app.click("button", "Regenerate");
  await until(async () => (await answers(app)).at(-1).text === "The second answer.", "the second answer");
  await app.see("2/2");
  await app.click("button", "Version before");
  await app.see("The first answer.");
  await app.see("1/2");
});

test("an edited question is answered on a branch of its own", async () => {
  server.say(answer("Penguins swim."));
  await app.click("button", "Edit");
  const box = await app.find("textbox", "Edit the message");
  await box.clear();
  await box.sendKeys("Tell me about penguins.");
  await app.click("button", "Save and answer");
  await until(async () => (await answers(app)).at(-1)?.text === "Penguins swim.", "the answer on the branch");
  await app.click("button", "Version before");
  await app.see("Tell me about ostriches.");
  await app.click("button", "Next version");
  await app.see("Penguins swim.");
});

test("a raw text is continued in Completion", async () => {
  await app.click("radio", "Completion");
  server.say({ words: [" there", " was", " a", " lighthouse."], pause: 2 });
  const box = await app.find("textbox", "Text to be continued");
  await box.sendKeys("Once upon a time", Key.chord(Key.CONTROL, Key.ENTER));
  const { text } = await answered(app);
  assert.equal(text, "Once upon a time there was a lighthouse.");
  await app.click("radio", "Chat");
});

test("History opens a run on its own branch, not on the last one", async () => {
  await openTab(app, "History");
  await app.type(/Search/, "second answer");
  await app.see("1 run");
  await app.click("option", /ostriches/i);
  await app.click("button", "Open in Text");
  await app.see("Tell me about ostriches.");
  await until(async () => (await answers(app)).at(-1)?.text === "The second answer.", "the answer of that run");
});

test("History finds a run by a word and opens it in Text", async () => {
  await openTab(app, "History");
  await app.type(/Search/, "penguins");
  await app.see("1 run");
  await app.click("option", /penguins/i);
  await app.click("button", "Open in Text");
  await app.see("Penguins swim.");
});

test("History runs a run again", async () => {
  server.say(answer("Once more."));
  await openTab(app, "History");
  await app.click("option", /penguins/i);
  await app.click("button", "Run again");
  await until(async () => (await answers(app)).at(-1)?.text === "Once more.", "the run again");
});

test("a deleted run comes back with Undo", async () => {
  await openTab(app, "History");
  await app.type(/Search/, "lighthouse");
  await app.see("1 run");
  await app.click("option", /lighthouse/i);
  await app.click("button", "Delete");
  await app.see("Run deleted.");
  await app.see("0 runs");
  await app.click("button", "Undo");
  await app.see("1 run");
  await app.find("option", /lighthouse/i);
});

test("the palette and the shortcut sheet work by keyboard alone", async () => {
  await press(Key.CONTROL, "k");
  await app.find("combobox", "Find a command");
  await press("dark th");
  await press(Key.ENTER);
  await until(async () => (await theme()) === "dark", "the dark theme");
  await press(Key.CONTROL, "1");
  await prompt(app);
  await press(Key.F6);
  await press("?");
  await app.find("dialog", "Shortcuts");
  await press(Key.ESCAPE);
  await until(async () => !(await app.has("dialog", "Shortcuts")), "the sheet is closed");
});

test("settings hold over a restart, and the server is still there", async () => {
  await app.close();
  app = await App.start(stage, { data: app.data, env: { LIMERICK_MODELS: quickModelOnly(stage) } });
  await openTab(app, "Text");
  await until(async () => (await theme()) === "dark", "the dark theme");
  await use(app, "Test server");
  server.say(answer("Good evening."));
  assert.equal((await say(app, "Hello again.")).text, "Good evening.");
});
