// Where a run stands, in words: the quiet line before the first token.
import type { Status } from "../bindings";

const seconds = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat();
const percent = new Intl.NumberFormat(undefined, { style: "percent" });

/** The line for a status that came `since` milliseconds ago, in a run of `elapsed` milliseconds that waits for `what`. */
export function statusWords(
  status: Status | undefined,
  since: number,
  elapsed: number,
  what = "the first token",
): string {
  const clock = `${seconds.format(elapsed / 1000)} s`;
  if (!status) return `Waiting for ${what}… ${clock}`;
  switch (status.state) {
    case "queued":
      return status.position === undefined
        ? `Waiting for its turn… ${clock}`
        : `${whole.format(status.position)} before it… ${clock}`;
    case "loading":
      return status.fraction === undefined
        ? `Loading the model… ${clock}`
        : `Loading the model, ${percent.format(status.fraction)}… ${clock}`;
    case "reading":
      return `Reading the prompt, ${whole.format(status.tokens)} of ${whole.format(status.total)} tokens…`;
    case "sent":
      return `${status.provider ? `Asked ${status.provider}, waiting` : "Waiting"} for ${what}… ${clock}`;
    case "step":
      return `Step ${whole.format(status.step)} of ${whole.format(status.total)}, ${clock}`;
    case "retrying": {
      const left = Math.max(0, Math.ceil(status.after - since / 1000));
      return `${status.reason} Trying again in ${whole.format(left)} s (try ${whole.format(status.attempt)}).`;
    }
    case "note":
      return status.text;
  }
}

/** The done part of a status, 0 to 1, where it is known. */
export function statusFraction(status: Status | undefined): number | undefined {
  if (status?.state === "loading") return status.fraction;
  if (status?.state === "reading") return status.total > 0 ? status.tokens / status.total : undefined;
  return status?.state === "step" ? status.step / Math.max(1, status.total) : undefined;
}
