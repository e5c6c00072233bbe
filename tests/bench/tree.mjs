// The memory of the app and of all that it started.
import { readFileSync } from "node:fs";
import { childrenOf } from "../e2e/app.mjs";

/** Mebibytes (proportional set size) of a process and all that it started. Needs Linux. */
export function treeOf(pid) {
  const own = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"));
  return Number(own[1]) / 1024 + childrenOf(pid).reduce((sum, child) => sum + treeOf(child), 0);
}
