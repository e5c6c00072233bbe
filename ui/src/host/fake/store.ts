// The fake's memory: settings, connections, and conversations as trees of messages.
import type {
  Commands,
  Connection,
  Conversation,
  ConversationKind,
  Role,
  Run,
  Settings,
  TurnMessage,
} from "../../bindings";
import { wordsOf } from "../../runs/output";
import { gone } from "./gone";

interface Node {
  id: string;
  conversation: string;
  parent: string | undefined;
  role: Role;
  text: string;
  pictures: string[];
  at: number;
  run: string | undefined;
}

/** What a new message says and shows, and whose run it is. */
type Said = { text: string; pictures?: string[] | undefined; run?: string };

interface Thread {
  id: string;
  title: string;
  system: string;
  kind: ConversationKind;
  leaf: string | undefined;
  at: number;
  deleted: boolean;
}

/** Everything but the runs' doing. */
export class FakeStore {
  readonly runs = new Map<string, Run>();
  /** Counts what changed in the runs, for who keeps an answer about them. */
  changes = 0;
  readonly threads = new Map<string, Thread>();
  readonly nodes = new Map<string, Node>();
  #next = 1;
  #settings: Settings = {
    ...{ theme: "system", announce: "finish", offline: false, markdown: true, answers: "ask" },
    ...{ zoom: 100, autoplay: true, volume: 1, ui: {} },
  };
  #connections: Connection[] = [
    { id: "builtin", kind: "builtin", name: "Built-in", has_key: false },
    { id: "hf", kind: "hugging_face", name: "Hugging Face", has_key: true, key_source: "HF_TOKEN" },
    { id: "s1", kind: "server", name: "Workstation", url: "http://127.0.0.1:8080/v1", has_key: false },
  ];

  /** The commands that it answers. */
  answers(): Partial<{ [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] }> {
    return {
      app_info: () => ({
        version: "0.1.0",
        platform: "linux",
        data_folder: "~/.local/share/limerick",
        models_folder: "~/.cache/limerick/models",
        key_storage: "keychain",
      }),
      settings: () => this.#settings,
      set_settings: (settings) => {
        this.#settings = settings;
        return {};
      },
      connections: () => this.#connections,
      save_connection: (args) => this.#save(args),
      remove_connection: ({ id }) => {
        this.#connections = this.#connections.filter((each) => each.id !== id);
        return {};
      },
      test_connection: () => ({
        summary: "It answers, 1 model.",
        details: ["tiny"],
        organisations: [],
        ms: 3,
      }),
      set_key: ({ connection }) => this.keyed(connection, true),
      forget_key: ({ id }) => this.keyed(id, false),
      conversations: ({ kind }) =>
        [...this.threads.values()]
          .filter((thread) => !thread.deleted && thread.kind === kind)
          .sort((a, b) => b.at - a.at)
          .map((thread) => this.#summary(thread)),
      conversation: ({ id }) => this.read(id),
      set_title: ({ id, text }) => {
        this.thread(id).title = text;
        return {};
      },
      set_system: ({ id, text }) => {
        this.thread(id).system = text;
        return {};
      },
      open_branch: ({ id }) => this.#openBranch(id),
      edit_message: ({ message, role, text }) => {
        const old = this.node(message);
        this.add(old.conversation, old.parent, role, { text, pictures: old.pictures });
        return this.read(old.conversation);
      },
      delete_conversation: ({ id }) => {
        this.thread(id).deleted = true;
        return {};
      },
      restore_conversation: ({ id }) => {
        this.thread(id).deleted = false;
        return {};
      },
    };
  }

  /** Whether no request may leave. */
  get offline(): boolean {
    return this.#settings.offline;
  }

  /** A connection's name. */
  nameOf(connection: string): string {
    return this.#connections.find((each) => each.id === connection)?.name ?? connection;
  }

  /** A new conversation. */
  begin(title: string, system: string, kind: ConversationKind = "text"): Thread {
    const thread = {
      ...{ id: this.#id("c"), title, system, kind, leaf: undefined },
      ...{ at: Date.now(), deleted: false },
    };
    this.threads.set(thread.id, thread);
    return thread;
  }

  /** A new message, to which the open path then leads. */
  add(conversation: string, parent: string | undefined, role: Role, said: Said): Node {
    const { text, pictures = [], run } = said;
    const node = { id: this.#id("m"), conversation, parent, role, text, pictures, at: Date.now(), run };
    this.nodes.set(node.id, node);
    Object.assign(this.thread(conversation), { leaf: node.id, at: Date.now() });
    return node;
  }

  /** A message. */
  node(id: string): Node {
    const node = this.nodes.get(id);
    if (!node) throw gone("message");
    return node;
  }

  /** A conversation's row. */
  thread(id: string): Thread {
    const thread = this.threads.get(id);
    if (!thread || thread.id !== id) throw gone("conversation");
    return thread;
  }

  /** A conversation with its open path. */
  read(id: string): Conversation {
    const { title, system, leaf, deleted } = this.thread(id);
    if (deleted) throw gone("conversation");
    const messages: TurnMessage[] = [];
    for (let at = leaf; at; at = this.node(at).parent) messages.unshift(this.#message(this.node(at)));
    return { id, title, system, messages };
  }

  #summary({ id, title, at }: Thread) {
    const inside = this.#inside(id);
    const picture = inside.flatMap(({ pictures }) => pictures)[0];
    return { id, title, updated_at: at, messages: inside.length, ...(picture && { picture }) };
  }

  #message(node: Node): TurnMessage {
    const run = node.run ? this.runs.get(node.run) : undefined;
    const siblings = this.#inside(node.conversation).filter(
      (each) => each.parent === node.parent && each.role === node.role,
    );
    return {
      id: node.id,
      parent: node.parent,
      role: node.role,
      text: node.text + (run ? saidBy(run) : ""),
      pictures: node.pictures,
      reasoning: run && "reasoning" in run.output ? run.output.reasoning : "",
      created_at: node.at,
      siblings: siblings.map((each) => each.id),
      run: node.run,
      state: run?.state,
      error: run?.error,
      model: run?.model,
      provider: run?.provider,
      connection_name: run?.connection_name,
      figures: run?.figures,
    };
  }

  #inside(conversation: string): Node[] {
    return [...this.nodes.values()].filter((node) => node.conversation === conversation);
  }

  #openBranch(id: string): Conversation {
    let leaf = this.node(id);
    for (let child: Node | undefined = leaf; child; ) {
      leaf = child;
      child = this.#inside(leaf.conversation).findLast((each) => each.parent === leaf.id);
    }
    this.thread(leaf.conversation).leaf = leaf.id;
    return this.read(leaf.conversation);
  }

  #save({ id, name, url, headers, bill_to, space }: Commands["save_connection"]["args"]): Connection {
    const old = this.#connections.find((each) => each.id === id);
    const made = old ?? {
      id: this.#id("server"),
      kind: space ? ("space" as const) : ("server" as const),
      name,
      has_key: false,
    };
    if (!old) this.#connections.push(made);
    return Object.assign(made, { name: name || made.name, url, headers, bill_to, space });
  }

  /** A connection that has got its key, or lost it. */
  keyed(id: string, has: boolean): Connection {
    const connection = this.#connections.find((each) => each.id === id);
    if (!connection) throw gone("connection");
    return Object.assign(connection, { has_key: has, key_source: has ? "your keychain" : undefined });
  }

  #id(kind: string): string {
    return `${kind}${this.#next++}`;
  }
}

/** What an answer says in a conversation: of several answers the best. */
function saidBy({ output }: Run): string {
  return output.task === "visual_question_answering" ? (output.answers[0]?.answer ?? "") : wordsOf(output);
}
