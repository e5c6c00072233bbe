// Opens what History found in the tab where it was made.
import type { Message, Role, Run } from "../bindings";
import { connections } from "../connections/connections.svelte";
import { layout } from "../frame/layout.svelte";
import { models } from "../models/models.svelte";
import { valuesOf } from "../parameters/read";
import { isText } from "../runs/output";
import { chat } from "./text/chat.svelte";
import { completion } from "./text/completion.svelte";
import { text } from "./text/text.svelte";

/** Shows a run in Text, a chat's on the branch that holds it. Parameters, model and connection stay as they are. */
export async function openRun(run: Run): Promise<void> {
  layout.open("text");
  if (run.conversation) {
    text.mode = "chat";
    return chat.open(run.conversation, { through: run.assistant_message });
  }
  if (run.input.task === "text_generation") {
    text.mode = "completion";
    completion.prompt = run.input.prompt;
    await completion.open(run.id);
  } else draftChat(run);
}

/** Runs the same again: same prompt, parameters, model and connection, as far as they are still there. */
export async function runAgain(run: Run): Promise<void> {
  if (!isText(run.input)) return;
  text.values = valuesOf(run.input);
  if (connections.list.some((connection) => connection.id === run.connection)) {
    connections.use(run.connection);
    models.pickModel(run.connection, run.input.task, run.input.model);
    models.pickProvider(run.connection, run.input.task, run.provider);
  }
  layout.open("text");
  if (run.input.task === "text_generation") {
    text.mode = "completion";
    completion.prompt = run.input.prompt;
    completion.send();
    return;
  }
  draftChat(run);
  chat.send();
}

/** Puts what was asked last, and its system prompt, into a new chat. */
function draftChat(run: Run): void {
  if (run.input.task !== "chat_completion") return;
  text.mode = "chat";
  chat.fresh();
  chat.newSystem = lastOf(run.input.messages, "system");
  chat.draft = lastOf(run.input.messages, "user");
}

function lastOf(messages: Message[], role: Role): string {
  const content = messages.findLast((message) => message.role === role)?.content;
  return typeof content === "string" ? content : "";
}
