// The recorder plays Hugging Face: as a proxy that opens TLS, at the real host names, and writes down what it hears.
import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { end } from "./stage.mjs";

const RECORDER = join(import.meta.dirname, "../recorder");

/** Starts the recorder; `folder` holds its certificates and rules. `first` are rules that come before the usual. */
export async function startRecorder(folder) {
  const rules = join(folder, "rules.json");
  const options = { cwd: RECORDER, env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" } };
  const usual = execFileSync("python3", ["peer_rules.py"], { ...options, maxBuffer: 1e8 });
  writeFileSync(rules, usual);
  const ca = join(folder, "ca");
  // A client reads its authorities at its start, so they must be there before.
  execFileSync("python3", ["wire_recorder.py", "--ca-dir", ca, "--make-ca"], options);
  const child = spawn("python3", ["wire_recorder.py", "--port", "0", "--ca-dir", ca, "--rules", rules], {
    ...options,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const url = await readUrl(child);
  const control = (path, init) => fetch(`${url}/__rec/${path}`, init);
  return {
    /** Sends everything but this machine's own addresses through the recorder. */
    env: {
      http_proxy: url,
      https_proxy: url,
      HTTPS_PROXY: url,
      no_proxy: "127.0.0.1",
      SSL_CERT_FILE: join(ca, "ca.pem"),
    },
    /** What it was asked since the last `forget`. */
    async heard() {
      return (await control("requests")).json();
    },
    /** Answers by these rules first, then as usual. */
    async answerFirst(...first) {
      const body = JSON.stringify([...first, ...JSON.parse(usual)]);
      await control("rules", { method: "PUT", body });
    },
    forget: () => control("requests", { method: "DELETE" }),
    close: () => end(child),
  };
}

async function readUrl(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    return JSON.parse(line).listening;
  }
  throw new Error("the recorder did not start");
}
