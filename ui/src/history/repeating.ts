// Runs what is kept once more, exactly as it was asked, from History itself.
import type { Run as Stored } from "../bindings";
import { Run } from "../runs/run.svelte";
import { toast } from "../shared/toasts.svelte";
import { marked } from "./doing.svelte";
import { history } from "./history.svelte";
import { shelf } from "./shelf.svelte";

/** Asks the same again, whatever is kept, and opens it; with `compare` Rust says afterwards whether the same came. */
export function repeat(run: Stored, compare: boolean): void {
  const { id, connection, provider, input } = run;
  let kept = false;
  Run.start(
    { connection, input, ...(provider && { provider }), ...(compare ? { repeats: id } : { anew: true }) },
    {
      place: (started) => {
        kept = true;
        history.openId = started.id;
        void shelf.load("here");
      },
      end: (ended) => {
        // What could not even be kept has no place in the list that could say why.
        if (!kept && ended.error) toast(ended.error.message);
        marked.version++;
        void shelf.load("here");
      },
    },
  );
}
