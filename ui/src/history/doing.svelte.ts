// What is done with runs of History: stars, tags, deleting with a way back, exports. Each shows at once and tells Rust.
import type { Exported, ExportForm, MarkRuns } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { announce } from "../shared/announce.svelte";
import { toast } from "../shared/toasts.svelte";
import { gallery } from "./gallery.svelte";
import { history } from "./history.svelte";
import { shelf } from "./shelf.svelte";
import { counted } from "./words";

class Marked {
  /** Grows when runs were marked: who shows one in full reads it again. */
  version = $state(0);
}

/** When runs were marked last. */
export const marked = new Marked();

function complain(reason: unknown): void {
  toast(asFailure(reason).message);
}

/** Stars runs, or takes the star away. */
export async function star(ids: string[], favourite: boolean): Promise<void> {
  const runs = new Set(ids);
  const show = (on: boolean) => {
    gallery.patch(runs, { favourite: on });
    history.patch(runs, { favourite: on });
  };
  show(favourite);
  if (!(await mark({ ids, favourite }))) show(!favourite);
}

/** Adds a tag to runs, or takes it away. */
export async function tag(ids: string[], name: string, how: "add" | "remove"): Promise<void> {
  const change = how === "add" ? { add_tags: [name] } : { remove_tags: [name] };
  if (!(await mark({ ids, ...change }))) return;
  announce(how === "add" ? `Tagged ${name}.` : `Tag ${name} removed.`);
  void shelf.around();
}

/** Whether it was done. */
async function mark(args: MarkRuns): Promise<boolean> {
  try {
    await host().call("mark_runs", args);
  } catch (reason) {
    complain(reason);
    return false;
  }
  marked.version++;
  return true;
}

/** Deletes runs; a toast offers to undo it. */
export async function remove(ids: string[]): Promise<void> {
  const putBack = history.take(new Set(ids));
  try {
    await host().call("delete_runs", { ids });
  } catch (reason) {
    putBack();
    complain(reason);
    return;
  }
  history.ticked.clear();
  gallery.ticked.clear();
  if (shelf.gallery) await shelf.load("here");
  else void shelf.around();
  const text = ids.length === 1 ? "Run deleted." : `${ids.length} runs deleted.`;
  toast(text, { action: { label: "Undo", run: () => void restore(ids) } });
}

async function restore(ids: string[]): Promise<void> {
  try {
    await host().call("restore_runs", { ids });
    await shelf.load("here");
    if (ids.length === 1 && !shelf.gallery) history.openId = ids[0];
  } catch (reason) {
    complain(reason);
  }
}

/** Asks where to, exports, and says what was written. */
export async function exportRuns(ids: string[], form: ExportForm): Promise<void> {
  try {
    const path = await (form === "zip"
      ? host().saveFile("Export as a zip file", `limerick-${today()}.zip`, ["zip"])
      : host().pickFolder("Export into a new folder in"));
    if (path !== null) toast(written(await host().call("export_runs", { ids, path, form })));
  } catch (reason) {
    complain(reason);
  }
}

function today(now = new Date()): string {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** What an export has written, and what was no longer there. */
export function written({ path, runs, files, missing }: Exported): string {
  const what = `${counted(runs, "run")} and ${counted(files, "file")} written to ${path}.`;
  return missing === 0 ? what : `${what} ${counted(missing, "file")} could no longer be found.`;
}
