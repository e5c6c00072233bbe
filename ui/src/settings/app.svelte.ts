// What the app says about itself, asked once.
import type { AppInfo } from "../bindings";
import { host } from "../host/host";

class App {
  /** Undefined until it has come. */
  info = $state.raw<AppInfo | undefined>();

  /** Asks, the first time. */
  async load(): Promise<void> {
    this.info ??= await host().call("app_info", {});
  }
}

/** The app. */
export const app = new App();
