// Plays takes as they come: the newest at once, the parts of one after the other, several takes in their order. Who
// plays something else, or stops, is left alone.
import { untrack } from "svelte";
import { settings } from "../../settings/settings.svelte";
import { player } from "../../sound/player.svelte";
import type { Take } from "./take.svelte";

class Hearing {
  /** Takes that are to be heard when they come, in order; the first may be heard already. */
  #queue: Take[] = [];
  /** The first of them has begun. */
  #begun = false;

  /** Follows the player: what has ended makes room for what comes next. */
  start(): void {
    $effect.root(() => {
      $effect(() => {
        if (player.now.phase === "ended") untrack(() => this.ended());
      });
    });
  }

  /** Has a take be heard as soon as it comes; `always`, or where the person wants that. */
  add(take: Take, always = false): void {
    const [first] = this.#queue;
    // What the person holds, or has replaced, keeps nothing waiting.
    if (first && this.#begun && !(player.playing && player.holds(first.runs))) this.#clear();
    if (always || settings.current.autoplay) this.#queue.push(take);
  }

  /** More of a take can be heard. */
  heard(take: Take): void {
    this.#goOn(take);
    if (player.now.phase === "ended") this.ended();
    else this.#begin();
  }

  /** What the player held has come to its end. */
  ended(): void {
    const [first] = this.#queue;
    // What has ended was the person's own choice.
    if (first && this.#begun && !player.holds(first.runs)) this.#clear();
    else if (first && this.#begun && !this.#goOn(first) && !first.running) this.#next();
    this.#begin();
  }

  /** Plays on where a take has more parts by now than the player was given. */
  #goOn(take: Take): boolean {
    const { phase, pieces } = player.now;
    const runs = take.sounds.map(({ run }) => run);
    if (phase !== "ended" || !player.holds(take.runs) || runs.length <= pieces.length) return false;
    player.play(runs, pieces.length);
    return true;
  }

  #begin(): void {
    const [first] = this.#queue;
    if (!first) return;
    const runs = first.sounds.map(({ run }) => run);
    if (this.#begun) {
      // The person plays something else: the rest is theirs to play.
      if (!player.holds(first.runs) && player.now.pieces.length > 0) this.#clear();
    } else if (runs.length > 0) {
      this.#begun = true;
      player.play(runs);
    } else if (!first.running) {
      this.#next();
      this.#begin();
    }
  }

  #next(): void {
    this.#queue.shift();
    this.#begun = false;
  }

  #clear(): void {
    this.#queue = [];
    this.#begun = false;
  }
}

/** What is heard as it comes. */
export const hearing = new Hearing();
