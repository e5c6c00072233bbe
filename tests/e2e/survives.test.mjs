// What happens to an answer when the app, or its page, goes away in the middle of it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App, quickModelOnly } from "./app.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, ask, prompt, written } from "./talk.mjs";

const WORDS = Array.from({ length: 120 }, (_, n) => `word${n} `);
const WHOLE = WORDS.join("").trim();

let stage;
let server;
let app;
let data;

before(async () => {
  stage = await Stage.open();
  server = await ChatServer.open();
  app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage) } });
  data = app.data;
  await addServer(app, server.url);
});

after(async () => {
  await app?.close();
  await server?.close();
  await stage?.close();
});

test("a page that is loaded again in the middle of an answer takes the stream up", async () => {
  server.say({ words: WORDS, pause: 40 });
  await ask(app, "Say many words.");
  await written(app, 100);
  await app.page.navigate().refresh();
  await prompt(app);
  const answer = await answered(app, ["done"], { patience: 20_000 });
  assert.equal(answer.text, WHOLE);
  assert.equal(server.chats.length, 1, "the model was asked once");
});

test("an answer that a crash cut short is kept and says so", async () => {
  server.say({ words: WORDS, pause: 40 });
  await ask(app, "Say them again.");
  const seen = await written(app, 200, { count: 2 });
  await app.kill();
  app = await App.start(stage, { data, env: { LIMERICK_MODELS: quickModelOnly(stage) } });
  await prompt(app);
  const kept = await answered(app, ["interrupted"], { count: 2 });
  assert.ok(WHOLE.startsWith(kept.text), `kept: ${kept.text}`);
  assert.ok(kept.text.length > seen.length / 2, `${kept.text.length} of ${seen.length} seen characters are kept`);
  await app.see("Cut short");
  await app.find("button", "Continue");
});
