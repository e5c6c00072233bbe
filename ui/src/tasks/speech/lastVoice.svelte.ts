// The voice that was used last, with all that it was asked with: "Speak" in other tabs speaks with it.
import { keep, recall } from "../../frame/remembered.svelte";

/** How to ask for a voice. */
export interface LastVoice {
  connection: string;
  provider?: string | undefined;
  model: string;
  /** The voice's name and its parameters, as they were sent. */
  extra_body: Record<string, unknown>;
}

class Last {
  current = $state.raw<LastVoice>({ connection: "builtin", model: "", extra_body: {} });

  /** Takes up what was used before the last exit. */
  recall(): void {
    const kept = recall<Partial<LastVoice>>("speechLast", {});
    if (typeof kept.connection === "string" && typeof kept.model === "string")
      this.current = { ...this.current, ...kept };
    keep("speechLast", () => this.current);
  }
}

/** The voice that was used last. */
export const lastVoice = new Last();
