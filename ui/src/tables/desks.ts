// Who works with tables: Vision's Folder and Classify's Batch.
import type { Table } from "../bindings";
import { Desk } from "./desk.svelte";

const SEEING = ["chat_completion", "text_generation", "image_text_to_text", "image_to_text"];

/** Whether a task asks about pictures in words; all others give labels. */
export function isSeeing(task: string): boolean {
  return SEEING.includes(task) || task === "visual_question_answering";
}

/** Vision's tables. */
export const folder = new Desk("folder", (table) => isSeeing(table.task));
/** Classify's tables. */
export const batch = new Desk("batch", (table) => !isSeeing(table.task));

/** The desk that a table lies on. */
export function deskOf(table: Table): Desk {
  return isSeeing(table.task) ? folder : batch;
}
