// What is known of a take, in words: the voice, the model, who answered, how long it took.
import { connections } from "../../connections/connections.svelte";
import { dollars, duration } from "../../shared/figures";
import type { Take } from "./take.svelte";
import { voiceName, voices } from "./voices.svelte";

/** The voice of a take as a person knows it; the model's name where it names none. */
export function voicesOf(take: Take): string {
  const [first] = take.cells;
  if (!first) return "";
  if (!take.voice) return modelOf(take);
  const connection = connections.list.find(({ id }) => id === first.sent.connection) ?? connections.current;
  return voiceName(voices.of(connection, stored(take)?.input.model || first.input.model), take.voice);
}

/** The facts, in their order; only those that are known. */
export function factsOf(take: Take): string[] {
  const runs = take.cells.map(({ run }) => run);
  const done = runs.filter(({ phase }) => phase === "done");
  const total = done.reduce((sum, { figures }) => sum + (figures.total_ms ?? 0), 0);
  const costs = runs.flatMap(({ figures }) => figures.cost_usd ?? []);
  const run = stored(take);
  return [
    progress(take),
    take.voice ? voicesOf(take) : "",
    modelOf(take),
    run?.provider ?? run?.connection_name ?? "",
    total > 0 ? `made in ${duration(total)}` : "",
    costs.length > 0 ? dollars(costs.reduce((sum, cost) => sum + cost, 0)) : "",
  ].filter(Boolean);
}

/** "2 of 4 parts"; empty for a single one. */
function progress({ cells }: Take): string {
  if (cells.length === 1) return "";
  const count = (phase: string) => cells.filter(({ run }) => run.phase === phase).length;
  const failed = count("failed");
  return `${count("done")} of ${cells.length} parts${failed > 0 ? `, ${failed} failed` : ""}`;
}

function modelOf(take: Take): string {
  const model = stored(take)?.model || take.cells[0]?.input.model || "";
  return model.split("/").at(-1) ?? "";
}

function stored(take: Take) {
  return take.stored.get(take.cells[0]?.run.id ?? "");
}
