// What the Test buttons found, by connection: kept while the window is open.
import type { Error as Failure, TestReport } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { announce, announceError } from "../shared/announce.svelte";

/** One test: under way, or what it found, or why it found nothing. */
export interface Test {
  busy: boolean;
  report?: TestReport;
  failure?: Failure;
}

class Tests {
  /** The last test of each connection. */
  of = $state<Record<string, Test>>({});

  /** Tests a connection. */
  async run(id: string): Promise<void> {
    this.of[id] = { ...this.of[id], busy: true };
    try {
      const report = await host().call("test_connection", { id });
      this.of[id] = { busy: false, report };
      announce(report.summary);
    } catch (reason) {
      const failure = asFailure(reason);
      this.of[id] = { busy: false, failure };
      announceError(failure.message);
    }
  }

  /** The connection has changed: what was found is no longer true. */
  forget(id: string): void {
    delete this.of[id];
  }
}

/** The tests. */
export const tests = new Tests();
