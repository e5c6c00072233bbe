// The connections as the UI knows them, and which one is used. Rust holds the truth; keys never come here.
import type { Connection } from "../bindings";
import { keep, recall } from "../frame/remembered.svelte";
import { host } from "../host/host";

/** What there is before the list has come. */
const BUILTIN: Connection = { id: "builtin", kind: "builtin", name: "Built-in", has_key: false };

class Connections {
  /** All connections, Built-in first. */
  list = $state<Connection[]>([BUILTIN]);
  /** The id of the one that is used. */
  currentId = $state("builtin");

  /** The one that is used; Built-in when it is gone. */
  get current(): Connection {
    return this.list.find((connection) => connection.id === this.currentId) ?? this.list[0] ?? BUILTIN;
  }

  /** Takes up the last choice. */
  start(): void {
    this.currentId = recall("connection", this.currentId);
    keep("connection", () => this.currentId);
  }

  /** Asks Rust for the list; call it after any change. */
  async load(): Promise<void> {
    this.list = await host().call("connections", {});
  }

  /** Uses this connection from now on. */
  use(id: string): void {
    this.currentId = id;
  }
}

/** The connections. */
export const connections = new Connections();
