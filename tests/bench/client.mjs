// Added time of our client against curl on the same stream: how much later a token comes out of
// `limerick run chat_completion --events` than out of `curl -N`, and how much longer a fast stream takes.
// The two take turns in one run. Prints one JSON line a figure.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { median, print, quantile } from "./figures.mjs";

const TARGET = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "../../target");
const CLI = process.env.LIMERICK_CLI ?? join(TARGET, "debug/limerick");
const ROUNDS = 5;
const FAST = { tokens: 20_000, pause: 0 };
const PACED = { tokens: 200, pause: 20 };

const folder = mkdtempSync(join(tmpdir(), "limerick-bench-"));
let stream = FAST;
let sentAt = [];

/** Token number n; the number is what we look for on the other side. */
const token = (n) => ` t${n};`;

async function answer(request, response) {
  for await (const _ of request) continue;
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.socket.setNoDelay(true);
  sentAt = [];
  for (let n = 0; n < stream.tokens; n++) {
    sentAt.push(performance.now());
    const room = response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: token(n) } }] })}\n\n`);
    if (stream.pause) await new Promise((then) => setTimeout(then, stream.pause));
    else if (!room) await once(response, "drain");
  }
  response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\n`);
  response.end("data: [DONE]\n\n");
}

const server = createServer((request, response) => answer(request, response).catch(() => response.destroy()));
await new Promise((then) => server.listen(0, "127.0.0.1", then));
const url = `http://127.0.0.1:${server.address().port}`;
const messages = [{ role: "user", content: "Count." }];

const ours = () =>
  spawn(
    CLI,
    ["run", "chat_completion", "--connection", "server", "--url", url, "--model", "m", "--events", "--input", "-"],
    { env: { ...process.env, LIMERICK_DATA: folder }, stdio: ["pipe", "pipe", "inherit"] },
  );
const curl = () =>
  spawn("curl", ["-sN", `${url}/v1/chat/completions`, "-H", "content-type: application/json", "-d", "@-"], {
    stdio: ["pipe", "pipe", "inherit"],
  });

/** Runs a program on the stream: when each token came out, and when the last did, from the first one sent. */
async function run(program, input) {
  const child = program();
  child.stdin.end(JSON.stringify(input));
  const late = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const now = performance.now();
    if (line.includes('"kind":"done"')) break;
    for (const [, n] of line.matchAll(/ t(\d+);/g)) late[n] = now - sentAt[n];
  }
  const total = performance.now() - sentAt[0];
  child.stdout.resume();
  if (child.exitCode === null) await once(child, "exit");
  const missing = stream.tokens - Object.keys(late).length;
  if (missing) throw new Error(`${missing} tokens did not come out of ${child.spawnfile}`);
  return { late, total };
}

/** Both programs in turn, `ROUNDS` times. */
async function compare(kind) {
  stream = kind;
  const result = { ours: [], curl: [] };
  for (let round = 0; round < ROUNDS; round++) {
    result.curl.push(await run(curl, { model: "m", stream: true, messages }));
    result.ours.push(await run(ours, { messages }));
  }
  return result;
}

try {
  const fast = await compare(FAST);
  const perToken = (runs) => (1000 * median(runs.map(({ total }) => total))) / FAST.tokens;
  const note = `${FAST.tokens} tokens as fast as they go, median of ${ROUNDS} runs, in turns`;
  print("client: time per token, curl", perToken(fast.curl), "µs", note);
  print("client: time per token, limerick", perToken(fast.ours), "µs", note);
  print("client: added time per token", perToken(fast.ours) - perToken(fast.curl), "µs", note);

  const paced = await compare(PACED);
  const delays = (runs) => runs.flatMap(({ late }) => late);
  const added = (share) => quantile(delays(paced.ours), share) - quantile(delays(paced.curl), share);
  const how = `a token every ${PACED.pause} ms; events are joined for 24 ms`;
  print("client: added delay of a token, median", added(0.5), "ms", how);
  print("client: added delay of a token, p95", added(0.95), "ms", how);
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
