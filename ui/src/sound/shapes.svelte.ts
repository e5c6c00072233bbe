// The shapes of sounds, asked of Rust once each and kept while the page lives.
import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type { Peaks } from "../bindings";
import { host } from "../host/host";

/** Fine enough for the widest window: bars are 3 px apart. */
const COLUMNS = 768;
/** As many are kept, the newest. */
const MOST = 200;

class Shapes {
  /** By address; null where a sound could not be read. */
  readonly #known = new SvelteMap<string, Peaks | null>();
  readonly #asked = new Set<string>();

  /** The shape of a sound: null where it cannot be read, undefined as long as it is not known. */
  of(address: string): Peaks | null | undefined {
    return this.#known.get(address);
  }

  /** Asks for a shape that is not known yet; `anew` asks again, for a sound that grows. */
  async load(address: string, anew = false): Promise<void> {
    // Who asks in an effect does not wait for what is asked.
    const known = untrack(() => this.#known.has(address));
    if (address === "" || this.#asked.has(address) || (known && !anew)) return;
    this.#asked.add(address);
    const peaks = await host()
      .call("peaks", { address, columns: COLUMNS })
      .catch(() => null);
    this.#asked.delete(address);
    this.#known.delete(address);
    this.#known.set(address, peaks);
    const oldest = this.#known.keys().next().value;
    if (this.#known.size > MOST && oldest !== undefined) this.#known.delete(oldest);
  }
}

/** The shapes that are known. */
export const shapes = new Shapes();
