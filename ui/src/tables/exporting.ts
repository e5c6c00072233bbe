// Exports a table: asks where to, writes, and says what was written.

import type { TableFile } from "../bindings";
import { counted } from "../history/words";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { toast } from "../shared/toasts.svelte";
import type { OpenTable } from "./open.svelte";

/** Exports into a file that the person names. */
export async function exportFile(table: OpenTable, form: "csv" | "jsonl"): Promise<void> {
  try {
    const name = `${table.table.title.replace(/[\\/:*?"<>|]/g, " ").trim() || "table"}.${form}`;
    const path = await host().saveFile(`Export as ${form.toUpperCase()}`, name, [form]);
    if (path === null) return;
    const { rows } = await table.export(form, { path });
    toast(`${counted(rows, "row")} written to ${path}.`);
  } catch (reason) {
    toast(asFailure(reason).message);
  }
}

/** Writes a .txt beside each picture that has an answer. */
export async function exportBeside(table: OpenTable, replace: boolean): Promise<void> {
  try {
    toast(beside(await table.export("sidecar", { replace })));
  } catch (reason) {
    toast(asFailure(reason).message);
  }
}

/** What was written beside pictures, what was there already, and what could not be written. */
export function beside({ rows, kept, left_out }: TableFile): string {
  const there =
    kept > 0 ? ` ${counted(kept, "file")} that ${were(kept)} there already stay${one(kept)}.` : "";
  const gone = left_out > 0 ? ` ${counted(left_out, "picture")} ${were(left_out)} no longer there.` : "";
  return `${counted(rows, "file")} written beside the pictures.${there}${gone}`;
}

function were(count: number): string {
  return count === 1 ? "was" : "were";
}

function one(count: number): string {
  return count === 1 ? "s" : "";
}
