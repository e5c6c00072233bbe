// History's list as the window sees it: a page of runs at a time, and which are ticked. Rust holds the runs.
import type { Error as Failure, RunSummary } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { filters } from "./filters.svelte";
import { Selection } from "./selection.svelte";

/** Runs fetched at a time. */
const PAGE = 60;

class History {
  runs = $state.raw<RunSummary[]>([]);
  /** All runs that match. */
  total = $state(0);
  /** What is being fetched: the list anew, or its next page. */
  loading = $state<"list" | "more" | undefined>();
  failure = $state.raw<Failure | undefined>();
  /** The list has come at least once. */
  known = $state(false);
  /** The run that is shown in full. */
  openId = $state<string | undefined>();
  readonly ticked = new Selection<RunSummary>();
  /** The words that the list answers letter by letter. */
  answered = $state("");
  #next: string | undefined;
  #asked = 0;

  /** Fetches the list anew; what is there stays until it has come. */
  async load(): Promise<void> {
    await this.#fetch("list");
  }

  /** Fetches the next page, if there is one. */
  async more(): Promise<void> {
    if (this.#next !== undefined && this.loading === undefined) await this.#fetch("more");
  }

  async #fetch(what: "list" | "more"): Promise<void> {
    const mine = ++this.#asked;
    const filter = filters.runs();
    this.loading = what;
    try {
      const cursor = what === "more" ? { cursor: this.#next } : {};
      const page = await host().call("runs", { ...filter, ...cursor, limit: PAGE });
      if (mine !== this.#asked) return;
      this.runs = what === "more" ? [...this.runs, ...page.runs] : page.runs;
      this.total = page.total;
      this.#next = page.next;
      this.failure = undefined;
      this.answered = filter.by_meaning ? "" : filter.query;
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
    this.ticked.retain((id) => ids.has(id));
  }

  /** Ticks a run, or takes the tick away. */
  tick(run: RunSummary | undefined, on?: boolean): void {
    if (run) this.ticked.toggle(run.id, run, on);
  }

  /** Ticks all that is listed. */
  tickAll(): void {
    this.ticked.add(this.runs.map((run) => [run.id, run]));
  }

  /** Shows at once what was changed in some runs. */
  patch(ids: ReadonlySet<string>, change: Partial<RunSummary>): void {
    const changed = (run: RunSummary) => (ids.has(run.id) ? { ...run, ...change } : run);
    this.runs = this.runs.map(changed);
    this.ticked.change(changed);
  }

  /** Takes runs off the list before Rust has; the return puts them back. */
  take(ids: ReadonlySet<string>): () => void {
    const { runs, total, openId } = this;
    if (openId !== undefined && ids.has(openId)) this.openId = this.#after(openId, ids);
    this.runs = runs.filter((run) => !ids.has(run.id));
    this.total = total - (runs.length - this.runs.length);
    return () => Object.assign(this, { runs, total, openId });
  }

  /** When the open run goes, the one after it opens, or the one before. */
  #after(open: string, gone: ReadonlySet<string>): string | undefined {
    const at = this.runs.findIndex((run) => run.id === open);
    if (at < 0) return undefined;
    const stays = (run: RunSummary) => !gone.has(run.id);
    return (this.runs.slice(at).find(stays) ?? this.runs.slice(0, at).findLast(stays))?.id;
  }
}

/** The list of History. */
export const history = new History();
