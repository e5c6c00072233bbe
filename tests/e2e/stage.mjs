// What a desktop would give the app: a screen, a session bus, a keychain. Each is started for one test file and
// ended with it; nothing of the real desktop is touched.
import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Starts a program whose file descriptor 3 says its first line when it is ready. */
function startAndRead(program, args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ["ignore", "ignore", "ignore", "pipe"] });
  const line = new Promise((resolve, reject) => {
    let text = "";
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${program} ended with ${code}`)));
    child.stdio[3].on("data", (bytes) => {
      text += bytes;
      if (text.includes("\n")) resolve(text.split("\n")[0].trim());
    });
  });
  return { child, line };
}

/** Ends a process and waits until it is gone. */
export async function end(child, signal = "SIGTERM") {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill(signal);
  const patience = setTimeout(() => child.kill("SIGKILL"), 3000);
  await gone;
  clearTimeout(patience);
}

/** Unlocks a fresh keychain on this bus, with an empty password, as a login would. */
async function unlockKeychain(env) {
  const keyring = spawn("gnome-keyring-daemon", ["--foreground", "--unlock", "--components=secrets"], {
    env,
    stdio: ["pipe", "ignore", "ignore"],
  });
  keyring.stdin.end("\n");
  await waitForName("org.freedesktop.secrets", env);
  return keyring;
}

async function waitForName(name, env) {
  const ask = ["--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"];
  for (;;) {
    const answer = spawn("dbus-send", [...ask, "org.freedesktop.DBus.NameHasOwner", `string:${name}`], { env });
    let text = "";
    for await (const bytes of answer.stdout) text += bytes;
    if (text.includes("boolean true")) return;
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** A screen, a bus and, unless `keychain` is false, an unlocked keychain. */
export class Stage {
  #running = [];
  #kept = [];

  static async open({ keychain = true, width = 1280, height = 900 } = {}) {
    const stage = new Stage();
    stage.folder = mkdtempSync(join(tmpdir(), "limerick-e2e-"));
    const runtime = join(stage.folder, "runtime");
    mkdirSync(runtime, { mode: 0o700 });
    const screen = startAndRead("Xvfb", ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp"]);
    stage.#running.push(screen.child);
    stage.env = {
      PATH: process.env.PATH,
      LANG: "C.UTF-8",
      HOME: join(stage.folder, "home"),
      XDG_RUNTIME_DIR: runtime,
      DISPLAY: `:${await screen.line}`,
      GDK_BACKEND: "x11",
      NO_AT_BRIDGE: "1",
    };
    mkdirSync(stage.env.HOME);
    if (keychain) await stage.#startKeychain();
    else stage.env.DBUS_SESSION_BUS_ADDRESS = `unix:path=${join(runtime, "no-bus")}`;
    return stage;
  }

  async #startKeychain() {
    const bus = startAndRead("dbus-daemon", ["--session", "--nofork", "--print-address=3"], { env: this.env });
    this.#running.push(bus.child);
    this.env.DBUS_SESSION_BUS_ADDRESS = await bus.line;
    this.#running.push(await unlockKeychain(this.env));
  }

  /** Closes this with the stage at the latest, so that a failed test leaves nothing running. */
  keep(thing) {
    this.#kept.push(thing);
    return thing;
  }

  /** A fresh folder in this stage. */
  makeFolder(name) {
    return mkdtempSync(join(this.folder, `${name}-`));
  }

  async close() {
    for (const thing of this.#kept.reverse()) await thing.close();
    for (const child of this.#running.reverse()) await end(child);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
