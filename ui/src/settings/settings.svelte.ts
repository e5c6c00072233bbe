// The person's settings as the UI holds them: loaded once, changed at once here, then stored by Rust.
import type { Settings } from "../bindings";
import { host } from "../host/host";

const first: Settings = {
  ...{ theme: "system", zoom: 100, announce: "finish", offline: false, markdown: true, answers: "ask" },
  ...{ autoplay: true, volume: 1, ui: {} },
};

class SettingsState {
  /** What is set; the defaults until `load` has ended. */
  current = $state<Settings>(first);
  /** True once the stored settings are here. */
  loaded = $state(false);
  #saving: Promise<void> | undefined;
  #changed = false;

  /** Reads the stored settings. */
  async load(): Promise<void> {
    this.current = await host().call("settings", {});
    this.loaded = true;
  }

  /** Changes some settings; shows them at once and stores them. Rejects when they could not be stored. */
  save(change: Partial<Settings>): Promise<void> {
    Object.assign(this.current, change);
    this.#changed = true;
    this.#saving ??= this.#store().finally(() => {
      this.#saving = undefined;
    });
    return this.#saving;
  }

  /** Stores until nothing has changed since: fast changes make few writes, and the last one always counts. */
  async #store(): Promise<void> {
    while (this.#changed) {
      this.#changed = false;
      await host().call("set_settings", $state.snapshot(this.current) as Settings);
    }
  }
}

/** The one set of settings. */
export const settings = new SettingsState();
