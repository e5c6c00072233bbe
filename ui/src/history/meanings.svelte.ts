// What search by meaning can do now: whether its model is here, and how many runs it knows yet.
import type { Meanings } from "../bindings";
import { host } from "../host/host";

/** While it learns, it is asked again so often, milliseconds. */
const AGAIN = 2_000;

class Knowing {
  /** Undefined until it is known. */
  current = $state.raw<Meanings | undefined>();

  /** Asks Rust; what was known stays where it does not answer. */
  async load(): Promise<void> {
    const now = await host()
      .call("meanings", {})
      .catch(() => undefined);
    if (now) this.current = now;
  }

  /** Asks now, and again while more runs are being learned; the return ends it. */
  follow(): () => void {
    void this.load();
    const timer = setInterval(() => {
      if (this.current?.ready !== true || this.current.known < this.current.total) void this.load();
    }, AGAIN);
    return () => clearInterval(timer);
  }
}

/** What search by meaning can do. */
export const knowing = new Knowing();
