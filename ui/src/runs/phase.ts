// Where a run stands, and what it is told when it begins.
import type { RunEvent, RunState } from "../bindings";

/**
 * Where a run stands. `starting` lasts until its first event; `waiting` is a place in the queue; `interrupted` is what
 * a crash leaves.
 */
export type Phase = "starting" | RunState;

const UNDER_WAY: readonly Phase[] = ["starting", "waiting", "running"];

/** Whether nothing more comes. */
export function hasEnded(phase: Phase): boolean {
  return !UNDER_WAY.includes(phase);
}

/** What a run in the queue is told while it waits. */
const WHILE_WAITING = ["queued", "note"];

/** Whether an event of a run in the queue tells that it waits no longer. */
export function begins(event: RunEvent): boolean {
  if (event.kind === "delta") {
    if ("preview" in event.delta) return event.delta.preview !== "";
    return "captions" in event.delta ? event.delta.captions.length > 0 : event.delta.text !== "";
  }
  return event.kind === "status" && !WHILE_WAITING.includes(event.status.state);
}

/** Ids that a run learns when it begins. */
export interface Place {
  conversation?: string | undefined;
  user_message?: string | undefined;
  assistant_message?: string | undefined;
}
