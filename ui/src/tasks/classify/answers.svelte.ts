// What the Classify tab shows: the last answer of each kind, under way or ended, across restarts.
import type { StartRun, Run as Stored } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { layout } from "../../frame/layout.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { host } from "../../host/host";
import { models } from "../../models/models.svelte";
import { type ClassifyingTask, isClassifying } from "../../runs/output";
import { Run } from "../../runs/run.svelte";
import { announce } from "../../shared/announce.svelte";
import { classify } from "./classify.svelte";
import { KINDS, type Kind } from "./kinds";
import { askedBy, inputOf } from "./request";
import { spoken } from "./spoken";

/** One thing that was asked, and what comes of it. */
export interface Answer {
  run: Run;
  input: ClassifyingTask;
  /** How it was sent, to send it again. */
  sent: Pick<StartRun, "connection" | "provider">;
}

class Answers {
  #shown = $state.raw<Partial<Record<Kind, Answer>>>({});
  #ids = $state<Partial<Record<Kind, string>>>({});
  /** What is stored of the runs that are shown: which model and provider answered. */
  #stored = $state.raw<Partial<Record<string, Stored>>>({});

  /** Takes up what was left at the last exit; a run under way is followed. */
  async start(): Promise<void> {
    classify.recall();
    this.#ids = recall("classifyRuns", this.#ids);
    keep("classifyRuns", () => this.#ids);
    void classify.checkPicture();
    await Promise.all(KINDS.map(({ id }) => this.#take(this.#ids[id])));
  }

  /** What the open kind shows. */
  get current(): Answer | undefined {
    return this.#shown[classify.kind];
  }

  /** What is stored of an answer, once it is known. */
  storedOf({ run }: Answer): Stored | undefined {
    return this.#stored[run.id];
  }

  /** Whether the open kind's answer is under way. */
  get running(): boolean {
    return this.current !== undefined && !this.current.run.ended;
  }

  /** Asks what the tab holds. */
  send(): void {
    if (this.running || classify.idle || classify.obstacle) return;
    const asked = classify.ask();
    const { provider } = models.chosen(asked.kind);
    const sent = { connection: connections.current.id, ...(provider ? { provider } : {}) };
    this.#begin(inputOf(asked, classify.destination), sent);
  }

  /** Asks the same once more, whatever is kept; another provider that was picked meanwhile is asked. */
  again(): void {
    const { current } = this;
    if (!current || this.running) return;
    const { input, sent } = current;
    const pick = models.pick(sent.connection, input.task);
    const other = pick.model === input.model && pick.provider !== undefined;
    this.#begin(input, other ? { ...sent, provider: pick.provider } : sent, true);
  }

  /** Empties the open kind. */
  fresh(): void {
    if (this.running) return;
    const { kind } = classify;
    this.#put(kind, undefined);
    if (classify.row.takes === "text") classify.text = "";
    else classify.picture = undefined;
  }

  /** Shows a run of any kind, as it is kept; the tab holds what it was asked with. */
  open(run: Stored): void {
    const answer = this.#of(run);
    if (!answer) return;
    classify.use(askedBy(answer.input));
    this.#put(answer.input.task, answer);
  }

  #begin(input: ClassifyingTask, sent: Answer["sent"], anew = false): void {
    const request = { ...sent, input, ...(anew ? { anew } : {}) };
    const run = Run.start(request, this.#listeners());
    this.#put(input.task, { run, input, sent });
  }

  async #take(id: string | undefined): Promise<void> {
    const stored = id
      ? await host()
          .call("run", { id })
          .catch(() => undefined)
      : undefined;
    const answer = stored && this.#of(stored);
    // The person may have asked for something meanwhile.
    if (answer && !this.#shown[answer.input.task]) this.#put(answer.input.task, answer);
  }

  #of(stored: Stored): Answer | undefined {
    const { input, connection, provider } = stored;
    if (!isClassifying(input)) return undefined;
    this.#stored = { ...this.#stored, [stored.id]: stored };
    const sent = { connection, ...(provider ? { provider } : {}) };
    return { run: Run.of(stored, this.#listeners()), input, sent };
  }

  #put(kind: Kind, answer: Answer | undefined): void {
    this.#shown = { ...this.#shown, [kind]: answer };
    this.#ids = { ...this.#ids, [kind]: answer?.run.id };
    const shown = Object.values(this.#ids);
    this.#stored = Object.fromEntries(Object.entries(this.#stored).filter(([id]) => shown.includes(id)));
  }

  #listeners() {
    return { place: ({ id }: Run) => void this.#read(id), end: (run: Run) => this.#ended(run) };
  }

  #ended(run: Run): void {
    if (run.phase === "done" && run.output) announce(spoken(run.output));
    void this.#read(run.id);
  }

  async #read(id: string): Promise<void> {
    const stored = await host()
      .call("run", { id })
      .catch(() => undefined);
    if (stored) this.#stored = { ...this.#stored, [id]: stored };
  }
}

/** What the Classify tab shows. */
export const answers = new Answers();

/** Opens a run of History in the Classify tab. */
export function openClassified(run: Stored): void {
  layout.open("classify");
  answers.open(run);
}
