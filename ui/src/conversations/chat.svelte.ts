// A tab's conversations: the open one, and what the person does to it. Rust holds the tree; here is the open path and
// the run. What differs from tab to tab (what is sent, and where) comes from the tab.
import type { Conversation, PictureFacts, Turn, TurnMessage } from "../bindings";
import { keep, recall } from "../frame/remembered.svelte";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { Run } from "../runs/run.svelte";
import { toast } from "../shared/toasts.svelte";
import type { Asking } from "./asking";
import { Drafts } from "./drafts.svelte";
import { ConversationList } from "./list.svelte";
import { asTurn, continuedIn, type Live, saidIn, saidOf, type TurnView, turnsOf } from "./turns";

/** Key of the draft that belongs to no conversation yet. */
const NEW = "new";

/** A run that was under way before the page was. */
const TAKEN_UP = { after: undefined, said: undefined, given: [], loaded: true };

/** The conversations of one tab. */
export class Chat {
  conversation = $state.raw<Conversation | undefined>();
  /** System prompt of a conversation that has not begun. */
  newSystem = $state("");
  readonly list: ConversationList;
  readonly asking: Asking;
  readonly #drafts = new Drafts();
  #openId = $state("");
  #live = $state.raw<Live | undefined>();

  constructor(asking: Asking) {
    this.asking = asking;
    this.list = new ConversationList(asking.kind);
  }

  /** Takes up the conversation that was open at the last exit, and any run that is still under way. */
  async start(): Promise<void> {
    const { drafts, pictures, system, open } = this.asking.kept;
    this.#drafts.start(drafts, pictures);
    this.newSystem = recall(system, this.newSystem);
    this.#openId = recall(open, "");
    keep(system, () => this.newSystem);
    keep(open, () => this.#openId);
    if (this.#openId) await this.open(this.#openId, { quietly: true });
  }

  /** What the person is writing. */
  get draft(): string {
    return this.#drafts.words(this.#openId || NEW);
  }
  set draft(words: string) {
    this.#drafts.write(this.#openId || NEW, words);
  }

  /** The pictures that the person will show, in their order. */
  get pictures(): PictureFacts[] {
    return this.#drafts.pictures(this.#openId || NEW);
  }
  set pictures(pictures: PictureFacts[]) {
    this.#drafts.show(this.#openId || NEW, pictures);
  }

  /** There is nothing that could be sent or answered. */
  get idle(): boolean {
    const last = this.turns.at(-1);
    return !this.#sayable && last?.role !== "user";
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
    const last = this.conversation?.messages.at(-1);
    if (this.running || this.asking.obstacle) return;
    if (this.#sayable) this.#say(last?.id);
    else if (last?.role === "user") this.answer(last);
  }

  /** Another answer to what the person said in `message`. */
  answer(message: TurnMessage): void {
    this.#go({ parent: message.id }, message.id);
  }

  /** Another answer beside this one; more of it when `more`. */
  again(message: TurnMessage, more = false): void {
    if (more && message.text) this.#go({ parent: message.id }, message.parent, { prefix: message.text });
    else this.#go({ parent: message.parent }, message.parent);
  }

  /** Says something else in the place of `message`, and has it answered. */
  sayInstead(message: TurnMessage, words: string): void {
    this.#go({ parent: message.parent, ...asTurn({ ...saidIn(message), text: words }) }, message.parent);
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

  get #sayable(): boolean {
    return this.asking.wordless ? this.pictures.length > 0 : this.draft.trim() !== "";
  }

  #say(after: string | undefined): void {
    const { wordless } = this.asking;
    const given = this.pictures;
    const said = { text: wordless ? "" : this.draft.trim(), pictures: this.asking.ready(given) };
    this.#go({ parent: after, ...asTurn(said) }, after, { given });
    this.pictures = [];
    if (!wordless) this.draft = "";
  }

  #go(turn: Turn, after: string | undefined, { prefix = "", given = [] }: Partial<Live> = {}): void {
    if (this.running || this.asking.obstacle) return;
    const fresh = { system: this.newSystem, kind: this.asking.kind };
    const place = this.conversation ? { conversation: this.conversation.id } : fresh;
    const run = Run.start(
      { ...this.asking.ask(), turn: { ...place, ...turn } },
      { place: (started) => void this.#placed(started), end: (ended) => void this.#ended(ended) },
    );
    this.#live = { run, after, said: saidOf(turn), given, prefix, loaded: false };
  }

  async #placed(run: Run): Promise<void> {
    const id = run.place.conversation;
    void this.list.load();
    if (this.run !== run || !id) return;
    this.#openId = id;
    await this.#reload(run, id);
  }

  async #ended(run: Run): Promise<void> {
    void this.list.load();
    const { conversation } = run.place;
    if (this.run !== run) return;
    if (conversation) await this.#reload(run, conversation);
    else this.#giveBack();
  }

  /** The run was refused before it was stored: the person's words go back to where they were written. */
  #giveBack(): void {
    if (!this.#live) return;
    if (this.#live.said && !this.draft) this.draft = this.#live.said.text;
    if (this.pictures.length === 0) this.pictures = this.#live.given;
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
    await coming.then((conversation) => this.#take(conversation)).catch(complain);
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
    this.#live = { ...TAKEN_UP, run, prefix: continuedIn(stored.input) };
  }
}

function complain(reason: unknown): void {
  toast(asFailure(reason).message);
}
