// A conversation is a tree: regenerate, edit, branch and continue lose nothing. And a raw completion.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App, Key, quickModelOnly, until } from "./app.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, answers, ask, prompt, say } from "./talk.mjs";

let stage, server, app;
const answer = (text) => ({ words: text.match(/\s*\S+/g) });
const last = (list) => list[list.length - 1];
const lastAnswerIs = (text) =>
  until(async () => last(await answers(app))?.text === text, `the answer "${text}"`).catch(async (error) => {
    throw new Error(`${error.message}, but ${JSON.stringify(await answers(app))}`);
  });
/** Clicks an action of the last message of this kind (`said`, `answer`). */
async function act(kind, name) {
  const all = await app.page.findElements({ css: `[data-testid=${kind}]` });
  const button = await last(all).findElement({ css: `button[aria-label="${name}"]` });
  await app.page.executeScript("arguments[0].focus()", button);
  await button.click();
}

before(async () => {
  stage = await Stage.open();
  server = stage.keep(await ChatServer.open());
  app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage) } });
  await prompt(app);
  await addServer(app, server.url);
});
after(() => stage?.close());

test("regenerate makes another answer beside the first, and both can be seen", async () => {
  server.say(answer("The first."), answer("The second."));
  await say(app, "Say something");
  await act("answer", "Regenerate");
  await lastAnswerIs("The second.");
  await app.see("2/2");
  await act("answer", "Version before");
  await lastAnswerIs("The first.");
});

test("an edited message is answered anew, and the old branch stays", async () => {
  server.say(answer("You said something else."));
  await act("said", "Edit");
  await app.type("Edit the message", "Say something else");
  await app.press(Key.CONTROL, Key.ENTER);
  await lastAnswerIs("You said something else.");
  assert.equal(last(server.chats).body.messages.at(-1).content, "Say something else");
  await act("said", "Version before");
  await lastAnswerIs("The second.");
});

test("an answer can be rewritten by hand and continued by the model", async () => {
  await act("answer", "Edit");
  await app.type("Edit the message", "Once upon a time");
  await app.click("button", "Save");
  await lastAnswerIs("Once upon a time");
  server.say(answer(" there was a cat."));
  await act("answer", "Continue");
  await lastAnswerIs("Once upon a time there was a cat.");
  assert.deepEqual(last(server.chats).body.messages.at(-1), { role: "assistant", content: "Once upon a time" });
});

test("a parameter that is not set is not sent, and one that is set is", async () => {
  server.say(answer("Fine."));
  await app.click("button", "New chat");
  await ask(app, "Plain");
  await answered(app);
  const known = ["messages", "model", "stream", "stream_options"];
  assert.deepEqual(Object.keys(last(server.chats).body).filter((key) => !known.includes(key)), []);
  await app.type(/^Temperature/, `0.5${Key.TAB}`);
  await app.click("button", "New chat");
  await ask(app, "Warm");
  await answered(app);
  assert.equal(last(server.chats).body.temperature, 0.5);
  await app.click("button", "Reset all");
});

test("a large answer comes through whole", async () => {
  const paragraph = "Words **in bold** and `in code` make a long answer longer. ";
  const text = `${paragraph.repeat(1000)}The end.`;
  server.say({ words: text.match(/.{1,400}/gs) });
  await app.click("button", "New chat");
  await ask(app, "At length, please");
  const shown = await until(async () => {
    const { text } = last(await answers(app)) ?? { text: "" };
    return text.endsWith("The end.") ? text : undefined;
  }, "the end of the answer");
  assert.ok(shown.length > 50_000, `${shown.length} characters`);
});

test("a completion goes on from the very last letter", async () => {
  await app.click("radio", "Completion");
  server.say(answer(" upon a time"));
  const box = await app.find("textbox", "Text to be continued");
  await box.sendKeys("Once", Key.chord(Key.CONTROL, Key.ENTER));
  const { text } = await answered(app);
  assert.equal(text, "Once upon a time");
  assert.equal(last(server.chats).body.prompt, "Once");
  await app.click("radio", "Chat");
});
