// What is known of a batch, in words: who painted, how long it took, what it cost, with which seed.
import { dollars, duration } from "../../shared/figures";
import type { Batch } from "./batch.svelte";

/** The facts, in their order; only those that are known. */
export function factsOf(batch: Batch): string[] {
  const { cells, stored } = batch;
  const known = cells.flatMap(({ run }) => stored.get(run.id) ?? []);
  const model = one(known.map((run) => run.model));
  const who = one(known.map((run) => run.provider ?? run.connection_name));
  const times = cells.flatMap(({ run }) => (run.phase === "done" ? (run.figures.total_ms ?? []) : []));
  const costs = cells.flatMap(({ run }) => run.figures.cost_usd ?? []);
  const seeds = cells.flatMap(({ run, input }) => seedOf(run.output, input) ?? []);
  const total = times.reduce((sum, ms) => sum + ms, 0);
  return [
    progress(batch),
    model.split("/").at(-1) ?? "",
    who,
    times.length > 0 ? `${duration(total / times.length)}${times.length > 1 ? " each" : ""}` : "",
    costs.length > 0 ? dollars(costs.reduce((sum, cost) => sum + cost, 0)) : "",
    seeds.length === 1 && cells.length === 1 ? `seed ${seeds[0]}` : "",
  ].filter(Boolean);
}

/** "2 of 4 done, 1 failed"; empty for a single picture. */
function progress({ cells }: Batch): string {
  if (cells.length === 1) return "";
  const count = (phase: string) => cells.filter(({ run }) => run.phase === phase).length;
  const failed = count("failed");
  return `${count("done")} of ${cells.length} done${failed > 0 ? `, ${failed} failed` : ""}`;
}

function seedOf(output: unknown, input: unknown): number | undefined {
  for (const place of [output, input, (input as { extra_body?: unknown }).extra_body]) {
    const seed = typeof place === "object" && place !== null && "seed" in place ? place.seed : undefined;
    if (typeof seed === "number") return seed;
  }
  return undefined;
}

/** What all have in common; empty when they differ. */
function one(words: string[]): string {
  return new Set(words).size === 1 ? (words[0] ?? "") : "";
}
