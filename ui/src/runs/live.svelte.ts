// The runs that this page follows, until they end.
import { SvelteMap } from "svelte/reactivity";
import type { Run } from "./run.svelte";

/** By their ids. */
export const live = new SvelteMap<string, Run>();

/** A run that this page follows; undefined for others. */
export function followed(id: string): Run | undefined {
  return live.get(id);
}

/** How many runs that this page follows have begun; those that wait in the queue are not counted. */
export function underWay(): number {
  return [...live.values()].filter((run) => run.phase !== "waiting").length;
}
