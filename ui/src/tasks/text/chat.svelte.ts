// Chat: conversations in words alone.
import { connections } from "../../connections/connections.svelte";
import { Chat } from "../../conversations/chat.svelte";
import { models } from "../../models/models.svelte";
import { chatParameters } from "../../parameters/request";
import { text } from "./text.svelte";

const TASK = "chat_completion" as const;

/** The conversations of the Text tab. */
export const chat = new Chat({
  kind: "text",
  kept: { drafts: "chatDrafts", pictures: "chatPictures", system: "chatSystem", open: "conversation" },
  task: TASK,
  wordless: false,
  continues: true,
  get obstacle() {
    return text.obstacle;
  },
  ready: () => [],
  ask: () => {
    text.drawSeed();
    const { model, provider } = models.chosen(TASK);
    const parameters = chatParameters(text.values, { ...text.destination, task: TASK });
    const input = { task: TASK, model, messages: [], ...parameters };
    return { connection: connections.current.id, provider, input };
  },
});
