// Streaming markdown: the window's time for one update at 1 kB and at 100 kB, in WebKitGTK, under the app's own
// content policy, beside the naive way (the whole text parsed, cleaned and set anew). Prints one JSON line a figure.
// Starts its own screen; needs `npm ci` in ui/ and tests/e2e/. A kind of text as argument measures that one alone.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { freePort, until } from "../e2e/app.mjs";
import { end, Stage } from "../e2e/stage.mjs";
import { print, progress } from "./figures.mjs";

const ROOT = join(import.meta.dirname, "../..");
const PAGES = join(ROOT, "ui/node_modules/.bench");
const POLICY = JSON.parse(readFileSync(join(ROOT, "src-tauri/tauri.conf.json"), "utf8")).app.security.csp;
/** The kind of text whose figures stand for the window, and how often each kind is streamed. */
const HEADLINE = "mixed";
const STREAMS = { headline: 5, giant: 2 };
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2" };

/** A minimal browser of WebKitGTK's own, wherever the system keeps it. */
function miniBrowser() {
  const roots = ["/usr/lib", "/usr/lib64", "/usr/libexec"].flatMap((root) => [root, ...foldersIn(root)]);
  const places = roots.flatMap((root) => foldersIn(root)).filter((path) => /webkit2?gtk-[\d.]+$/.test(path));
  const found = places.map((path) => join(path, "MiniBrowser")).find((path) => statSync(path, { throwIfNoEntry: false }));
  if (!found) throw new Error("no MiniBrowser: it comes with the package webkit2gtk-driver");
  return found;
}

function foldersIn(path) {
  const entries = statSync(path, { throwIfNoEntry: false }) ? readdirSync(path, { withFileTypes: true }) : [];
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(path, entry.name));
}

/** Serves the built page as the app does, with the clock that WebKit gives to isolated pages. */
function serve(port) {
  const server = createServer((request, response) => {
    const path = join(PAGES, normalize(new URL(request.url, "http://localhost").pathname));
    if (!path.startsWith(PAGES) || !statSync(path, { throwIfNoEntry: false })?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      "content-security-policy": POLICY,
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-embedder-policy": "require-corp",
    });
    response.end(readFileSync(path));
  });
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

/** One call of the WebDriver protocol. */
async function ask(port, method, path, body) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(value.message ?? value.error);
  return value;
}

/** A page open in WebKitGTK; `run` evaluates an expression there and waits for its promise. */
async function openPage(stage, url) {
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { env: stage.env, stdio: "ignore" });
  await until(() => ask(port, "GET", "/status").catch(() => false), "WebKitWebDriver answers");
  const options = { binary: miniBrowser(), args: ["--automation"] };
  const capabilities = { alwaysMatch: { browserName: "MiniBrowser", "webkitgtk:browserOptions": options } };
  const { sessionId } = await ask(port, "POST", "/session", { capabilities });
  const session = `/session/${sessionId}`;
  await ask(port, "POST", `${session}/url`, { url });
  const execute = (script) => ask(port, "POST", `${session}/execute/sync`, { script, args: [] });
  const start = (expression) =>
    `window.found = undefined; Promise.resolve(${expression}).then((value) => { window.found = { value }; },
       (error) => { window.found = { error: String(error) }; });`;
  return {
    async run(expression) {
      await execute(start(expression));
      const found = await until(() => execute("return window.found ?? null"), expression, 600_000);
      if (found.error) throw new Error(found.error);
      return found.value;
    },
    async close() {
      await ask(port, "DELETE", session).catch(() => undefined);
      await end(driver);
    },
  };
}

/** Measures the text that models write; its figures stand for the window. */
async function headline(page) {
  progress(`${HEADLINE}, ${STREAMS.headline} streams`);
  const found = await page.run(`bench.measure(${JSON.stringify(HEADLINE)}, ${STREAMS.headline})`);
  for (const [length, { p50, p95, longest, updates }] of [["1 kB", found.small], ["100 kB", found.large]]) {
    const how = `${updates} updates of 16 characters, layout forced`;
    print(`window: an update at ${length} of markdown, median`, p50, "ms", how);
    print(`window: an update at ${length} of markdown, p95`, p95, "ms", `the longest ${longest.toFixed(1)} ms`);
  }
  return found;
}

/** Measures a giant of one kind. */
async function giant(page, kind) {
  progress(`${kind}, ${STREAMS.giant} streams`);
  const { small, large } = await page.run(`bench.measure(${JSON.stringify(kind)}, ${STREAMS.giant})`);
  const how = `median ${large.p50.toFixed(2)} ms, the longest ${large.longest.toFixed(1)} ms; p95 at 1 kB ${small.p95.toFixed(2)} ms`;
  print(`window: an update at 100 kB of ${kind}, p95`, large.p95, "ms", how);
}

/** Measures the naive way on the same text; `ours` is what the component took. */
async function naive(page, ours) {
  progress("the naive way");
  const found = await page.run("bench.naive()");
  for (const [length, { p50, longest, updates }, own] of [["1 kB", found.small, ours.small], ["100 kB", found.large, ours.large]]) {
    const ratio = (p50 / own.p50).toPrecision(2);
    const how = `marked and DOMPurify on the whole text, ${updates} updates, the longest ${longest.toFixed(1)} ms; ${Number(ratio)} times ours`;
    print(`window: the naive way at ${length}, median`, p50, "ms", how);
  }
}

progress("building the page");
execFileSync("npx", ["vite", "build", "--logLevel", "error", "-c", "vite.bench.config.ts"], {
  cwd: join(ROOT, "ui"),
  stdio: ["ignore", "ignore", "inherit"],
});
const stage = await Stage.open({ keychain: false });
const port = await freePort();
const server = await serve(port);
let page;
try {
  page = await openPage(stage, `http://127.0.0.1:${port}/bench.html`);
  await until(() => page.run("Boolean(window.bench)"), "the page is ready");
  if (!(await page.run("bench.colours()"))) throw new Error("no code was coloured: the worker did not start under the policy");
  const kinds = (await page.run("bench.kinds")).filter((kind) => !process.argv[2] || kind === process.argv[2]);
  if (kinds.includes(HEADLINE)) await naive(page, await headline(page));
  for (const kind of kinds.filter((kind) => kind !== HEADLINE)) await giant(page, kind);
} finally {
  await page?.close();
  server.close();
  await stage.close();
}
