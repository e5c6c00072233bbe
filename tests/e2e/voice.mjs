// Voices in the window, step by step: what a person does in the Speech tab.
import { App, Key, quickModelOnly, until } from "./app.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, openTab } from "./talk.mjs";

/** Longest wait for a voice, milliseconds. */
const PATIENCE = 30_000;

/** The Speech tab of an app on a server of these models that speaks; no sound device is there. */
export async function openSpeech({ models = ["test-model"], env = {}, ...size } = {}) {
  const stage = await Stage.open(size);
  try {
    const server = stage.keep(await ChatServer.open());
    server.models = models;
    const whole = { LIMERICK_MODELS: quickModelOnly(stage), PULSE_SERVER: `unix:${stage.folder}/none`, ...env };
    const app = await App.start(stage, { env: whole });
    await addServer(app, server.url);
    await openTab(app, "Speech");
    return { stage, server, app, env: whole };
  } catch (error) {
    await stage.close();
    throw error;
  }
}

/** Writes a text in the place of what stands there. */
export const write = (app, text) => app.type("What the voice says", text);

/** Writes a text and has it said. */
export async function say(app, text) {
  const box = await write(app, text);
  await box.sendKeys(Key.chord(Key.CONTROL, Key.ENTER));
}

/** Picks a model of the server. */
export async function pickModel(app, id) {
  await app.click("button", /^Model: /);
  const search = await app.find("combobox", "Search models");
  await search.sendKeys(id, Key.ENTER);
  await app.find("button", `Model: ${id}`);
}

/** Picks a voice: the first that is found by these words, else that name itself. */
export async function pickVoice(app, words) {
  await app.click("button", /^Voice: /);
  const search = await app.find("textbox", /^Search voices/);
  await search.sendKeys(words, Key.ENTER);
}

/** The parts of the open take: `{text, state}`. */
export const parts = (app) =>
  app.page.executeScript(() =>
    [...document.querySelectorAll("[data-testid=part]")].map((part) => ({
      text: part.querySelector("p").innerText.trim(),
      state: part.dataset.state,
    })),
  );

/** Waits until the parts of the open take stand so, and gives them. */
export async function said(app, states = ["done"], patience = PATIENCE) {
  const look = async () => {
    const now = await parts(app);
    return now.map(({ state }) => state).join() === states.join() ? now : undefined;
  };
  return until(look, `parts that are ${states}`, patience).catch(async (error) => {
    throw new Error(`${error.message}; there are: ${JSON.stringify(await parts(app))}; the screen says: ${(await app.text()).slice(0, 1500)}`);
  });
}

/** The takes in the list, newest first: `{name, facts, state}`. */
export const takes = (app) =>
  app.page.executeScript(() =>
    [...document.querySelectorAll("[data-testid=take]")].map((row) => ({
      name: row.querySelector(".clip").innerText,
      facts: row.querySelector(".facts").innerText,
      state: row.dataset.state,
    })),
  );

/** How many of the waveform's columns are not still: what is drawn of a sound. */
export const drawn = (app) =>
  app.page.executeScript(() => {
    const canvas = document.querySelector("[data-testid=waveform] canvas");
    const { width, height } = canvas;
    const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
    // Above the middle line, and the line's own height.
    const row = Math.floor(height / 2 - 4 * devicePixelRatio) * width * 4;
    return Array.from({ length: width }, (_, at) => data[row + at * 4 + 3]).filter((ink) => ink > 0).length;
  });
