// Says any text of any tab with the voice that was used last; the same press stops it. What is said is a take of the
// Speech tab.
import { connections } from "../connections/connections.svelte";
import { layout } from "../frame/layout.svelte";
import { models } from "../models/models.svelte";
import { toast } from "../shared/toasts.svelte";
import { Aloud, type AloudState } from "../tasks/speech/aloud.svelte";
import { familyOf } from "../tasks/speech/families";
import { type LastVoice, lastVoice } from "../tasks/speech/lastVoice.svelte";
import { TASK } from "../tasks/speech/speech.svelte";
import type { Take } from "../tasks/speech/take.svelte";
import { takes } from "../tasks/speech/takes.svelte";

class Speaking {
  readonly #aloud = new Aloud();

  /** Where a text stands, by a key of its place. */
  stateOf(key: string): AloudState {
    return this.#aloud.stateOf(key);
  }

  /** Says a text, or stops it. Where nothing can speak, leads to where a voice is had. */
  async press(key: string, text: string): Promise<void> {
    if (this.#aloud.stop(key)) return;
    if (text.trim() === "") {
      toast("There are no words to be said.");
      return;
    }
    const voice = await this.#voice();
    if (!voice) {
      toast("No voice is here yet. Get one in Settings, or use another connection in Speech.", {
        action: { label: "Open Settings", run: () => layout.openSettings("models") },
      });
      return;
    }
    const asked = JSON.stringify([voice, text]);
    const texts = await takes.split(text, familyOf(voice.model).seconds).catch(() => [text]);
    this.#aloud.press(key, asked, () => this.#make(texts, voice));
  }

  /** The voice that was used last, where its connection is still there, else the built-in one; undefined for none. */
  async #voice(): Promise<LastVoice | undefined> {
    const last = lastVoice.current;
    if (last.connection !== "builtin" && connections.list.some(({ id }) => id === last.connection))
      return last;
    const builtin = connections.list.find(({ kind }) => kind === "builtin");
    if (!builtin) return undefined;
    await models.load(builtin, TASK);
    const ready = models.catalogue(builtin.id, TASK).index.rows.filter((row) => row.ready);
    if (ready.length === 0) return undefined;
    const known =
      last.connection === builtin.id && ready.some(({ id }) => id === last.model || last.model === "");
    return known ? last : { connection: builtin.id, model: "", extra_body: {} };
  }

  #make(texts: string[], { connection, provider, model, extra_body }: LastVoice): Take {
    const inputs = texts.map((text) => ({ task: TASK, model, text, extra_body }));
    const take = takes.make(inputs, { connection, ...(provider ? { provider } : {}) }, (failed) => {
      const error = failed.cells.find(({ run }) => run.phase === "failed")?.run.error;
      if (error) toast(error.message, { action: { label: "Show", run: () => show(failed) } });
    });
    return this.#aloud.hear(take);
  }
}

/** The take with its card, in the Speech tab. */
function show(take: Take): void {
  layout.open("speech");
  takes.show(take);
}

/** What is said from everywhere. */
export const speaking = new Speaking();
