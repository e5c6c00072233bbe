// Labels in the window, step by step: what a person does in the Classify tab, and how the recorder answers.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Key, MODELS, until } from "./app.mjs";
import { drop, TOKEN } from "./paint.mjs";
import { startRecorder } from "./recorder.mjs";
import { Stage } from "./stage.mjs";
import { openTab, use } from "./talk.mjs";

/** The cat of the examples: a part of "Chelsea the cat", CC0. */
export const CAT = readFileSync(join(import.meta.dirname, "../../ui/src/pictures/examples/cat.jpg"));
/** The kinds by the Hub's names, as the tab calls them. */
const KINDS = {
  "text-classification": "Text",
  "token-classification": "Tokens",
  "zero-shot-classification": "Labels for a text",
  "image-classification": "Picture",
  "zero-shot-image-classification": "Labels for a picture",
  "object-detection": "Objects",
};
/** Longest wait for an answer, milliseconds. */
const PATIENCE = 60_000;

/** Where hf-inference answers for a kind. */
const place = (kind) => `^https://router\\.huggingface\\.co/hf-inference/models/acme/${kind}$`;

/** A rule by which hf-inference answers so. */
export const answers = (kind, respond) => ({ name: kind, match: { method: "POST", url: place(kind) }, respond });

/** The Hub's list of models: one for each kind. */
function modelList() {
  const json = Object.keys(KINDS).map((task, at) => {
    const [id, mapping] = [`acme/${task}`, [{ provider: "hf-inference", providerId: "x", status: "live", task }]];
    const row = { _id: String(at), id, modelId: id, pipeline_tag: task, tags: [], likes: 7, downloads: 42, private: false };
    return { ...row, inferenceProviderMapping: mapping };
  });
  return { name: "models", match: { url: "^https://huggingface\\.co/api/models(\\?|$)" }, respond: { json } };
}

/** One start of the app in the Classify tab, with a token, whose Hugging Face is the recorder. */
export async function openLabels(size = {}) {
  const stage = await Stage.open(size);
  try {
    const recorder = stage.keep(await startRecorder(stage.makeFolder("recorder")));
    const answerFirst = (...rules) => recorder.answerFirst(...rules, modelList());
    await answerFirst();
    const env = { LIMERICK_MODELS: MODELS, HF_TOKEN: TOKEN, ...recorder.env };
    const app = await App.start(stage, { env });
    await openTab(app, "Classify");
    return { stage, recorder: { ...recorder, answerFirst }, env, app };
  } catch (error) {
    await stage.close();
    throw error;
  }
}

/** Takes a kind, and the recorder's model for it. */
export async function chooseKind(app, kind) {
  await app.click("radio", KINDS[kind]);
  await use(app, "Hugging Face");
  await app.click("button", /^Model: /);
  const search = await app.find("combobox", "Search models");
  await search.sendKeys(`acme/${kind}`, Key.ENTER);
  await app.find("button", `Model: ${kind}`);
}

/** Takes a kind at the built-in model. */
export async function chooseBuiltin(app, kind) {
  await app.click("radio", KINDS[kind]);
  await use(app, "Built-in");
}

/** Puts a text in the place of what stands there; letters that no keyboard has come in, too. */
export async function write(app, text) {
  const box = await app.find("textbox", "Text to classify");
  await app.page.executeScript(
    (box, text) => {
      box.value = text;
      box.dispatchEvent(new Event("input", { bubbles: true }));
    },
    box,
    text,
  );
  return box;
}

/** Drops a picture on the tab in the place of what is there, waits until it is ready, and gives its width and height. */
export async function dropPicture(app, bytes, name, type) {
  if (await app.has("button", "Remove the picture")) await app.click("button", "Remove the picture");
  await drop(app, bytes, name, type);
  const tile = await app.find("[data-testid=picture]", /\d/);
  return (await tile.getText()).match(/\d+/g).map(Number);
}

/** Drops the cat. */
export const dropCat = (app) => dropPicture(app, CAT, "cat.jpg", "image/jpeg");

/** Puts labels in the place of those that are there. */
export async function chooseLabels(app, ...labels) {
  const box = await app.find("textbox", "Add a label");
  while (await app.has("button", /^Remove (?!the picture)/)) await box.sendKeys(Key.BACK_SPACE);
  for (const label of labels) await box.sendKeys(label, Key.ENTER);
}

/** Presses Run and waits until the answer stands so. */
export async function run(app, state = "done") {
  await app.page.executeScript("document.querySelector('[data-testid=answer]')?.removeAttribute('data-state')");
  await app.click("[data-testid=run]:enabled", /./);
  await ended(app, state);
}

/** Waits until the answer stands so. */
export async function ended(app, state = "done") {
  const look = () => app.page.executeScript("return document.querySelector('[data-testid=answer]')?.dataset.state");
  await until(async () => (await look()) === state, `an answer that is ${state}`, PATIENCE).catch(async (error) => {
    throw new Error(`${error.message}; it is ${await look()}; the screen says: ${(await app.text()).slice(0, 1500)}`);
  });
}

/** The bars: `[label, score]`, as they are read. */
export const bars = (app) =>
  app.page.executeScript(() =>
    [...document.querySelectorAll("[data-testid=bars] tbody tr")].map((row) => [
      row.querySelector("th").innerText.trim(),
      row.querySelector(".number").innerText.trim(),
    ]),
  );

/** What the recorder was asked for a kind, the last of it. */
export async function asked(recorder, kind) {
  const heard = await recorder.heard();
  return heard.filter(({ method, url }) => method === "POST" && new RegExp(place(kind)).test(url)).at(-1);
}
