// Words about tables and their rows.
import type { RowState, Table } from "../bindings";
import { counted } from "../history/words";

/** A row's state as people say it. */
export const ROW_STATES: Record<RowState, string> = {
  waiting: "Waiting",
  running: "Under way",
  done: "Done",
  failed: "Failed",
};

const whole = new Intl.NumberFormat();

/** "312 of 500". */
export function progressOf({ rows, done, failed }: Table): string {
  return `${whole.format(done + failed)} of ${whole.format(rows)}`;
}

/** How a table stands, in one short sentence. */
export function standing(table: Table): string {
  const { rows, done, failed, running } = table;
  const wrong = failed > 0 ? `, ${whole.format(failed)} failed` : "";
  if (running) return `${progressOf(table)}${wrong}`;
  if (done + failed === 0) return "Not started";
  if (done + failed < rows) return `Stopped at ${progressOf(table)}${wrong}`;
  return `${counted(done, "row")} done${wrong}`;
}

/** What is asked of each row, in one line: the question or the labels. */
export function askedOf({ input }: Table): string {
  if (input.task === "chat_completion") {
    const content = input.messages.findLast(({ role }) => role === "user")?.content ?? "";
    return typeof content === "string" ? content : "";
  }
  if ("candidate_labels" in input) return input.candidate_labels.join(", ");
  if ("question" in input) return input.question;
  return "";
}

/** What of its source is no row, where something is. */
export function leftOut({ left_out, pictures, fields }: Table): string {
  const what = pictures && fields.length === 0 ? "file" : "line";
  return `${counted(left_out, what)} of its source ${left_out === 1 ? "was" : "were"} left out.`;
}
