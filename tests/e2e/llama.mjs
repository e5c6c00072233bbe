// The real llama.cpp server, from a Python wheel that is installed once into the cache.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { MODELS, freePort, until } from "./app.mjs";
import { end } from "./stage.mjs";

const SERVERS = join(import.meta.dirname, "../servers");
const VENV = process.env.LIMERICK_VENV ?? join(homedir(), ".cache/limerick/venv");
/** The quick built-in model's file. */
export const QUICK = join(MODELS, "SmolLM2-135M-Instruct.Q4_1.gguf");

/** The Python that has the server; makes it when it is missing (needs the package index once). */
function python() {
  const program = join(VENV, "bin/python");
  if (!existsSync(program) || !hasServer(program)) {
    execFileSync("python3", ["-m", "venv", VENV], { stdio: "inherit" });
    const install = ["-m", "pip", "install", "--quiet", "-r", join(SERVERS, "requirements.txt")];
    execFileSync(program, install, { stdio: "inherit" });
  }
  return program;
}

function hasServer(program) {
  try {
    execFileSync(program, ["-c", "import xllamacpp"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Starts llama.cpp's server on a model, with the projector that lets it see; `close()` ends it. */
export async function startLlama({ model = QUICK, projector, threads = 1 } = {}) {
  const port = await freePort();
  const args = [join(SERVERS, "llama_server.py"), model, String(port), String(threads)];
  const child = spawn(python(), projector === undefined ? args : [...args, projector], {
    stdio: ["pipe", "ignore", "ignore"],
  });
  const url = `http://127.0.0.1:${port}`;
  await until(() => healthy(url), "llama.cpp's server is up", 60_000);
  return { url, close: () => end(child) };
}

/**
 * A tiny model that sees, with random weights: it says sixteen words and more of nonsense, always the same for the
 * same question and picture and others for another picture. `forget()` deletes its files.
 */
export function tinyVlm() {
  const folder = mkdtempSync(join(tmpdir(), "limerick-vlm-"));
  execFileSync("python3", [join(SERVERS, "tiny_vlm.py"), folder], { stdio: "inherit" });
  const [model, projector] = ["tiny-vlm.gguf", "mmproj-tiny-vlm.gguf"].map((name) => join(folder, name));
  return { model, projector, forget: () => rmSync(folder, { recursive: true }) };
}

async function healthy(url) {
  try {
    return (await fetch(`${url}/health`)).ok;
  } catch {
    return false;
  }
}
