// Pictures are asked about in the real window at servers, in a Space, and by the built-in models.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App, Key, until } from "./app.mjs";
import { png } from "./drawn.mjs";
import { startGradio } from "./gradio.mjs";
import { startLlama, tinyVlm } from "./llama.mjs";
import { answerDialog, came, ask as paint } from "./paint.mjs";
import { beginAnew, chooseWay, fixture, labelsInWords, openVision, parts, show, shown } from "./seeing.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, answers, ask, openTab, stopAndTime, use, written } from "./talk.mjs";

describe("at a server", () => {
  let stage, server, app;
  before(async () => {
    stage = await Stage.open();
    server = stage.keep(await ChatServer.open());
    app = await App.start(stage, { env: { LIMERICK_MODELS: labelsInWords(stage) } });
    await addServer(app, server.url);
    await openVision(app);
  });
  after(() => stage?.close());

  test("an answer is stopped at once, kept, and gone on with", async () => {
    server.say({ words: Array.from({ length: 300 }, (_, at) => ` word${at}`), pause: 20 });
    await show(app, fixture("cat.jpg"), "cat.jpg", "image/jpeg");
    await ask(app, "What is it?");
    await written(app, 40);
    assert.ok((await stopAndTime(app)) < 1000);
    const { text } = await answered(app, ["cancelled"]);
    assert.match(text, /word0 word1/);
    server.say({ words: [" and", " more", "."] });
    await app.click("button", "Continue", { within: ".ending" });
    assert.match((await answered(app)).text, /word0 word1.* and more\.$/s);
  });

  test("another answer is a branch, a changed question keeps its picture, and a failure has its card", async () => {
    server.say({ words: ["A", " cat", "."] });
    await app.click("button", "Regenerate");
    await answered(app);
    await app.see("3/3");
    await app.click("button", "Edit", { within: "[data-testid=said]" });
    await app.type("Edit the message", "What animal?");
    server.say({ status: 500, json: { error: { message: "Boom" } } });
    await app.click("button", "Save and answer");
    await app.find("[data-testid=error][data-code=provider]", /./, { patience: 30_000 });
    const { body } = server.chats.at(-1);
    assert.deepEqual(parts(body).map(({ type }) => type), ["image_url", "text"]);
    assert.equal(parts(body)[1].text, "What animal?");
    server.say({ words: ["A", " cat", " again", "."] });
    await app.click("button", "Try again", { within: "[data-testid=error]" });
    assert.equal((await answered(app)).text, "A cat again.");
  });

  test("a thread is listed with its picture, named, deleted and taken back", async () => {
    await app.click("[data-testid=conversations]", /./);
    await app.find("button", /^What (is it|animal)/);
    assert.equal(await app.page.executeScript("return document.querySelectorAll('li img').length"), 1);
    await app.click("button", /^Rename /);
    const name = await app.find("textbox", "Name of the conversation");
    await name.sendKeys("The cat", Key.ENTER);
    await app.click("button", "Delete The cat");
    await app.see("Show it a picture");
    await app.click("button", "Undo");
    await app.find("button", "Conversation: The cat");
    assert.equal((await answers(app)).length, 1);
    await openTab(app, "Text");
    await app.find("button", "Conversation: New chat");
    await openTab(app, "Vision");
  });

  test("a picture that Image made is taken from History", async () => {
    server.pictures = [png(1, 640, 320)];
    await openTab(app, "Image");
    await paint(app, "a wide picture");
    await came(app, "a wide picture");
    await openVision(app);
    await beginAnew(app);
    await app.click("[data-testid=add-from-history]", /./);
    await app.click("button", "a wide picture", { within: "[data-testid=from-history]" });
    await app.click("button", "Use the picture");
    await until(async () => /640 × 320, \d/.test((await shown(app))[0] ?? ""), "the picture is ready");
    server.say({ words: ["Wide", "."] });
    await ask(app, "How wide?");
    assert.equal((await answered(app)).text, "Wide.");
    assert.deepEqual(parts(server.chats.at(-1).body).map(({ type }) => type), ["image_url", "text"]);
  });

  test("a server of TGI reads pictures in a raw prompt, the whole thread of them", async () => {
    await beginAnew(app);
    await chooseWay(app, "Raw prompt");
    await app.see(/as Idefics2 on a TGI server reads it/);
    await show(app, fixture("cat.jpg"), "cat.jpg", "image/jpeg");
    server.say({ words: [" A", " cat", "."] });
    await ask(app, "What is it?");
    await answered(app);
    await ask(app, "Sure?");
    await answered(app, ["done"], { count: 2 });
    const { prompt } = server.chats.at(-1).body;
    assert.match(prompt, /^User:!\[\]\(data:image\/\w+;base64,[\w+/=]+\)What is it\?<end_of_utterance>\n/);
    assert.match(prompt, /\nAssistant: +A cat\.<end_of_utterance>\nUser: Sure\?<end_of_utterance>\nAssistant:$/);
    await app.click("button", "Reset all");
  });

  test("a real Gradio Space sees, in the way that it has", async () => {
    const gradio = stage.keep(await startGradio(stage.makeFolder("gradio")));
    await openTab(app, "Settings");
    await app.click("button", "Add a Space");
    await app.type("Space", gradio.url);
    await app.type("Name", "My Space");
    await app.click("button", "Save and test");
    await until(async () => !(await app.has("textbox", "Space")), "the form is closed");
    await openVision(app);
    await use(app, "My Space");
    await beginAnew(app);
    await show(app, fixture("turned.jpg"), "turned.jpg", "image/jpeg");
    await ask(app, "What is it?");
    assert.match((await answered(app)).text, /^A 36x48 picture\. You asked: What is it\?$/);
  });

  test("the real llama.cpp server sees with a tiny model, and says something else of another picture", async () => {
    const vlm = tinyVlm();
    const llama = stage.keep(await startLlama(vlm));
    await addServer(app, `${llama.url}/v1`, "llama.cpp");
    await openVision(app);
    await app.type("Temperature", "0");
    await app.type("Max new tokens", "16");
    await app.press(Key.TAB);
    const said = [];
    for (const name of ["cat.jpg", "turned.jpg"]) {
      await beginAnew(app);
      await show(app, fixture(name), name, "image/jpeg");
      await ask(app, "What is it?");
      said.push((await answered(app)).text);
    }
    assert.ok(said.every(Boolean));
    assert.notEqual(said[0], said[1]);
    await ask(app, "And now?");
    assert.ok((await answered(app, ["done"], { count: 2 })).text);
    vlm.forget();
  });
});

describe("built in", () => {
  let stage, app;
  before(async () => {
    stage = await Stage.open();
    app = await App.start(stage, { env: { LIMERICK_MODELS: labelsInWords(stage) } });
    await openVision(app);
  });
  after(() => stage?.close());

  test("labels are put into words, and it says so: the model, what was seen, and a model that sees by itself", async () => {
    await app.find("button", /^Model: Automatic: Labels into words/);
    await app.find("button", /^Get it, \d+ MB…$/);
    // The quick model may not find an end.
    await app.type("Max new tokens", "24");
    await app.click("button", /^What is this\?/);
    const { text } = await answered(app);
    assert.ok(text.length > 0);
    await app.click("summary", "▸ What was seen").catch(() => app.click("summary", /What was seen/));
    await app.see(/The classifier saw: .*(cat|tabby|lynx|tiger|Egyptian).*%/i);
    await app.find("[data-testid=answered-by]", /Labels into words|EfficientNet/i);
  });

  test("an answer goes to Text, Image and Speech", async () => {
    const { text } = await answered(app);
    await app.click("button", /^Send/, { within: "[data-testid=answer]" });
    await app.click("menuitem", /^Image/);
    const same = async (box) => assert.equal((await box.getAttribute("value")).slice(0, 12), text.slice(0, 12));
    await same(await app.find("textbox", /^What /));
    for (const [tab, box] of [["Speech", "What the voice says"], ["Text", "Your message"]]) {
      await openTab(app, "Vision");
      await app.click("button", /^Send/, { within: "[data-testid=answer]" });
      await app.click("menuitem", new RegExp(`^${tab}`));
      await same(await app.find("textbox", box));
    }
  });

  test("a person's own model that sees answers by itself, and nothing is offered any more", async () => {
    const vlm = tinyVlm();
    await openTab(app, "Settings");
    await app.click("button", "Built-in models");
    await app.click("button", "Add a GGUF file of your own");
    await answerDialog(stage, "Choose a GGUF file", vlm.model);
    await app.see("tiny-vlm");
    await openVision(app);
    await beginAnew(app);
    await app.click("button", /^Model: /);
    await app.click("option", /tiny/i);
    await show(app, fixture("cat.jpg"), "cat.jpg", "image/jpeg");
    await app.type("Max new tokens", "8");
    await ask(app, "What is it?");
    assert.ok((await answered(app)).text);
    assert.equal(await app.has("summary", /What was seen/), false);
    vlm.forget();
  });

  test("a folder is asked in its own mode", async () => {
    await app.click("radio", "Folder");
    await app.find("textbox", "What to ask about each picture");
    await chipInFolder(app);
    await app.click("radio", "Ask");
  });
});

async function chipInFolder(app) {
  await app.click("button", "Alt text", { within: "[aria-label=Questions]" });
  const words = await app.page.executeScript("return document.querySelector('[data-testid=folder-question]').value");
  assert.match(words, /alt text/);
}
