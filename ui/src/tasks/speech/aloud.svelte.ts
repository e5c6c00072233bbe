// Things that are said at one press and silent at the next: a sample of a voice, any text of another tab. What was said
// once is kept, so that hearing it again asks nobody.
import { SvelteMap } from "svelte/reactivity";
import { player } from "../../sound/player.svelte";
import { hearing } from "./hearing.svelte";
import type { Take } from "./take.svelte";

/** Nothing, on its way, or heard now. */
export type AloudState = "still" | "making" | "heard";

/** As many are kept, the newest. */
const MOST = 100;

/** What was said aloud, by a key. */
export class Aloud {
  readonly #takes = new SvelteMap<string, { asked: string; take: Take }>();

  /** Where the thing of a key stands. */
  stateOf(key: string): AloudState {
    const take = this.#takes.get(key)?.take;
    if (!take) return "still";
    if (player.playing && player.holds(take.runs)) return "heard";
    return take.running && take.sounds.length === 0 ? "making" : "still";
  }

  /** Says it with what `make` starts, says the same again, or stops it. `asked` is all that decides how it sounds. */
  press(key: string, asked: string, make: () => Take | undefined): void {
    if (this.stop(key)) return;
    const known = this.#takes.get(key);
    if (known?.asked === asked && !known.take.running && known.take.sounds.length > 0) {
      player.play(known.take.sounds.map(({ run }) => run));
      return;
    }
    const take = make();
    if (!take) return;
    this.#takes.delete(key);
    this.#takes.set(key, { asked, take });
    const oldest = this.#takes.keys().next().value;
    if (this.#takes.size > MOST && oldest !== undefined) this.#takes.delete(oldest);
  }

  /** Stops it where it is on its way or heard; false where there is nothing to stop. */
  stop(key: string): boolean {
    const known = this.#takes.get(key);
    if (!known || this.stateOf(key) === "still") return false;
    void known.take.stop();
    if (player.holds(known.take.runs)) player.stop();
    return true;
  }

  /** Has a take be heard as soon as it comes. */
  hear(take: Take): Take {
    hearing.add(take, true);
    return take;
  }
}
