// The open conversation and what the person does to it. Rust holds the tree; here is the open path and the run.
import type { Conversation, Turn, TurnMessage } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { host } from "../../host/host";
import { models } from "../../models/models.svelte";
import { chatParameters } from "../../parameters/request";
import { asFailure } from "../../runs/failure";
import { Run } from "../../runs/run.svelte";
import { toast } from "../../shared/toasts.svelte";
import { conversations } from "./conversations.svelte";
import { text } from "./text.svelte";
import { type Live, type TurnView, turnsOf } from "./turns";

/** Key of the draft that belongs to no conversation yet. */
const NEW = "new";

class Chat {
  conversation = $state.raw<Conversation | undefined>();
  /** System prompt of a conversation that has not begun. */
  newSystem = $state("");
  #drafts = $state<Record<string, string>>({});
  #openId = $state("");
  #live = $state.raw<Live | undefined>();

  /** Takes up the conversation that was open at the last exit, and any run that is still under way. */
  async start(): Promise<void> {
    this.#drafts = recall("chatDrafts", this.#drafts);
    this.newSystem = recall("chatSystem", this.newSystem);
    this.#openId = recall("conversation", "");
    keep("chatDrafts", () => this.#drafts);
    keep("chatSystem", () => this.newSystem);
    keep("conversation", () => this.#openId);
    if (this.#openId) await this.open(this.#openId, { quietly: true });
  }

  /** What the person is writing. */
  get draft(): string {
    return this.#drafts[this.#openId || NEW] ?? "";
  }
  set draft(words: string) {
    if (words) this.#drafts[this.#openId || NEW] = words;
    else delete this.#drafts[this.#openId || NEW];
  }

  /** The system prompt. */
  get system(): string {
    return this.conversation ? this.conversation.system : this.newSystem;
  }

  /** The run of this conversation, under way or just ended. */
  get run(): Run | undefined {
    return this.#live?.run;
  }

  /** Whether an answer is being written. */
  get running(): boolean {
    return this.run !== undefined && !this.run.ended;
  }

  /** What the screen shows, first message first. */
  get turns(): TurnView[] {
    return turnsOf(this.conversation?.messages ?? [], this.#live);
  }

  /** Says what is drafted; without a draft it asks for an answer to what was said last. */
  send(): void {
    const words = this.draft.trim();
    const last = this.conversation?.messages.at(-1);
    if (words) {
      this.draft = "";
      this.#go({ parent: last?.id, text: words }, last?.id);
    } else if (last?.role === "user") this.answer(last);
  }

  /** Another answer to what the person said in `message`. */
  answer(message: TurnMessage): void {
    this.#go({ parent: message.id }, message.id);
  }

  /** Another answer beside this one; more of it when `more`. */
  again(message: TurnMessage, more = false): void {
    if (more && message.text) this.#go({ parent: message.id }, message.parent, message.text);
    else this.#go({ parent: message.parent }, message.parent);
  }

  /** Says something else in the place of `message`, and has it answered. */
  sayInstead(message: TurnMessage, words: string): void {
    this.#go({ parent: message.parent, text: words }, message.parent);
  }

  /** Writes another text beside `message`, without a run. */
  async rewrite(message: TurnMessage, words: string): Promise<void> {
    await this.#show(host().call("edit_message", { message: message.id, role: message.role, text: words }));
  }

  /** Tries the last run again: after a failure or a Stop. */
  retry(): void {
    const last = this.conversation?.messages.at(-1);
    if (last?.role === "assistant") this.again(last);
    else this.send();
  }

  /** Opens the branch that leads through a message. */
  async branch(id: string): Promise<void> {
    await this.#show(host().call("open_branch", { id }));
  }

  /** Opens a conversation, on the branch that leads `through` a message of it; `quietly` when it may be gone. */
  async open(
    id: string,
    { through, quietly = false }: { through?: string | undefined; quietly?: boolean } = {},
  ): Promise<void> {
    try {
      const conversation = await (through
        ? host().call("open_branch", { id: through })
        : host().call("conversation", { id }));
      this.#openId = id;
      this.#live = undefined;
      this.#take(conversation);
    } catch (reason) {
      this.fresh();
      if (!quietly) toast(asFailure(reason).message);
    }
  }

  /** Begins a new conversation; what runs in the old one goes on. */
  fresh(): void {
    this.conversation = undefined;
    this.#openId = "";
    this.#live = undefined;
  }

  /** Sets the system prompt. */
  async setSystem(words: string): Promise<void> {
    if (!this.conversation) {
      this.newSystem = words;
      return;
    }
    this.conversation = { ...this.conversation, system: words };
    await host().call("set_system", { id: this.conversation.id, text: words }).catch(complain);
  }

  #go(turn: Turn, after: string | undefined, prefix = ""): void {
    if (this.running || text.obstacle) return;
    text.drawSeed();
    const place = this.conversation ? { conversation: this.conversation.id } : { system: this.newSystem };
    const { model, provider } = models.chosen("chat_completion");
    const parameters = chatParameters(text.values, { ...text.destination, task: "chat_completion" });
    const run = Run.start(
      {
        connection: connections.current.id,
        provider,
        input: { task: "chat_completion", model, messages: [], ...parameters },
        turn: { ...place, ...turn },
      },
      { place: (started) => void this.#placed(started), end: (ended) => void this.#ended(ended) },
    );
    this.#live = { run, after, said: turn.text, prefix, loaded: false };
  }

  async #placed(run: Run): Promise<void> {
    const id = run.place.conversation;
    void conversations.load();
    if (this.run !== run || !id) return;
    this.#openId = id;
    await this.#reload(run, id);
  }

  async #ended(run: Run): Promise<void> {
    void conversations.load();
    const { conversation } = run.place;
    if (this.run !== run) return;
    if (conversation) await this.#reload(run, conversation);
    else this.#giveBack();
  }

  /** The run was refused before it was stored: the person's words go back to where they were written. */
  #giveBack(): void {
    if (!this.#live) return;
    if (this.#live.said && !this.draft) this.draft = this.#live.said;
    this.#live = { ...this.#live, said: undefined };
  }

  async #reload(run: Run, id: string): Promise<void> {
    try {
      const conversation = await host().call("conversation", { id });
      if (this.run !== run || !this.#live) return;
      this.conversation = conversation;
      this.#live = { ...this.#live, loaded: true };
    } catch (reason) {
      complain(reason);
    }
  }

  async #show(coming: Promise<Conversation>): Promise<void> {
    try {
      this.#take(await coming);
    } catch (reason) {
      complain(reason);
    }
  }

  /** Shows a conversation, and follows the run that is writing in it. */
  #take(conversation: Conversation): void {
    this.conversation = conversation;
    if (this.running) return;
    const writing = conversation.messages.find((message) => message.state === "running" && message.run);
    if (writing?.run) void this.#follow(writing.run, writing.id);
  }

  async #follow(id: string, message: string): Promise<void> {
    const stored = await host()
      .call("run", { id })
      .catch(() => undefined);
    if (!stored || this.running) return;
    const run = Run.of(stored, { end: (ended) => void this.#ended(ended) });
    run.place = { conversation: stored.conversation, assistant_message: message };
    this.#live = { run, after: undefined, said: undefined, prefix: continuedIn(stored.input), loaded: true };
  }
}

/** The text that a run goes on from: its input's last message, where that is the assistant's. */
function continuedIn(input: { messages?: { role: string; content: unknown }[] } | object): string {
  const last = "messages" in input ? input.messages?.at(-1) : undefined;
  return last?.role === "assistant" && typeof last.content === "string" ? last.content : "";
}

function complain(reason: unknown): void {
  toast(asFailure(reason).message);
}

/** The open conversation. */
export const chat = new Chat();
