// The list of conversations of one kind, as its panel shows it.
import type { ConversationKind, ConversationSummary } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { toast } from "../shared/toasts.svelte";

/** The conversations of one tab. */
export class ConversationList {
  /** Newest change first. */
  all = $state.raw<ConversationSummary[]>([]);
  readonly #kind: ConversationKind;

  constructor(kind: ConversationKind) {
    this.#kind = kind;
  }

  /** Asks Rust for the list. */
  async load(): Promise<void> {
    try {
      this.all = await host().call("conversations", { kind: this.#kind });
    } catch (reason) {
      toast(asFailure(reason).message);
    }
  }

  /** Names one. */
  async rename(id: string, title: string): Promise<void> {
    await this.#change(host().call("set_title", { id, text: title }));
  }

  /** Deletes one; the toast takes it back. `restored` is called after that. */
  async remove(id: string, restored: () => void): Promise<void> {
    await this.#change(host().call("delete_conversation", { id }));
    toast("Conversation deleted.", {
      action: { label: "Undo", run: () => void this.#restore(id, restored) },
    });
  }

  async #restore(id: string, restored: () => void): Promise<void> {
    await this.#change(host().call("restore_conversation", { id }));
    restored();
  }

  async #change(done: Promise<unknown>): Promise<void> {
    await done.catch((reason: unknown) => toast(asFailure(reason).message));
    await this.load();
  }
}
