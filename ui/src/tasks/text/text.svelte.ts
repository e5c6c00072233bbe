// What Chat and Completion share: which of them is open, the parameters, and where a run goes.
import { connections } from "../../connections/connections.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { models } from "../../models/models.svelte";
import { drawSeed, problem } from "../../parameters/request";
import type { Destination, TextTask, Values } from "../../parameters/specs";

/** The ways to talk to a text model. */
export type Mode = "chat" | "completion";

class Text {
  mode = $state<Mode>("chat");
  /** The parameters; missing ones are default. */
  values = $state<Values>({});
  /** The seed of the last run, where one was sent. */
  lastSeed = $state<number | undefined>();

  /** Takes up what was left at the last exit. */
  start(): void {
    this.mode = recall<Mode>("textMode", this.mode) === "completion" ? "completion" : "chat";
    this.values = recall("textParameters", this.values);
    keep("textMode", () => this.mode);
    keep("textParameters", () => this.values);
  }

  /** The task of the open mode. */
  get task(): TextTask {
    return this.mode === "chat" ? "chat_completion" : "text_generation";
  }

  /** Where a run would go now. */
  get destination(): Destination {
    const connection = connections.current;
    const { provider } = models.chosen(this.task);
    const row = models.row(connection.id, this.task)?.providers.find((each) => each.name === provider);
    return { task: this.task, kind: connection.kind, provider, structured: row?.structured_output };
  }

  /** Whether the person has to pick a model first. */
  get picks(): boolean {
    return connections.current.kind === "hugging_face" && !models.chosen(this.task).model;
  }

  /** What keeps a run from starting, one sentence; empty when nothing does. */
  get obstacle(): string {
    if (connections.current.kind === "space")
      return "Spaces make pictures: open Image, or choose another connection.";
    if (this.picks) return "Pick a model first.";
    return problem(this.values, this.destination);
  }

  /** Draws a new seed where the person wants one for each run, and remembers the one that is sent. */
  drawSeed(): void {
    if (this.values.seed !== undefined && this.values.seed_locked === false) this.values.seed = drawSeed();
    this.lastSeed = this.values.seed;
  }
}

/** The Text tab. */
export const text = new Text();
