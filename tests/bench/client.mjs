// Added time of our client against curl on the same stream: how much later a token comes out of
// `limerick run chat_completion --events` than out of `curl -N`, and how much longer a fast stream takes.
// The two take turns in one run. Prints one JSON line a figure.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { median, print, progress, quantile } from "./figures.mjs";

const TARGET = process.env.CARGO_TARGET_DIR ?? join(import.meta.dirname, "../../target");
const CLI = process.env.LIMERICK_CLI ?? join(TARGET, "debug/limerick");
const ROUNDS = 5;
const FAST = { tokens: 100_000 };
/** Tokens that the fast stream sends in one write. */
const PIECE = 50;
const PACED = { tokens: 200, pause: 20 };

const folder = mkdtempSync(join(tmpdir(), "limerick-bench-"));
let stream = FAST;
let sentAt = [];

/** Token number n; the number is what we look for on the other side. */
const event = (n) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: ` t${n};` } }] })}\n\n`;
const END = `data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`;
/** The fast stream, made before any clock runs, so that the server is not what is measured. */
const pieces = Array.from({ length: FAST.tokens / PIECE }, (_, at) =>
  Array.from({ length: PIECE }, (_, n) => event(at * PIECE + n)).join(""),
);

async function answer(request, response) {
  request.resume();
  await once(request, "end");
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.socket.setNoDelay(true);
  sentAt = [performance.now()];
  if (stream === FAST) {
    for (const piece of pieces) if (!response.write(piece)) await once(response, "drain");
  } else {
    for (let n = 0; n < stream.tokens; n++) {
      sentAt[n] = performance.now();
      response.write(event(n));
      await new Promise((then) => setTimeout(then, stream.pause));
    }
  }
  response.end(END);
}

const server = createServer((request, response) => answer(request, response).catch(() => response.destroy()));
await new Promise((then) => server.listen(0, "127.0.0.1", then));
const url = `http://127.0.0.1:${server.address().port}`;
const messages = [{ role: "user", content: "Count." }];

const ours = (out) =>
  spawn(
    CLI,
    ["run", "chat_completion", "--connection", "server", "--url", url, "--model", "m", "--events", "--input", "-"],
    { env: { ...process.env, LIMERICK_DATA: folder }, stdio: ["pipe", out, "inherit"] },
  );
const curl = (out) =>
  spawn("curl", ["-sN", `${url}/v1/chat/completions`, "-H", "content-type: application/json", "-d", "@-"], {
    stdio: ["pipe", out, "inherit"],
  });

const inputs = new Map([
  [curl, { model: "m", stream: true, messages }],
  [ours, { messages }],
]);

/** Milliseconds from the first token sent until the program has ended, its words in a file. */
async function timeOf(program) {
  const file = join(folder, "out");
  const child = program(openSync(file, "w"));
  child.stdin.end(JSON.stringify(inputs.get(program)));
  await once(child, "exit");
  const total = performance.now() - sentAt[0];
  expectAll([...readFileSync(file, "utf8").matchAll(/ t\d+;/g)].length, child);
  return total;
}

/** How late each token came out, milliseconds. */
async function delaysOf(program) {
  const child = program("pipe");
  child.stdin.end(JSON.stringify(inputs.get(program)));
  const late = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const now = performance.now();
    if (line.includes('"kind":"done"')) break;
    for (const [, n] of line.matchAll(/ t(\d+);/g)) late[n] = now - sentAt[n];
  }
  child.stdout.resume();
  if (child.exitCode === null) await once(child, "exit");
  expectAll(Object.keys(late).length, child);
  return late;
}

function expectAll(count, child) {
  if (count < stream.tokens) throw new Error(`${stream.tokens - count} tokens did not come out of ${child.spawnfile}`);
}

/** Measures both programs in turn, `ROUNDS` times. */
async function compare(kind, measure) {
  stream = kind;
  const result = { ours: [], curl: [] };
  for (let round = 0; round < ROUNDS; round++) {
    progress(`${kind.tokens} tokens, round ${round + 1} of ${ROUNDS}`);
    result.curl.push(await measure(curl));
    result.ours.push(await measure(ours));
  }
  return result;
}

try {
  const fast = await compare(FAST, timeOf);
  const perToken = (times) => (1000 * median(times)) / FAST.tokens;
  const note = `${FAST.tokens} tokens as fast as they go, to a file and to the program's end; median of ${ROUNDS}, in turns`;
  print("client: time per token, curl", perToken(fast.curl), "µs", note);
  print("client: time per token, limerick", perToken(fast.ours), "µs", note);
  print("client: added time per token", perToken(fast.ours) - perToken(fast.curl), "µs", note);

  const paced = await compare(PACED, delaysOf);
  const added = (share) => quantile(paced.ours.flat(), share) - quantile(paced.curl.flat(), share);
  const how = `a token every ${PACED.pause} ms; events are joined for 24 ms`;
  print("client: added delay of a token, median", added(0.5), "ms", how);
  print("client: added delay of a token, p95", added(0.95), "ms", how);
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
