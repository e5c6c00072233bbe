// What the app and all that it started take of the machine. Needs Linux.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { childrenOf } from "../e2e/app.mjs";

/** Mebibytes (proportional set size) of a process and all that it started. */
export function treeOf(pid) {
  const own = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(own[1]) / 1024 + childrenOf(pid).reduce((sum, child) => sum + treeOf(child), 0);
}

const TICK = 1000 / Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));

/** Milliseconds of processor time that a process has used by itself. */
export function timeOfOne(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /s, "").split(" ");
  return TICK * (Number(fields[11]) + Number(fields[12]));
}

/** Milliseconds of processor time that these processes have used. */
export function timeOf(pid) {
  return timeOfOne(pid) + childrenOf(pid).reduce((sum, child) => sum + timeOf(child), 0);
}
