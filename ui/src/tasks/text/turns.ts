// What Chat shows: the stored path, with the run that is under way laid over it. Pure.
import type { TurnMessage } from "../../bindings";
import type { Phase } from "../../runs/phase";
import type { Run } from "../../runs/run.svelte";

/** A run in the open conversation. */
export interface Live {
  run: Run;
  /** The message it follows; undefined for the first. */
  after: string | undefined;
  /** What the person said, until the store has it. */
  said: string | undefined;
  /** The text that it continues. */
  prefix: string;
  /** The store has been read since the run was placed. */
  loaded: boolean;
}

/** One message on the screen. */
export interface TurnView {
  key: string;
  role: "user" | "assistant";
  /** As it is stored; undefined for a moment after the start. */
  message?: TurnMessage | undefined;
  /** What the person said, while it is not stored. */
  said?: string | undefined;
  /** The run that writes it, or wrote it just now. */
  run?: Run | undefined;
  /** What that run continues. */
  prefix: string;
}

/** The messages on the screen, first first. */
export function turnsOf(stored: TurnMessage[], live: Live | undefined): TurnView[] {
  if (!live || live.loaded) return stored.map((message) => viewOf(message, live));
  const { user_message, assistant_message } = live.run.place;
  const views = stored.slice(
    0,
    live.after ? stored.findIndex((message) => message.id === live.after) + 1 : 0,
  );
  const said = { key: user_message ?? "said", role: "user" as const, said: live.said, prefix: "" };
  const answer = {
    key: assistant_message ?? "answer",
    role: "assistant" as const,
    run: live.run,
    prefix: live.prefix,
  };
  return [...views.map((message) => viewOf(message, undefined)), ...(live.said ? [said] : []), answer];
}

function viewOf(message: TurnMessage, live: Live | undefined): TurnView {
  const mine = live !== undefined && live.run.place.assistant_message === message.id;
  return {
    key: message.id,
    role: message.role === "user" ? "user" : "assistant",
    message,
    run: mine ? live.run : undefined,
    prefix: mine ? live.prefix : "",
  };
}

/** What a message says on the screen. */
export function textOf(view: TurnView): string {
  if (view.run && view.run.phase !== "starting") return view.prefix + view.run.text;
  return view.said ?? view.message?.text ?? view.prefix;
}

/** How an answer stands or ended; undefined for what the person said. */
export function endingOf(view: TurnView): Phase | undefined {
  return view.run?.phase ?? view.message?.state;
}
