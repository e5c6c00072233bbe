// Whom a run tells of its turns.
import type { Run } from "./run.svelte";

/** What a run tells. */
export interface RunListeners {
  /** It is stored, and its messages have ids. */
  place?: (run: Run) => void;
  /** The first of its voice can be heard. */
  heard?: (run: Run) => void;
  /** It has ended, however. */
  end?: (run: Run) => void;
}
