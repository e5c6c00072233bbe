// Opens what History found in the tab where it was made.
import type { Message, Role, Run } from "../bindings";
import { connections } from "../connections/connections.svelte";
import { layout } from "../frame/layout.svelte";
import { models } from "../models/models.svelte";
import { valuesOf } from "../parameters/read";
import { isSeeing, isText, picturesAsked, questionOf } from "../runs/output";
import { chat } from "./text/chat.svelte";
import { completion } from "./text/completion.svelte";
import { text } from "./text/text.svelte";
import { how } from "./vision/how.svelte";
import { vision } from "./vision/vision.svelte";
import { rowOf, wayOf } from "./vision/ways";

/** Shows a run in its tab, a conversation's on the branch that holds it. Parameters, model and connection stay as they are. */
export async function openRun(run: Run): Promise<void> {
  if (isSeeing(run.input)) return openSeeing(run);
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

async function openSeeing(run: Run): Promise<void> {
  layout.open("vision");
  vision.mode = "ask";
  if (run.conversation) return vision.chat.open(run.conversation, { through: run.assistant_message });
  await vision.take(picturesAsked(run.input));
  vision.chat.draft = questionIn(run);
}

/** Runs the same again: same prompt, parameters, model and connection, as far as they are still there. */
export async function runAgain(run: Run): Promise<void> {
  if (isSeeing(run.input)) return seeAgain(run);
  if (!isText(run.input)) return;
  text.values = valuesOf(run.input);
  pickFor(run, run.input.task);
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

async function seeAgain(run: Run): Promise<void> {
  const { max_side, quality } = how.values;
  const sizes = { ...(max_side && { max_side }), ...(quality && { quality }) };
  const way = wayOf(run.input);
  const values = isText(run.input) ? valuesOf(run.input) : {};
  how.values = { ...values, ...sizes, ...(way !== "chat" && { way }) };
  pickFor(run, rowOf(way).models);
  await openSeeing(run);
  const answer = vision.chat.conversation?.messages.find((message) => message.run === run.id);
  if (answer) vision.chat.again(answer);
}

function pickFor(run: Run, task: string): void {
  if (!connections.list.some((connection) => connection.id === run.connection)) return;
  connections.use(run.connection);
  models.pickModel(run.connection, task, run.input.model);
  models.pickProvider(run.connection, task, run.provider);
}

function questionIn({ input }: Run): string {
  return input.task === "chat_completion" ? lastOf(input.messages, "user") : questionOf(input);
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
  if (content === undefined || typeof content === "string") return content ?? "";
  return content.map((part) => (part.type === "text" ? part.text : "")).join("");
}
