// What a conversation shows: the stored path, with the run that is under way laid over it. Pure.
import type { PictureFacts, Run as Stored, Turn, TurnMessage } from "../bindings";
import type { Phase } from "../runs/phase";
import type { Run } from "../runs/run.svelte";

/** What the person says. */
export interface Said {
  text: string;
  /** Addresses of the pictures that are shown with it, as they are sent. */
  pictures: string[];
}

/** A run in the open conversation. */
export interface Live {
  run: Run;
  /** The message it follows; undefined for the first. */
  after: string | undefined;
  /** What the person said, until the store has it. */
  said: Said | undefined;
  /** The pictures as they were drafted, for the case that they are given back. */
  given: PictureFacts[];
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
  said?: Said | undefined;
  /** The run that writes it, or wrote it just now. */
  run?: Run | undefined;
  /** What that run continues. */
  prefix: string;
}

/** What a stored message says. */
export function saidIn({ text, pictures = [] }: TurnMessage): Said {
  return { text, pictures };
}

/** What is said, as a turn names it. */
export function asTurn({ text, pictures }: Said): Pick<Turn, "text" | "pictures"> {
  return pictures.length > 0 ? { text, pictures } : { text };
}

/** What a turn says; undefined where it asks for another answer. */
export function saidOf({ text, pictures = [] }: Turn): Said | undefined {
  return text === undefined ? undefined : { text, pictures };
}

/** The path up to a message, that message included; nothing where there is none. */
function pathTo(stored: TurnMessage[], last: string | undefined): TurnMessage[] {
  return last ? stored.slice(0, stored.findIndex((message) => message.id === last) + 1) : [];
}

/** The messages on the screen, first first. */
export function turnsOf(stored: TurnMessage[], live: Live | undefined): TurnView[] {
  if (!live || live.loaded) return stored.map((message) => viewOf(message, live));
  const { user_message, assistant_message } = live.run.place;
  const views = pathTo(stored, live.after);
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
  return view.said?.text ?? view.message?.text ?? view.prefix;
}

/** Addresses of the pictures that a message shows. */
export function picturesOf(view: TurnView): string[] {
  return view.said?.pictures ?? view.message?.pictures ?? [];
}

/** How an answer stands or ended; undefined for what the person said. */
export function endingOf(view: TurnView): Phase | undefined {
  return view.run?.phase ?? view.message?.state;
}

/** The text that a run goes on from: its input's last message, where that is the assistant's. */
export function continuedIn(input: Stored["input"]): string {
  const last = "messages" in input ? input.messages.at(-1) : undefined;
  return last?.role === "assistant" && typeof last.content === "string" ? last.content : "";
}

/** Whether a reasoning is what the built-in classifier saw, for others to put into words. */
export function isSeen(reasoning: string): boolean {
  return reasoning.startsWith("The classifier saw");
}
