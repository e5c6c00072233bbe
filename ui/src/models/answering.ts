// Who would answer a task now: which model, under whose name, and what has no effect there.
import { connections } from "../connections/connections.svelte";
import { models } from "./models.svelte";

/** The model that would answer, by its id; where the connection chooses, the first that it offers. */
export function modelFor(task: string): string {
  const { model } = models.chosen(task);
  const { rows } = models.catalogue(connections.current.id, task).index;
  return model || (rows.find((row) => row.ready)?.id ?? "");
}

/** Who answers for a model, and the names of parameters that have no effect there. */
export function answererOf(task: string, model: string): { name: string; ignored: string[] } {
  const { name, kind } = connections.current;
  const { provider } = models.chosen(task);
  const { rows } = models.catalogue(connections.current.id, task).index;
  const row = rows.find((each) => each.id === model);
  const offers = row?.providers.filter((each) => (provider ? each.name === provider : each.live)) ?? [];
  const [first, ...others] = offers;
  const all = first?.ignored.filter((key) => others.every((each) => each.ignored.includes(key))) ?? [];
  const who = kind === "hugging_face" ? (provider ?? first?.name ?? name) : name;
  return {
    name: others.length > 0 ? "Every provider of this model" : who,
    ignored: [...(row?.ignored ?? []), ...all],
  };
}

/** The built-in connection has no model that is ready for a task. */
export function builtinLacks(task: string): boolean {
  const { id, kind } = connections.current;
  const known = models.catalogue(id, task);
  return kind === "builtin" && known.state !== "loading" && !known.index.rows.some((row) => row.ready);
}
