// Cold start: from the process's birth to the first paint and to a prompt field that takes words.
// Prints one JSON line a figure. Needs a Linux machine; starts its own screen.
import { readFileSync } from "node:fs";
import { execFileSync } from "node:child_process";
import { App } from "../e2e/app.mjs";
import { Stage } from "../e2e/stage.mjs";
import { prompt } from "../e2e/talk.mjs";
import { median, print, progress } from "./figures.mjs";

const STARTS = Number(process.argv[2] ?? 7);
// The renderer that a person gets; only screenshots need the other one.
const ENV = { WEBKIT_DISABLE_DMABUF_RENDERER: "1" };

/** When a process was born, milliseconds since 1970, to 10 ms. */
function bornAt(pid) {
  const ticks = Number(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ")[19]);
  const booted = Number(/^btime (\d+)/m.exec(readFileSync("/proc/stat", "utf8"))[1]);
  const perSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  // `btime` has whole seconds only: take the finer clock that both files share.
  const uptime = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);
  const boot = Date.now() - uptime * 1000;
  return Math.abs(boot - booted * 1000) < 2000 ? boot + (ticks * 1000) / perSecond : Number.NaN;
}

/** One start: milliseconds to the first paint and to a usable prompt. */
async function start(stage) {
  const app = await App.start(stage, { env: ENV });
  await prompt(app);
  const [origin, painted, usable] = await app.page.executeScript(
    `return [performance.timeOrigin, performance.getEntriesByName("first-contentful-paint")[0]?.startTime,
             performance.getEntriesByName("usable")[0]?.startTime]`,
  );
  const born = bornAt(app.pid);
  await app.close();
  return { painted: origin + painted - born, usable: origin + usable - born };
}

const stage = await Stage.open();
try {
  const starts = [];
  for (let n = 0; n < STARTS; n++) {
    progress(`start ${n + 1} of ${STARTS}`);
    starts.push(await start(stage));
  }
  const note = `median of ${STARTS} starts, each on a fresh data folder, program files in the file cache`;
  print("start: first paint", median(starts.map(({ painted }) => painted)), "ms", note);
  print("start: usable", median(starts.map(({ usable }) => usable)), "ms", note);
} finally {
  await stage.close();
}
