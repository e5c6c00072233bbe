// The fake's turns: what a person says and shows, and who answers, written into a conversation as the store in Rust does.
import type { Content, RunInput, StartRun } from "../../bindings";
import { questionOf } from "../../runs/output";
import type { FakeStore } from "./store";

/** Where a run stands in a conversation. */
export interface Placed {
  conversation?: string;
  user_message?: string;
  assistant_message?: string;
}

/** Writes the turn's messages, and a chat's input from the conversation. Nothing for a run without a turn. */
export function place(store: FakeStore, { id, turn, input }: StartRun): Placed {
  if (!turn) return {};
  const title = turn.text || (turn.kind === "vision" ? "A picture" : "");
  const thread = turn.conversation
    ? store.thread(turn.conversation)
    : store.begin(title.slice(0, 60), turn.system ?? "", turn.kind);
  let parent = turn.parent;
  let prefix = "";
  const { text, pictures } = turn;
  const user = text === undefined ? undefined : store.add(thread.id, parent, "user", { text, pictures });
  if (user) parent = user.id;
  else if (parent && store.node(parent).role === "assistant") {
    prefix = store.read(thread.id).messages.find((message) => message.id === parent)?.text ?? "";
    parent = store.node(parent).parent;
  }
  const answer = store.add(thread.id, parent, "assistant", { text: prefix, run: id });
  if (input.task === "chat_completion") {
    input.messages = store.read(thread.id).messages.map(({ role, text, pictures = [] }) => ({
      ...{ role, content: shown(text, pictures) },
    }));
    if (!prefix) input.messages.pop();
  }
  return {
    conversation: thread.id,
    assistant_message: answer.id,
    ...(user && { user_message: user.id }),
  };
}

/** Pictures stand before the words. */
function shown(text: string, pictures: string[]): Content {
  if (pictures.length === 0) return text;
  return [
    ...pictures.map((url) => ({ type: "image_url" as const, image_url: { url } })),
    { type: "text", text },
  ];
}

/** What was asked in words; of a chat what was said last. */
export function questionIn(input: RunInput): string {
  if (input.task !== "chat_completion") return questionOf(input);
  const content = input.messages.findLast((message) => message.role === "user")?.content ?? "";
  if (typeof content === "string") return content;
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
