// Which models each connection offers, and which one the person picked. Lists are asked for once and kept.
import { untrack } from "svelte";
import type { BuiltinModel, Connection, Error as Failure, ModelRow } from "../bindings";
import { connections } from "../connections/connections.svelte";
import { keep, recall } from "../frame/remembered.svelte";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { type Index, indexed } from "./search";

/** What is known of one list. */
export interface Catalogue {
  state: "loading" | "ready" | "failed";
  /** What it was asked of: a new key or address makes it stale. */
  of?: string;
  index: Index;
  error?: Failure | undefined;
}

/** What the person picked at one connection; an empty model leaves the choice to the connection. */
export interface Pick {
  model: string;
  provider?: string | undefined;
}

const NOTHING: Catalogue = { state: "loading", index: { rows: [], words: [] } };
const NO_PICK: Pick = { model: "" };

class Models {
  /** The built-in models, with their sizes. */
  builtin = $state.raw<BuiltinModel[]>([]);
  #catalogues = $state.raw<Record<string, Catalogue>>({});
  #picks = $state<Record<string, Pick>>({});

  /** Takes up the last picks. */
  start(): void {
    this.#picks = recall("models", this.#picks);
    keep("models", () => this.#picks);
  }

  /** What is known of the models of a connection for a task. */
  catalogue(connection: string, task: string): Catalogue {
    return this.#catalogues[`${connection} ${task}`] ?? NOTHING;
  }

  /** Asks for a connection's models unless they are here and fresh; `refresh` asks again. */
  async load(
    { id: connection, kind, url, space, has_key }: Connection,
    task: string,
    refresh = false,
  ): Promise<void> {
    const key = `${connection} ${task}`;
    const known = untrack(() => this.#catalogues[key]) ?? NOTHING;
    const of = `${url ?? space ?? ""} ${has_key}`;
    // The built-in list is cheap and changes whenever a model is fetched.
    const fresh = known.of === of && known.state !== "failed" && kind !== "builtin";
    if (fresh && !refresh) return;
    const index = known.of === of ? known.index : NOTHING.index;
    this.#put(key, { state: known.of === of && !refresh ? known.state : "loading", of, index });
    try {
      if (kind === "builtin") this.builtin = await host().call("builtin_models", {});
      const rows = await host().call("models", { connection, task, refresh });
      this.#put(key, { state: "ready", of, index: indexed(rows) });
    } catch (reason) {
      this.#put(key, { state: "failed", of, index, error: asFailure(reason) });
    }
  }

  /** What the person picked for a connection and a task. */
  pick(connection: string, task: string): Pick {
    return this.#picks[`${connection} ${task}`] ?? NO_PICK;
  }

  /** Picks a model; its provider goes back to the connection's own choice. */
  pickModel(connection: string, task: string, model: string): void {
    this.#picks[`${connection} ${task}`] = { model };
  }

  /** Picks a provider for the picked model. */
  pickProvider(connection: string, task: string, provider: string | undefined): void {
    const { model } = this.pick(connection, task);
    this.#picks[`${connection} ${task}`] = { model, provider };
  }

  /** The picked model's row, where its list is here. */
  row(connection: string, task: string): ModelRow | undefined {
    const { model } = this.pick(connection, task);
    return this.catalogue(connection, task).index.rows.find((row) => row.id === model);
  }

  /** What a run at the used connection is to name: model and provider. */
  chosen(task: string): Pick {
    const connection = connections.current;
    const pick = this.pick(connection.id, task);
    return connection.kind === "hugging_face" ? pick : { model: pick.model };
  }

  #put(key: string, catalogue: Catalogue): void {
    this.#catalogues = { ...untrack(() => this.#catalogues), [key]: catalogue };
  }
}

/** The models. */
export const models = new Models();
