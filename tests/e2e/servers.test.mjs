// Where keys are kept, and each failure's card with the one thing it offers to do.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, quickModelOnly, until } from "./app.mjs";
import { startRecorder } from "./recorder.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, ask, openTab, prompt, say, use } from "./talk.mjs";

const TOKEN = "hf_thisIsNobodysTokenButItLooksLikeOne";

let stage, env;
before(async () => {
  stage = await Stage.open();
  env = { LIMERICK_MODELS: quickModelOnly(stage) };
});
after(() => stage?.close());

/** Whether any file below this folder holds these words. */
function isWritten(words, folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .some((path) => readFileSync(path).includes(words));
}

test("the Hugging Face router answers with a pasted token, which then lies in the keychain alone", async () => {
  const recorder = stage.keep(await startRecorder(stage.makeFolder("recorder")));
  const app = await App.start(stage, { env: { ...env, ...recorder.env } });
  await prompt(app);
  await openTab(app, "Settings");
  await app.type("Token", TOKEN);
  await app.click("button", "Save");
  await app.see(/canned-user|Canned User/);
  await app.see("your keychain");
  assert.doesNotMatch(await app.page.executeScript("return document.documentElement.outerHTML"), /thisIsNobodys/);

  await openTab(app, "Text");
  await use(app, "Hugging Face");
  await app.click("button", /^Model: /);
  await app.click("option", /conversational/);
  await recorder.forget();
  const answer = await say(app, "Hello!");
  assert.ok(answer.text.length > 3, answer.text);
  const [chat] = (await recorder.heard()).filter(({ method }) => method === "POST");
  assert.match(JSON.stringify(chat), /router\.huggingface\.co.*chat\/completions/);
  assert.ok(JSON.stringify(chat).includes(`Bearer ${TOKEN}`), "the router gets the token");
  await app.close();
  assert.equal(isWritten(TOKEN, app.data), false, "the token lies in the data folder");

  const again = await App.start(stage, { env: { ...env, ...recorder.env }, data: app.data });
  await openTab(again, "Settings");
  await again.see("your keychain");
  await again.click("button", "Forget");
  await again.see("Needs a free token");
  await again.close();
});

test("without a keychain the window says so, and a key lives until the app closes unless a file is allowed", async () => {
  const bare = stage.keep(await Stage.open({ keychain: false }));
  const recorder = bare.keep(await startRecorder(bare.makeFolder("recorder")));
  const start = (data) => App.start(bare, { env: { ...env, ...recorder.env }, ...(data && { data }) });
  const app = await start();
  await openTab(app, "Settings");
  await app.see("This machine has no keychain that works.");
  await app.type("Token", TOKEN);
  await app.click("button", "Save");
  await app.see("memory, until Limerick closes");
  await app.close();
  assert.equal(isWritten(TOKEN, app.data), false, "the token lies in the data folder");

  const again = await start(app.data);
  await openTab(again, "Settings");
  await again.type("Token", TOKEN);
  await again.click("radio", "Save it in a file only I can read");
  await again.click("button", "Save");
  await again.see("a file that only you can read");
  await again.close();
  const [file] = readdirSync(app.data).filter((name) => readFileIfAny(join(app.data, name)).includes(TOKEN));
  assert.equal(file, "keys.json");
  assert.equal(statSync(join(app.data, file)).mode & 0o777, 0o600);
});

function readFileIfAny(path) {
  return statSync(path).isFile() ? readFileSync(path, "utf8") : "";
}

test("each failure is a card with its one action where the answer would be", async (t) => {
  const server = stage.keep(await ChatServer.open());
  const app = await App.start(stage, { env });
  await prompt(app);
  await addServer(app, server.url);
  const refuse = (status, message, headers) => ({ status, json: { error: { message } }, headers });
  const ok = { words: ["Fine", " again."] };

  async function fails(words, code, action, answer, deed) {
    await t.test(words, async () => {
      server.say(answer);
      await app.click("button", "New chat");
      await ask(app, "Hello");
      await app.find(`[data-testid=error][data-code=${code}]`, /./, { patience: 30_000 });
      server.say(ok);
      await app.click("button", action, { within: "[data-testid=error]" });
      await deed();
    });
  }

  const answersNow = async () => assert.equal((await answered(app)).text, "Fine again.");
  const opensSettings = async () => {
    await app.see("Add a server");
    await openTab(app, "Text");
  };
  const picksModel = async () => {
    await app.find("textbox", /model/i);
    await app.press("\uE00C");
  };
  await fails("a refused key leads to Settings", "auth", "Set the key", refuse(401, "No such key"), opensSettings);
  await fails("a model that is not there leads to the model picker", "model", "Pick a model", refuse(404, "The model `x` does not exist"), picksModel);
  await fails("too many requests can be tried again", "limit", "Try again", refuse(429, "Slow down", { "retry-after": "3600" }), answersNow);
  await fails("a failing server can be tried again", "provider", "Try again", refuse(500, "Boom"), answersNow);
  await fails("an answer that breaks off can be continued", "incomplete", "Continue", { words: ["It", " was", " a", " dark", " night"], pause: 20, cut: 3 }, async () => {
    const answer = await until(async () => {
      const text = (await answered(app)).text;
      return text.includes("Fine") ? text : undefined;
    }, "the continuation");
    assert.match(answer, /^It was a.*Fine again\.$/);
  });
  await app.click("checkbox", "Offline");
  await t.test("a server on this machine answers while offline", async () => {
    await app.click("button", "New chat");
    await say(app, "Hello");
  });
  await app.close();
});

test("no credit leads to billing, and offline leads back online, on Hugging Face", async () => {
  const recorder = stage.keep(await startRecorder(stage.makeFolder("recorder")));
  const chat = { url: "router.huggingface.co/v1/chat/completions" };
  const broke = { status: 402, json: { error: "You have exceeded your monthly included credits." } };
  await recorder.answerFirst({ name: "no credit", match: chat, respond: broke });
  const app = await App.start(stage, { env: { ...env, ...recorder.env, HF_TOKEN: TOKEN } });
  await prompt(app);
  await use(app, "Hugging Face");
  await app.click("button", /^Model: /);
  await app.click("option", /conversational/);
  await ask(app, "Hello");
  await app.find("[data-testid=error][data-code=credits]", /credit/);
  await app.find("button", "Open billing");

  await recorder.answerFirst();
  await app.click("checkbox", "Offline");
  await app.click("button", "New chat");
  await recorder.forget();
  await ask(app, "Hello");
  await app.find("[data-testid=error][data-code=offline]", /offline/i);
  assert.deepEqual(await recorder.heard(), []);
  await app.click("button", "Go online", { within: "[data-testid=error]" });
  await answered(app);
  await app.close();
});
