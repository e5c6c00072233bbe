// Pictures made ready for sending: each once for a size, a quality and a model, and kept while the app runs.
import { SvelteMap } from "svelte/reactivity";
import type { Error as Failure, PreparedPicture, Preparing } from "../../bindings";
import { host } from "../../host/host";
import { asFailure } from "../../runs/failure";

/** How far a picture is. */
export type Preparation = { ready: PreparedPicture } | { failed: Failure };

/** What it is made ready for. */
export interface For extends Preparing {
  model: string;
}

class Preparations {
  readonly #done = new SvelteMap<string, Preparation>();
  readonly #asked = new Set<string>();

  /** What came of a picture; undefined while it is under way or not asked for. */
  of(address: string, to: For): Preparation | undefined {
    return this.#done.get(keyOf(address, to));
  }

  /** Makes a picture ready, unless it is or will be. */
  async want(address: string, to: For): Promise<void> {
    const key = keyOf(address, to);
    if (this.#asked.has(key)) return;
    this.#asked.add(key);
    try {
      this.#done.set(key, { ready: await host().call("prepare_picture", { address, ...to }) });
    } catch (reason) {
      this.#done.set(key, { failed: asFailure(reason) });
      // It may be tried again: by removing and adding it, or another size.
      this.#asked.delete(key);
    }
  }
}

function keyOf(address: string, { model, max_side, quality }: For): string {
  return `${address} ${max_side} ${quality} ${model}`;
}

/** The pictures that are made ready. */
export const preparations = new Preparations();
