// A raw prompt and its continuation.
import type { StartRun } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { host } from "../../host/host";
import { models } from "../../models/models.svelte";
import { textParameters } from "../../parameters/request";
import { asFailure } from "../../runs/failure";
import { Run } from "../../runs/run.svelte";
import { toast } from "../../shared/toasts.svelte";
import { text } from "./text.svelte";

class Completion {
  prompt = $state("");
  /** The run whose continuation is shown. */
  run = $state.raw<Run | undefined>();
  /** The prompt of that run. */
  asked = $state("");
  /** The model that answers, once it is known. */
  model = $state("");
  #runId = $state("");

  /** Takes up the prompt and the last run. */
  async start(): Promise<void> {
    this.prompt = recall("completionPrompt", this.prompt);
    this.#runId = recall("completionRun", "");
    keep("completionPrompt", () => this.prompt);
    keep("completionRun", () => this.#runId);
    if (this.#runId) await this.open(this.#runId);
  }

  /** Whether a continuation is being written. */
  get running(): boolean {
    return this.run !== undefined && !this.run.ended;
  }

  /** Shows a run as it is kept; nothing when it is gone. */
  async open(id: string): Promise<void> {
    const stored = await host()
      .call("run", { id })
      .catch(() => undefined);
    if (!stored || this.running) return;
    this.#runId = id;
    this.model = stored.model;
    this.asked = stored.input.task === "text_generation" ? stored.input.prompt : "";
    this.run = Run.of(stored);
  }

  /** Has the prompt continued. */
  send(): void {
    if (this.running || this.prompt === "" || text.obstacle) return;
    text.drawSeed();
    const { model, provider } = models.chosen("text_generation");
    const parameters = textParameters(text.values, { ...text.destination, task: "text_generation" });
    const input = { task: "text_generation", model, prompt: this.prompt, ...parameters } as const;
    this.#start({ connection: connections.current.id, provider, input }, this.prompt);
  }

  /** Asks for what is shown once more, whatever is kept. */
  async again(): Promise<void> {
    if (!this.run || this.running) return;
    const { id } = this.run;
    const stored = await host()
      .call("run", { id })
      .catch((reason: unknown) => void toast(asFailure(reason).message));
    if (!stored || this.running || this.run?.id !== id) return;
    const { connection, provider, input } = stored;
    this.#start({ connection, provider, input, anew: true }, this.asked);
  }

  /** Takes the continuation into the prompt and goes on from there. */
  goOn(): void {
    if (!this.run || this.running) return;
    this.prompt = this.whole;
    this.send();
  }

  /** What the model wrote after the prompt: some answer with the prompt before it. */
  get written(): string {
    const all = this.run?.text ?? "";
    return this.asked !== "" && all.startsWith(this.asked) ? all.slice(this.asked.length) : all;
  }

  /** The prompt with its continuation. */
  get whole(): string {
    return this.asked + this.written;
  }

  /** An empty prompt. */
  fresh(): void {
    if (this.running) return;
    this.prompt = "";
    this.run = undefined;
    this.#runId = "";
  }

  #start(request: Omit<StartRun, "id">, prompt: string): void {
    const run = Run.start(request, { place: ({ id }) => void this.#learnModel(id) });
    this.run = run;
    this.#runId = run.id;
    this.model = "";
    this.asked = prompt;
  }

  async #learnModel(id: string): Promise<void> {
    const stored = await host()
      .call("run", { id })
      .catch(() => undefined);
    if (stored && this.run?.id === id) this.model = stored.model;
  }
}

/** The completion. */
export const completion = new Completion();
