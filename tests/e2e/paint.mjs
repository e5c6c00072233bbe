// Pictures in the window, step by step: what a person does in the Image tab, and how the recorder answers.
import { execFileSync } from "node:child_process";
import { App, Key, quickModelOnly, until } from "./app.mjs";
import { startRecorder } from "./recorder.mjs";
import { Stage } from "./stage.mjs";
import { openTab, use } from "./talk.mjs";

/** A token for the recorder, which must appear nowhere else. */
export const TOKEN = "hf_aTokenThatMustNotLeakAnywhere42";
/** Where hf-inference paints. */
export const HF = "^https://router\\.huggingface\\.co/hf-inference/models/acme/text-to-image$";
/** The file that the other providers point to. */
export const FILE = "^https://files\\.canned\\.test/image\\.png";
/** Who serves the model, for the list of models. */
const SERVERS = ["fal-ai", "replicate", "together", "nscale", "hf-inference"];
/** Longest wait for a picture, milliseconds. */
const PATIENCE = 30_000;

/** An answer of the recorder that is a picture. */
export const picture = (bytes) => ({ headers: { "Content-Type": "image/png" }, b64: bytes.toString("base64") });

/** A rule by which hf-inference answers so; a list is walked through, again and again. */
export const paints = (respond) => ({ name: "painter", match: { method: "POST", url: HF }, respond, cycle: true });

/** The Hub's list of models: one that every provider of these tests serves. */
function modelList() {
  const id = "acme/text-to-image";
  const mapping = SERVERS.map((provider) => ({ provider, providerId: "x", status: "live", task: "text-to-image" }));
  const row = { _id: "1", id, pipeline_tag: "text-to-image", tags: [], likes: 7, downloads: 42, private: false };
  const json = [{ ...row, modelId: id, inferenceProviderMapping: mapping }];
  return { name: "models", match: { url: "^https://huggingface\\.co/api/models(\\?|$)" }, respond: { json } };
}

/** The recorder, which knows such a model whatever else it is to answer first. */
async function startPainters(stage) {
  const recorder = stage.keep(await startRecorder(stage.makeFolder("recorder")));
  const answerFirst = (...rules) => recorder.answerFirst(...rules, modelList());
  await answerFirst();
  return { ...recorder, answerFirst };
}

/** One start of the app with a token, whose Hugging Face is the recorder. */
export async function openPainter({ env = {}, ...size } = {}) {
  const stage = await Stage.open(size);
  try {
    const recorder = await startPainters(stage);
    const whole = { LIMERICK_MODELS: quickModelOnly(stage), HF_TOKEN: TOKEN, ...recorder.env, ...env };
    return { stage, recorder, env: whole, app: await App.start(stage, { env: whole }) };
  } catch (error) {
    await stage.close();
    throw error;
  }
}

/** Opens the Image tab with Hugging Face and a model. */
export async function choosePainter(app, model = "acme/text-to-image") {
  await openTab(app, "Image");
  await use(app, "Hugging Face");
  await app.click("button", /^Model: /);
  const search = await app.find("combobox", "Search models");
  await search.sendKeys(model, Key.ENTER);
  await app.find("button", `Model: ${model.split("/").at(-1)}`);
}

/** Picks who serves the model. */
export async function serveBy(app, provider) {
  await app.click("button", /^Provider: /);
  await app.click("menuitem", new RegExp(`^${provider}`));
  await app.find("button", `Provider: ${provider}`);
}

/** Waits until the prompt can be typed into. */
export const box = (app) => app.find("textbox", /^What /);

/** Writes a prompt in the place of what stands there. */
export const write = (app, prompt) => app.type(/^What /, prompt);

/** Sets a number or a word of the column. */
export async function set(app, name, value) {
  const field = await app.type(name, String(value));
  await field.sendKeys(Key.TAB);
}

/** Writes a prompt and runs it. */
export async function ask(app, prompt) {
  const field = await write(app, prompt);
  await field.sendKeys(Key.chord(Key.CONTROL, Key.ENTER));
}

/** The boxes on the stage: `{name, state, text, source, width}`, the picture's own width where it is drawn. */
export const cells = (app) =>
  app.page.executeScript(() =>
    [...document.querySelectorAll("[data-testid=cell]")].map((cell) => {
      const image = cell.querySelector(".picture img");
      const drawn = image?.complete && image.naturalWidth;
      const [name, text] = [cell.ariaLabel, cell.innerText.trim()];
      return { name, state: cell.dataset.state, text, source: image?.src ?? "", width: drawn || 0 };
    }),
  );

/** Waits until every box of this prompt is in the state, pictures drawn, and gives the boxes. */
export async function came(app, prompt, { state = "done", count = 1, patience = PATIENCE } = {}) {
  const look = async () => {
    const seen = (await cells(app)).filter(({ name }) => name.endsWith(`: ${prompt}`));
    const there = seen.filter((cell) => cell.state === state && (state !== "done" || cell.width > 0));
    return there.length >= count && there.length === seen.length ? seen : undefined;
  };
  return until(look, `${count} of "${prompt}" ${state}`, patience).catch(async (error) => {
    throw new Error(`${error.message}; there are: ${JSON.stringify(await cells(app))}; the screen says: ${(await app.text()).slice(0, 1500)}`);
  });
}

/** Asks for a picture and waits until it is drawn. */
export async function paint(app, prompt) {
  await ask(app, prompt);
  const [cell] = await came(app, prompt);
  return cell;
}

/** What the card of a failure says, once it stands. */
export async function card(app, code, patience = PATIENCE) {
  const found = await app.find(`[data-testid=error][data-code=${code}]`, /./, { patience });
  return found.getText();
}

/** Drops a file on the tab, or on another piece of it, as the desktop would. */
export async function drop(app, bytes, name, type, where = "drop-picture") {
  await app.page.executeScript(
    (text, name, type, where) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], name, { type }));
      const on = document.querySelector(`[data-testid=${where}]`);
      for (const event of ["dragenter", "dragover", "drop"])
        on.dispatchEvent(new DragEvent(event, { dataTransfer, bubbles: true, cancelable: true }));
    },
    bytes.toString("base64"),
    name,
    type,
    where,
  );
}

/** Time that a dialog has to close before Return is pressed again, milliseconds: a key too many would go elsewhere. */
const NEXT_PRESS = 600;

/** Answers the system's own file dialog, which WebDriver does not see, as a person would: types a path, and Enter. */
export async function answerDialog(stage, title, path) {
  const tell = (...words) =>
    execFileSync("xdotool", words, { env: { ...process.env, ...stage.env }, stdio: ["ignore", "pipe", "ignore"] });
  const find = () => {
    try {
      return tell("search", "--onlyvisible", "--name", `^${title}$`).toString().trim().split("\n").at(-1);
    } catch {
      return ""; // It is not there yet.
    }
  };
  const id = await until(find, `the dialog "${title}"`);
  tell("windowfocus", "--sync", id);
  // From the list of recent places to a folder, and to the box that takes a path; it may hold a name already.
  tell("key", "--window", id, "alt+Home", "ctrl+l", "ctrl+a");
  tell("type", "--window", id, "--delay", "5", path);
  let pressed = 0;
  const closed = () => {
    if (!find()) return true;
    if (performance.now() - pressed < NEXT_PRESS) return false;
    try {
      tell("key", "--window", id, "Return"); // The first one may only take what the box proposes.
    } catch {
      // It went in this moment.
    }
    pressed = performance.now();
    return false;
  };
  await until(closed, `the dialog "${title}" is closed`);
}
