// What the Speech tab asks with: the text, the voice, the parameters, and where a run would go.
import type { Voice } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { answererOf, builtinLacks, modelFor } from "../../models/answering";
import { models } from "../../models/models.svelte";
import { Presets } from "../../parameters/presets.svelte";
import { drawSeed, jsonProblem } from "../../parameters/request";
import { familyOf } from "./families";
import type { Asked } from "./request";
import type { Destination, Values } from "./specs";
import { voices } from "./voices.svelte";

/** The task of this tab. */
export const TASK = "text_to_speech" as const;

class Speech {
  text = $state("");
  /** The parameters; missing ones are default. */
  values = $state<Values>({});
  /** The seed of the last run, where it had one. */
  lastSeed = $state<number | undefined>();
  readonly presets = new Presets("speechPresets");
  /** The voice that was used last, by connection and model. */
  #voices = $state<Record<string, string>>({});

  /** Takes up what was left at the last exit. */
  recall(): void {
    this.text = recall("speechText", this.text);
    this.values = recall("speechParameters", this.values);
    this.#voices = recall("speechVoices", this.#voices);
    this.presets.start();
    keep("speechText", () => this.text);
    keep("speechParameters", () => this.values);
    keep("speechVoices", () => this.#voices);
  }

  /** The model that would answer, by its id. */
  get model(): string {
    return modelFor(TASK);
  }

  /** The voice that would speak, as the model calls it; empty for the model's own. */
  get voice(): string {
    return this.voiceOf(connections.current.id, this.model);
  }

  set voice(id: string) {
    this.#voices[`${connections.current.id} ${this.model}`] = id;
  }

  /** The voice that a model spoke with last; empty for its own. */
  voiceOf(connection: string, model: string): string {
    return this.#voices[`${connection} ${model}`] ?? "";
  }

  /** The voices to pick from. */
  get voices(): Voice[] {
    return voices.of(connections.current, this.model);
  }

  /** Where a run would go now. */
  get destination(): Destination {
    const { model } = this;
    return { kind: connections.current.kind, family: familyOf(model), ...answererOf(TASK, model) };
  }

  /** The built-in connection has no voice. */
  get cannotSpeak(): boolean {
    return builtinLacks(TASK);
  }

  /** What keeps a run from starting, one sentence; empty when nothing does. */
  get obstacle(): string {
    if (this.cannotSpeak)
      return "No built-in voice is here yet. Get one in Settings, or choose a connection.";
    if (connections.current.kind === "hugging_face" && !models.chosen(TASK).model)
      return "Pick a model first.";
    return jsonProblem(this.values.extra) ? "Repair the extra JSON first." : "";
  }

  /** There is nothing to say yet. */
  get idle(): boolean {
    return this.text.trim() === "";
  }

  /** What is asked for now. A seed that is free is drawn anew. */
  ask(): Asked {
    if (this.values.seed !== undefined && this.values.seed_locked === false) this.values.seed = drawSeed();
    const values = $state.snapshot(this.values);
    return { model: models.chosen(TASK).model, text: this.text.trim(), voice: this.voice, values };
  }
}

/** What the Speech tab asks with. */
export const speech = new Speech();
