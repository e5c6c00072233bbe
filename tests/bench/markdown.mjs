// Streaming markdown: the window's time for one update at 1 kB and at 100 kB, in WebKitGTK, under the app's own
// content policy. Prints one JSON line a figure. Starts its own screen; needs `npm ci` in ui/ and tests/e2e/.
import { execFileSync, spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { freePort, until } from "../e2e/app.mjs";
import { end, Stage } from "../e2e/stage.mjs";
import { print } from "./figures.mjs";

const ROOT = join(import.meta.dirname, "../..");
const PAGES = join(ROOT, "ui/node_modules/.bench");
const POLICY = JSON.parse(readFileSync(join(ROOT, "src-tauri/tauri.conf.json"), "utf8")).app.security.csp;
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

function printBoth(kind, { small, large }) {
  print(`markdown: ${kind}, at 1 kB, p50`, small.p50, "ms", `${small.updates} updates`);
  print(`markdown: ${kind}, at 1 kB, p95`, small.p95, "ms", `longest ${small.longest.toFixed(2)} ms`);
  print(`markdown: ${kind}, at 100 kB, p50`, large.p50, "ms", `${large.updates} updates`);
  print(`markdown: ${kind}, at 100 kB, p95`, large.p95, "ms", `longest ${large.longest.toFixed(2)} ms`);
}

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
  print("markdown: code is coloured", Number(await page.run("bench.colours()")), "yes", "by the worker, under the policy");
  const kinds = process.argv[2] ? [process.argv[2]] : await page.run("bench.kinds");
  for (const kind of kinds) printBoth(kind, await page.run(`bench.measure(${JSON.stringify(kind)})`));
  printBoth("the naive way, mixed", await page.run("bench.naive()"));
} finally {
  await page?.close();
  server.close();
  await stage.close();
}
