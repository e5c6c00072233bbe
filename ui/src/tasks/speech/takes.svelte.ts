// What the Speech tab shows: the takes, newest first, the one that is open, and two that are compared.
import type { Run as Stored } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { host } from "../../host/host";
import { models } from "../../models/models.svelte";
import { asFailure } from "../../runs/failure";
import { freshId } from "../../runs/id";
import { isSpeaking, type SpeakingTask } from "../../runs/output";
import { announce } from "../../shared/announce.svelte";
import { toast } from "../../shared/toasts.svelte";
import { player } from "../../sound/player.svelte";
import { hearing } from "./hearing.svelte";
import { lastVoice } from "./lastVoice.svelte";
import { askedBy, inputOf } from "./request";
import { speech, TASK } from "./speech.svelte";
import { type Part, Take } from "./take.svelte";

/** As many runs are read for the list. */
const MOST = 60;
/** As many orders are remembered, the newest. */
const ORDERS = 60;

class Takes {
  /** Newest first. */
  list = $state.raw<Take[]>([]);
  open = $state.raw<Take | undefined>();
  /** The two that are compared; the first alone waits for the second. */
  pair = $state.raw<Take[]>([]);
  /** The takes that are kept were asked for once. */
  loaded = $state(false);
  /** A text is being split, or has just been sent: it is not sent twice. */
  sending = $state(false);
  #openId = $state("");
  /** The parts of long takes in their order: a part that was asked for again is younger than the next one. */
  #orders = $state<Record<string, string[]>>({});

  /** Takes up what was left at the last exit; the takes themselves are read when the tab is opened. */
  start(): void {
    speech.recall();
    lastVoice.recall();
    this.#openId = recall("speechOpen", this.#openId);
    this.#orders = recall("speechParts", this.#orders);
    keep("speechOpen", () => this.#openId);
    keep("speechParts", () => this.#orders);
    hearing.start();
  }

  /** Reads the takes as History has them; those that this page knows stay what they are. */
  async load(): Promise<void> {
    const page = await host()
      .call("runs", { task: TASK, query: "", limit: MOST })
      .catch(() => undefined);
    const runs = await Promise.all((page?.runs ?? []).map(({ id }) => this.#stored(id)));
    this.loaded = true;
    if (!page) return;
    const batches = new Map<string, Stored[]>();
    for (const run of runs) if (run?.batch) batches.set(run.batch, [...(batches.get(run.batch) ?? []), run]);
    // One that has just been asked for may not be stored yet.
    const begun = this.list.filter((take) => take.running && !batches.has(take.id));
    const before = this.list;
    this.list = [...begun, ...[...batches].map(([id, found]) => this.#take(id, found))];
    this.pair = this.pair.filter((take) => this.list.includes(take));
    // One that is no take of the list was opened from History, and stays.
    const gone = this.open !== undefined && before.includes(this.open);
    this.open = this.list.find((take) => take.id === this.#openId) ?? (gone ? undefined : this.open);
  }

  /** Says what the tab holds, after what the queue holds. A text that is too long for one call is split. */
  async send(): Promise<void> {
    if (speech.idle || speech.obstacle || this.sending) return;
    const asked = speech.ask();
    const to = speech.destination;
    const { provider } = models.chosen(TASK);
    const sent = { connection: connections.current.id, ...(provider ? { provider } : {}) };
    this.sending = true;
    try {
      const texts = await this.split(asked.text, to.family.seconds);
      const inputs = texts.map((text) => inputOf({ ...asked, text }, to));
      speech.lastSeed = asked.values.seed;
      const { model, extra_body = {} } = inputs[0] ?? inputOf(asked, to);
      lastVoice.current = { ...sent, model, extra_body };
      this.#begin(inputs, sent);
    } catch (reason) {
      toast(asFailure(reason).message);
    } finally {
      this.sending = false;
    }
  }

  /** Says the same once more; what is kept of it does not count. */
  repeat(take: Take): void {
    const [first] = take.cells;
    const inputs = take.cells.map(({ input }) => input);
    if (first) this.#begin(inputs, { ...first.sent, anew: true });
  }

  /** Stops a take that is under way, and the sound of it. */
  async stop(take: Take): Promise<void> {
    if (player.playing && player.holds(take.runs)) player.pause();
    await take.stop();
  }

  /** Asks anew for what the history or the server had already. */
  again(take: Take): void {
    const had = take.cells.filter(({ run }) => run.figures.cached);
    take.retry(had, ({ sent }) => ({ ...sent, anew: true }));
    this.#remember(take);
  }

  /** Asks once more for parts that failed; another provider that was picked meanwhile for the same model is asked. */
  retry(take: Take, parts: Part[]): void {
    take.retry(parts, ({ sent, input }) => {
      const { model, provider } = models.pick(sent.connection, input.task);
      const other = model === input.model && provider !== sent.provider;
      return other ? { connection: sent.connection, ...(provider ? { provider } : {}) } : sent;
    });
    this.#remember(take);
  }

  /** Shows a take. */
  show(take: Take | undefined): void {
    this.open = take;
    this.#openId = take?.id ?? "";
  }

  /** Shows the take of a run that is kept; one without a take of its own is shown alone. */
  async openRun(run: string): Promise<void> {
    const stored = await this.#stored(run);
    if (!stored) return;
    const known = this.list.find((take) => take.id === stored.batch);
    this.show(known ?? this.#take(stored.batch ?? stored.id, [stored]));
  }

  /** Takes over what a take was made with: its words, or its voice with all its settings. */
  use(take: Take, what: "text" | "voice"): void {
    const [first] = take.cells;
    if (!first) return;
    const { model, voice, values } = askedBy(first.input);
    if (what === "text") {
      speech.text = take.text;
      return;
    }
    const { connection, provider } = first.sent;
    if (connections.list.some((each) => each.id === connection)) {
      connections.use(connection);
      models.pickModel(connection, TASK, model);
      models.pickProvider(connection, TASK, provider);
    }
    speech.voice = voice;
    speech.values = values;
  }

  /** Chooses a take to be compared, or no longer. */
  mark(take: Take): void {
    if (this.pair.includes(take)) this.pair = this.pair.filter((each) => each !== take);
    else this.pair = [...this.pair.slice(-1), take];
  }

  /** Deletes a take; a toast offers to undo it. */
  async remove(take: Take): Promise<void> {
    const ids = take.runs;
    if (player.holds(ids)) player.stop();
    const before = { list: this.list, open: this.open, pair: this.pair };
    this.list = this.list.filter((each) => each !== take);
    this.pair = this.pair.filter((each) => each !== take);
    if (this.open === take) this.show(undefined);
    try {
      await host().call("delete_runs", { ids });
      toast("Take deleted.", { action: { label: "Undo", run: () => void this.#restore(take, ids) } });
    } catch (reason) {
      Object.assign(this, before);
      toast(asFailure(reason).message);
    }
  }

  /** An empty stage; what runs goes on. */
  fresh(): void {
    this.show(undefined);
    speech.text = "";
  }

  #begin(inputs: SpeakingTask[], sent: Part["sent"]): void {
    const take = this.make(inputs, sent);
    hearing.add(take);
    this.show(take);
    announce(inputs.length === 1 ? "A voice is asked for." : `${inputs.length} parts are asked for.`);
  }

  #remember({ id, runs }: Take): void {
    if (runs.length < 2) return;
    const others = Object.entries(this.#orders).filter(([known]) => known !== id);
    this.#orders = Object.fromEntries([...others.slice(1 - ORDERS), [id, runs]]);
  }

  /** Starts a new take, at the head of the list; it is not heard by itself. */
  make(inputs: SpeakingTask[], sent: Part["sent"], heard?: (take: Take) => void): Take {
    const tell = (each: Take) => {
      hearing.heard(each);
      heard?.(each);
    };
    const take = new Take(freshId(), { heard: tell });
    take.start(inputs, sent);
    this.#remember(take);
    this.list = [take, ...this.list];
    return take;
  }

  /** A text in parts that last so many seconds at most; whole, where there is no such bound. */
  async split(text: string, seconds: number | undefined): Promise<string[]> {
    if (seconds === undefined) return [text];
    const takes = await host().call("takes", { text, seconds });
    return takes.length > 0 ? takes : [text];
  }

  async #restore(take: Take, ids: string[]): Promise<void> {
    try {
      await host().call("restore_runs", { ids });
      await this.load();
      this.show(this.list.find((each) => each.id === take.id));
    } catch (reason) {
      toast(asFailure(reason).message);
    }
  }

  #stored(id: string): Promise<Stored | undefined> {
    return host()
      .call("run", { id })
      .catch(() => undefined);
  }

  #take(id: string, runs: Stored[]): Take {
    const known = this.list.find((take) => take.id === id);
    if (known) return known;
    const order = this.#orders[id];
    const place = (run: Stored) => order?.indexOf(run.id) ?? 0;
    const parts = runs
      .filter((run) => isSpeaking(run.input) && place(run) >= 0)
      .sort((a, b) => place(a) - place(b) || a.created_at - b.created_at);
    const take = new Take(id, { heard: (each) => hearing.heard(each) });
    take.marks = parts[0]?.marks ?? take.marks;
    take.take(parts);
    return take;
  }
}

/** What the Speech tab shows. */
export const takes = new Takes();
