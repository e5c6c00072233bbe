// A real Gradio server, from the Python environment that the Rust tests make, too.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { end } from "./stage.mjs";

const SERVERS = join(import.meta.dirname, "../servers");
const VENV = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "limerick/gradio");
const WANTED = join(SERVERS, "gradio.txt");

/** The Python that has Gradio and Pillow; makes it when it is missing (needs the package index once). */
export function python() {
  const program = join(VENV, "bin/python");
  if (!existsSync(program) || !hasPackages(program)) {
    execFileSync("python3", ["-m", "venv", VENV], { stdio: "inherit" });
    execFileSync(program, ["-m", "pip", "install", "--quiet", "-r", WANTED], { stdio: "inherit" });
  }
  return program;
}

function hasPackages(program) {
  const packages = [...readFileSync(WANTED, "utf8").matchAll(/^([\w-]+)==(\S+)/gm)];
  const same = packages.map(([, name, version]) => `m.version('${name}') == '${version}'`).join(" and ");
  try {
    execFileSync(program, ["-c", `import importlib.metadata as m; raise SystemExit(not (${same}))`], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Starts `gradio_space.py`; what it writes goes into `folder`. `close()` ends it. */
export async function startGradio(folder) {
  const child = spawn(python(), [join(SERVERS, "gradio_space.py")], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1", GRADIO_TEMP_DIR: folder },
    stdio: ["pipe", "pipe", "ignore"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    // Gradio itself may say something first.
    if (!line.startsWith("{")) continue;
    child.stdout.resume();
    return { url: JSON.parse(line).listening, close: () => end(child) };
  }
  throw new Error("Gradio did not start");
}
