// The list of conversations, as the panel shows it.
import type { ConversationSummary } from "../../bindings";
import { host } from "../../host/host";
import { asFailure } from "../../runs/failure";
import { toast } from "../../shared/toasts.svelte";

class Conversations {
  /** Newest change first. */
  list = $state.raw<ConversationSummary[]>([]);

  /** Asks Rust for the list. */
  async load(): Promise<void> {
    try {
      this.list = await host().call("conversations", {});
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

/** The conversations. */
export const conversations = new Conversations();
