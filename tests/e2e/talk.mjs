// What a person does in the window, step by step, in the words of the screen.
import { Key, until } from "./app.mjs";

/** Longest wait for a model's answer, milliseconds. */
const ANSWER = 90_000;

const last = (list) => list[list.length - 1];

/** Opens a tab of the rail. */
export const openTab = (app, name) => app.click("button", new RegExp(`^${name}`), { within: "[data-region=rail]" });

/** Waits until the prompt can be typed into. */
export const prompt = (app) => app.find("textbox", "Your message");

/** Writes a message and sends it with Enter. */
export async function ask(app, text) {
  const box = await prompt(app);
  await box.sendKeys(text, Key.ENTER);
}

/** Every answer on the screen: `{text, state}`. */
export function answers(app) {
  return app.page.executeScript(
    `return [...document.querySelectorAll("[data-testid=answer]")].map((answer) => ({
       state: answer.dataset.state,
       text: (answer.querySelector(".markdown, .plain, .text")?.innerText ?? "").trim(),
     }))`,
  );
}

/** Waits for two frames: the words are drawn a frame after the state. */
function drawn(app) {
  return app.page.executeAsyncScript("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))");
}

/** Waits until the last answer is in one of these states, and gives it. */
export async function answered(app, states = ["done"], { count = 1, patience = ANSWER } = {}) {
  const look = async () => {
    const all = await answers(app);
    if (all.length < count || !states.includes(last(all).state)) return undefined;
    await drawn(app);
    return last(await answers(app));
  };
  return until(look, `an answer that is ${states.join(" or ")}`, patience).catch(async (error) => {
    throw new Error(`${error.message}; the screen says: ${(await app.text()).slice(0, 1500)}`);
  });
}

/** Clicks Stop in the page and says after how many milliseconds the run had ended on the screen. */
export function stopAndTime(app) {
  return app.page.executeAsyncScript(`
    const done = arguments[0];
    const began = performance.now();
    const ended = () => [...document.querySelectorAll("[data-testid=answer]")].at(-1)?.dataset.state === "cancelled";
    const watch = new MutationObserver(() => {
      if (!ended()) return;
      watch.disconnect();
      done(performance.now() - began);
    });
    watch.observe(document.body, { subtree: true, childList: true, attributes: true });
    document.querySelector("[data-testid=stop]").click();
  `);
}

/** Waits until so many characters of the last answer are on the screen, and gives them. */
export async function written(app, characters, { count = 1, patience = ANSWER } = {}) {
  return until(
    async () => {
      const all = await answers(app);
      const text = last(all)?.text ?? "";
      return all.length >= count && text.length >= characters ? text : undefined;
    },
    `${characters} characters of an answer`,
    patience,
  );
}

/** Sends a message and waits for its whole answer. */
export async function say(app, text) {
  const count = (await answers(app)).length + 1;
  await ask(app, text);
  return answered(app, ["done"], { count });
}

/** Adds a server in Settings, as a person would, and uses it for what comes. */
export async function addServer(app, url, name = "Test server") {
  await openTab(app, "Settings");
  await app.click("button", /Add a server/);
  await app.type("Address", url);
  await app.type("Name", name);
  await app.click("button", "Save and test");
  await app.see(/models?/);
  await openTab(app, "Text");
  await use(app, name);
}

/** Picks a connection in the strip on top. */
export async function use(app, name) {
  await app.click("button", /^Connection: /);
  await app.click("menuitem", new RegExp(`^${name}`));
}
