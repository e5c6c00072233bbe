// History as the window sees it: a page of runs at a time, a search, a selection. Rust holds the runs.
import type { Error as Failure, RunState, RunSummary } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { toast } from "../shared/toasts.svelte";

/** Runs fetched at a time. */
const PAGE = 60;
/** Typing rests this long before it searches, in milliseconds. */
const PAUSE = 180;

class History {
  query = $state("");
  /** Only this task; empty for all. */
  task = $state("");
  /** Only this state; empty for all. */
  state = $state<RunState | "">("");
  runs = $state.raw<RunSummary[]>([]);
  /** All runs that match. */
  total = $state(0);
  /** What is being fetched: the list anew, or its next page. */
  loading = $state<"list" | "more" | undefined>();
  failure = $state.raw<Failure | undefined>();
  /** The list has come at least once. */
  known = $state(false);
  /** The run that is shown beside the list. */
  openId = $state<string | undefined>();
  /** Ids of the runs that are ticked. */
  ticked = $state.raw<ReadonlySet<string>>(new Set());
  /** The words that the list answers. */
  answered = $state("");
  #next: string | undefined;
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Whether a search or a filter narrows the list. */
  get narrowed(): boolean {
    return this.answered !== "" || this.task !== "" || this.state !== "";
  }

  /** Searches when the typing rests. */
  search(query: string): void {
    this.query = query;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.load(), PAUSE);
  }

  /** Takes every filter away. */
  clear(): void {
    this.query = this.task = this.state = "";
    void this.load();
  }

  /** Fetches the list anew; what is there stays until it has come. */
  async load(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#fetch("list");
  }

  /** Fetches the next page, if there is one. */
  async more(): Promise<void> {
    if (this.#next !== undefined && this.loading === undefined) await this.#fetch("more");
  }

  async #fetch(what: "list" | "more"): Promise<void> {
    const mine = ++this.#asked;
    this.loading = what;
    try {
      const page = await host().call("runs", {
        query: this.query.trim(),
        limit: PAGE,
        ...(this.task && { task: this.task }),
        ...(this.state && { state: this.state }),
        ...(what === "more" && { cursor: this.#next }),
      });
      if (mine !== this.#asked) return;
      this.runs = what === "more" ? [...this.runs, ...page.runs] : page.runs;
      this.total = page.total;
      this.#next = page.next;
      this.failure = undefined;
      this.answered = this.query.trim();
      this.known = true;
      if (what === "list") this.#keepTicked();
    } catch (reason) {
      if (mine === this.#asked) this.failure = asFailure(reason);
    } finally {
      if (mine === this.#asked) this.loading = undefined;
    }
  }

  /** A run that is no longer listed is no longer ticked. */
  #keepTicked(): void {
    const ids = new Set(this.runs.map((run) => run.id));
    this.ticked = new Set([...this.ticked].filter((id) => ids.has(id)));
  }

  /** Ticks a run, or takes the tick away. */
  tick(id: string, on = !this.ticked.has(id)): void {
    const ticked = new Set(this.ticked);
    if (on) ticked.add(id);
    else ticked.delete(id);
    this.ticked = ticked;
  }

  /** Ticks all that is listed. */
  tickAll(): void {
    this.ticked = new Set(this.runs.map((run) => run.id));
  }

  /** Takes all ticks away. */
  untick(): void {
    this.ticked = new Set();
  }

  /** Deletes runs; a toast offers to undo it. */
  async remove(ids: string[]): Promise<void> {
    const before = { runs: this.runs, total: this.total };
    this.#step(ids);
    this.runs = this.runs.filter((run) => !ids.includes(run.id));
    this.total -= ids.length;
    this.untick();
    try {
      await host().call("delete_runs", { ids });
    } catch (reason) {
      Object.assign(this, before);
      toast(asFailure(reason).message);
      return;
    }
    const text = ids.length === 1 ? "Run deleted." : `${ids.length} runs deleted.`;
    toast(text, { action: { label: "Undo", run: () => void this.#restore(ids) } });
  }

  /** When the open run goes, the one after it opens. */
  #step(ids: string[]): void {
    if (!this.openId || !ids.includes(this.openId)) return;
    const at = this.runs.findIndex((run) => run.id === this.openId);
    const stays = (run: RunSummary) => !ids.includes(run.id);
    this.openId = (
      this.runs.slice(at).find(stays) ?? this.runs.slice(0, Math.max(0, at)).findLast(stays)
    )?.id;
  }

  async #restore(ids: string[]): Promise<void> {
    try {
      await host().call("restore_runs", { ids });
      await this.load();
      if (ids.length === 1) this.openId = ids[0];
    } catch (reason) {
      toast(asFailure(reason).message);
    }
  }
}

/** The one History. */
export const history = new History();
