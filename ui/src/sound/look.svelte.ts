// How the page looks now, for drawings: they read their colours when they are drawn, and so must be drawn again.
import { settings } from "../settings/settings.svelte";

class Look {
  #dark = $state(false);

  constructor() {
    const query = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
    this.#dark = query?.matches === true;
    query?.addEventListener?.("change", () => {
      this.#dark = query.matches;
    });
  }

  /** Changes whenever the colours do. */
  get name(): string {
    return `${settings.current.theme} ${this.#dark}`;
  }
}

/** The page's look. */
export const look = new Look();
