// Opens the Classify tab's state on the scripted host, for its tests.
import { vi } from "vitest";
import type { StartRun } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { type Fake, makeFake } from "../../host/fake";
import { setHost } from "../../host/host";
import { models } from "../../models/models.svelte";
import { settings } from "../../settings/settings.svelte";
import { answers } from "./answers.svelte";
import { classify } from "./classify.svelte";
import { KINDS, type Kind } from "./kinds";

/** jsdom has none. */
class Still {
  observe() {}
  unobserve() {}
  disconnect() {}
}

/** A fresh host, with the built-in models in use and nothing asked yet. */
export async function openLabels(): Promise<Fake> {
  vi.stubGlobal("ResizeObserver", Still);
  const fake = makeFake({ pace: 0, models: 10, pictures: 6 });
  setHost(fake);
  await settings.load();
  await connections.load();
  for (const connection of connections.list)
    for (const { id } of KINDS) await models.load(connection, id, true);
  for (const { id } of KINDS) {
    classify.kind = id;
    classify.all[id] = {};
    answers.fresh();
  }
  Object.assign(classify, { mode: "one", text: "", picture: undefined, most: 5 });
  use("text_classification", "builtin");
  return fake;
}

/** Takes a kind at a connection that has a model for it. */
export function use(kind: Kind, connection = "hf"): void {
  connections.use(connection);
  if (connection === "hf") models.pickModel("hf", kind, `acme/${kind}`);
  classify.kind = kind;
}

/** The runs that were started, in order. */
export function startedAt(fake: Fake): StartRun[] {
  return fake.calls.filter(({ name }) => name === "start_run").map(({ args }) => args as StartRun);
}
