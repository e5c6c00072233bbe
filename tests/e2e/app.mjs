// The real app in its real window, driven through WebDriver as a person would: by names, keys and words on screen.
import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { Builder, Capabilities, Key } from "selenium-webdriver";
import { findInPage, namesInPage, seeInPage } from "./look.mjs";
import { end } from "./stage.mjs";

export { Key };

const TARGET = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "../../target");
/** The app under test. */
export const BINARY = process.env.LIMERICK_APP ?? join(TARGET, "debug/limerick-desktop");
/** Where the built-in models lie. */
export const MODELS = process.env.LIMERICK_MODELS ?? join(homedir(), ".cache/limerick/models");
/** Longest wait for anything that is not a model's answer, milliseconds. */
const PATIENCE = 10_000;

/** A folder with the quick built-in model alone, so that tests are quick and the same everywhere. */
export function quickModelOnly(stage) {
  const folder = stage.makeFolder("models");
  for (const name of readdirSync(MODELS).filter((file) => /^SmolLM2-135M.*\.gguf/.test(file))) {
    symlinkSync(join(MODELS, name), join(folder, name));
  }
  return folder;
}

/** A port that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Ids of the processes that this one started. */
export function childrenOf(pid) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => parentOf(name) === pid)
    .map(Number);
}

function parentOf(pid) {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[1]);
  } catch {
    return 0; // It ended meanwhile.
  }
}

/** Waits until `look` gives something, and gives that. */
export async function until(look, what, patience = PATIENCE) {
  const deadline = performance.now() + patience;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${patience} ms`);
    await new Promise((again) => setTimeout(again, 25));
  }
}

/** One start of the app. */
export class App {
  /** Starts the app on a data folder; `env` is added to the stage's. */
  static async start(stage, { data = stage.makeFolder("data"), env = {} } = {}) {
    if (!existsSync(BINARY)) throw new Error(`no app to test at ${BINARY}: build it, or set LIMERICK_APP`);
    const app = stage.keep(new App());
    app.data = data;
    app.env = env;
    const port = await freePort();
    app.webdriver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
      env: { ...stage.env, TAURI_WEBVIEW_AUTOMATION: "true" },
      stdio: process.env.LIMERICK_LOUD ? "inherit" : "ignore",
    });
    // A proxy is for the app alone: the driver would send its own calls there.
    const own = Object.entries({ LIMERICK_DATA: data, LIMERICK_MODELS: MODELS, ...env });
    const launch = { binary: "/usr/bin/env", args: [...own.map(([name, value]) => `${name}=${value}`), BINARY] };
    await until(() => answers(port), "WebKitWebDriver answers");
    const session = new Builder()
      .usingServer(`http://127.0.0.1:${port}`)
      .withCapabilities(new Capabilities({ browserName: "wry", "webkitgtk:browserOptions": launch }))
      .build();
    app.page = await within(30_000, session, "a window");
    [app.pid] = childrenOf(app.webdriver.pid);
    return app;
  }

  /** Waits for a visible element by its role and its accessible name (text or pattern). */
  async find(role, name, { patience = PATIENCE, within } = {}) {
    const look = () => this.page.executeScript(findInPage, role, ...asName(name), within ?? null);
    const found = await until(look, `a ${role} named ${name}`, patience).catch(async (error) => {
      const names = await this.page.executeScript(namesInPage, role).catch(() => []);
      throw new Error(`${error.message}; there are: ${names.join(" | ")}`);
    });
    return found;
  }

  /** Whether such an element is visible now. */
  async has(role, name) {
    return (await this.page.executeScript(findInPage, role, ...asName(name), null)) !== null;
  }

  /** Clicks what bears this name. */
  async click(role, name, options) {
    const element = await this.find(role, name, options);
    // A radio button is drawn by its label.
    const target = role === "radio" ? await this.page.executeScript("return arguments[0].labels[0]", element) : element;
    await target.click();
    return element;
  }

  /** Empties a field and types into it. */
  async type(name, text, role = "textbox") {
    const field = await this.find(role, name);
    await field.sendKeys(Key.chord(Key.CONTROL, "a"));
    await field.sendKeys(Key.BACK_SPACE, text);
    return field;
  }

  /** Presses keys wherever the focus is. */
  async press(...keys) {
    const focused = await this.page.switchTo().activeElement();
    await focused.sendKeys(keys.length > 1 ? Key.chord(...keys) : keys[0]);
  }

  /** Waits until these words (text or pattern) are on the screen. */
  async see(words, { patience = PATIENCE } = {}) {
    const look = () => this.page.executeScript(seeInPage, ...asWords(words));
    await until(look, `"${words}" on the screen`, patience).catch(async (error) => {
      throw new Error(`${error.message}; the screen says: ${(await this.text()).slice(0, 2000)}`);
    });
  }

  /** Waits until these words are no longer on the screen. */
  async seeNoMore(words) {
    await until(
      async () => !(await this.page.executeScript(seeInPage, ...asWords(words))),
      `"${words}" gone from the screen`,
    );
  }

  /** All words on the screen. */
  text() {
    return this.page.executeScript("return document.body.innerText");
  }

  /** Ends the app as a power cut would. */
  async kill() {
    this.closed = true;
    process.kill(this.pid, "SIGKILL");
    await end(this.webdriver);
  }

  /** Closes the window. */
  async close() {
    if (this.closed) return;
    this.closed = true;
    await this.page?.quit().catch(() => undefined);
    // Another start would only bring this window to the front, as long as it is there.
    await until(() => !existsSync(`/proc/${this.pid}`), "the app is gone", 5000).catch(() => this.kill());
    await end(this.webdriver);
  }
}

/** The result of a promise that may never come: an app that falls at its start leaves WebDriver waiting. */
function within(patience, promise, what) {
  const late = new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`${what}: not within ${patience} ms`)), patience).unref();
  });
  return Promise.race([promise, late]);
}

async function answers(port) {
  try {
    return (await fetch(`http://127.0.0.1:${port}/status`)).ok;
  } catch {
    return false;
  }
}

function asName(name) {
  return name instanceof RegExp ? [name.source, name.flags] : [`^\\s*${escape(name)}\\s*$`, ""];
}

function asWords(words) {
  return words instanceof RegExp ? [words.source, words.flags] : [escape(words), ""];
}

function escape(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
