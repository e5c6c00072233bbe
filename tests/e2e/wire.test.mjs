// The same chat over the wire: a real llama.cpp server, and Hugging Face as the recorder plays it.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { App, quickModelOnly } from "./app.mjs";
import { startLlama } from "./llama.mjs";
import { startRecorder } from "./recorder.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, answers, ask, openTab, prompt, say, use } from "./talk.mjs";

const TOKEN = "hf_aTokenThatMustNotLeakAnywhere42";
const CHAT = "/v1/chat/completions$";

/** The text of every file below a folder, but not a keychain's own. */
function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && entry.name !== "keyrings") yield* filesBelow(path);
    if (entry.isFile()) yield [path, readFileSync(path, "latin1")];
  }
}

/** Everything that the page holds: its elements, what is typed, what it stores. */
function pageHolds() {
  const typed = [...document.querySelectorAll("input, textarea")].map((field) => field.value);
  return [
    document.documentElement.outerHTML,
    JSON.stringify({ ...localStorage }),
    JSON.stringify({ ...sessionStorage }),
    document.cookie,
    ...typed,
  ].join("\n");
}

async function assertTokenIsNowhere(app, stage) {
  assert.ok(!(await app.page.executeScript(pageHolds)).includes(TOKEN), "the token is in the page");
  for (const folder of [app.data, stage.env.HOME]) {
    for (const [path, text] of filesBelow(folder)) assert.ok(!text.includes(TOKEN), `the token is in ${path}`);
  }
}

/** Pastes the token in Settings, as a person would, and picks Hugging Face and a model. */
async function signIn(app) {
  await openTab(app, "Settings");
  await app.type("Token", TOKEN);
  await app.click("button", "Save");
  await app.see(/Token found in/);
  await app.see(/canned-user/);
  await openTab(app, "Text");
  await use(app, "Hugging Face");
  await app.click("button", /^Model: /);
  const search = await app.find("combobox", "Search models");
  await search.sendKeys("acme/conversational", "\uE007");
  await app.find("button", "Model: conversational");
}

/** One start of the app whose way to the network leads to the recorder. */
async function openWithRecorder(keychain) {
  const stage = await Stage.open({ keychain });
  const recorder = await startRecorder(stage.makeFolder("recorder"));
  const app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage), ...recorder.env } });
  const close = async () => {
    await app.close();
    await recorder.close();
    await stage.close();
  };
  return { stage, recorder, app, close };
}

const chatsIn = (heard) => heard.filter(({ url, path }) => /chat\/completions/.test(url ?? path));

test("a llama.cpp server that is added in Settings answers", async (t) => {
  const stage = await Stage.open();
  const llama = await startLlama();
  const app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage) } });
  t.after(async () => {
    await app.close();
    await llama.close();
    await stage.close();
  });
  await prompt(app);
  await app.type("Max new tokens", "40");
  await addServer(app, llama.url, "My llama");
  const answer = await say(app, "What is the capital of France?");
  assert.match(answer.text, /\p{L}{2}/u);
  await app.see(/My llama/);
});

describe("Hugging Face", () => {
  let home;
  before(async () => {
    home = await openWithRecorder(true);
    await prompt(home.app);
    await signIn(home.app);
  });
  after(() => home?.close());

  test("answers through the router with the token that was pasted", async () => {
    const { app, recorder } = home;
    await recorder.forget();
    const answer = await say(app, "Hello!");
    assert.ok(answer.text.length > 0);
    const chats = chatsIn(await recorder.heard());
    assert.equal(chats.length, 1, "one question is one request");
    assert.match(JSON.stringify(chats[0]), /router\.huggingface\.co/);
    assert.match(JSON.stringify(chats[0]), new RegExp(`Bearer ${TOKEN}`));
  });

  const refusals = [
    { status: 401, code: "auth", says: /key was not accepted/i, action: "Set the key" },
    { status: 402, code: "credits", says: /credit/i, action: "Open billing" },
    { status: 429, code: "limit", says: /too many requests/i, action: "Try again" },
    { status: 503, code: "provider", says: /provider/i, action: "Try again" },
  ];
  for (const { status, code, says, action } of refusals) {
    test(`${status} becomes one sentence and one thing to do`, async () => {
      const { app, recorder } = home;
      const respond = { status, json: { error: `refused with ${status}` }, headers: { "Retry-After": "0" } };
      await recorder.answerFirst({ name: "refuse", match: { url: CHAT }, respond });
      const count = (await answers(app)).length + 1;
      await ask(app, `Say something about ${status}.`);
      await answered(app, ["failed"], { count, patience: 30_000 });
      const card = await app.page.executeScript(() => {
        const card = [...document.querySelectorAll("[data-testid=error]")].at(-1);
        return { code: card.dataset.code, text: card.innerText };
      });
      assert.equal(card.code, code);
      assert.match(card.text, says);
      assert.match(card.text, new RegExp(action));
      await recorder.answerFirst();
    });
  }

  test("the offline switch refuses and sends nothing", async () => {
    const { app, recorder } = home;
    await app.click("checkbox", "Offline");
    await recorder.forget();
    const count = (await answers(app)).length + 1;
    await ask(app, "Is anybody there?");
    await answered(app, ["failed"], { count });
    await app.see("Limerick is offline");
    await app.find("button", "Go online");
    assert.deepEqual(await recorder.heard(), []);
    await app.click("checkbox", "Offline");
  });

  test("the token is in no file but the keychain's, and not in the page", () =>
    assertTokenIsNowhere(home.app, home.stage));
});

test("without a keychain the token is kept in memory, and in no file", async (t) => {
  const home = await openWithRecorder(false);
  t.after(() => home.close());
  await prompt(home.app);
  await openTab(home.app, "Settings");
  await home.app.see("no keychain that works");
  await signIn(home.app);
  await say(home.app, "Hello!");
  await assertTokenIsNowhere(home.app, home.stage);
});
