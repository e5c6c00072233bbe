// An open table as the window sees it: pieces of its rows, how far it is, what is filtered and edited. Rust holds the rows.
import type {
  ErrorCode,
  Error as Failure,
  RowState,
  RunTable,
  Table,
  TableEvent,
  TableFile,
  TableRow,
} from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { toast } from "../shared/toasts.svelte";
import { Pace } from "./pace.svelte";
import { PAGE, Pages } from "./pages";

/** While rows change under a filter, its pages are read anew after this pause, milliseconds. */
const PAUSE = 500;

/** Failures that every other row would meet, too: they stop a table. */
const STOPPING: readonly ErrorCode[] = [
  ...(["auth", "gated", "credits", "model"] as const),
  ...(["offline", "network", "limit", "loading"] as const),
];

/** Which rows are shown. */
export type Shown = "all" | RowState;

/** A table that is shown, or was. */
export class OpenTable {
  /** How it stands. */
  table = $state.raw<Table>() as Table;
  /** Which rows are shown. */
  shown = $state<Shown>("all");
  /** How many there are of these. */
  total = $state(0);
  /** Why rows could not be read. */
  failure = $state.raw<Failure | undefined>();
  /** What stopped it before its end; undefined where it goes, or the person let it rest. */
  stopped = $state.raw<Failure | undefined>();
  /** The row that is shown in full. */
  opened = $state<number | undefined>();
  /** The answer that is being written, and in which row. */
  editing = $state<{ place: number; text: string } | undefined>();
  /** How fast it goes. */
  readonly pace = new Pace();
  /** Grows when rows have come or changed: who shows rows reads them anew. */
  #version = $state(0);
  readonly #pages = new Pages();
  #generation = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #ongone: () => void;

  constructor(table: Table, ongone: () => void) {
    this.table = table;
    this.total = table.rows;
    this.#ongone = ongone;
    host()
      .stream("watch_table", { id: table.id }, (event) => this.#hear(event))
      .catch((reason: unknown) => {
        this.failure = asFailure(reason);
      });
  }

  get id(): string {
    return this.table.id;
  }

  /** Rows without an answer that have not failed. */
  get waiting(): number {
    return Math.max(0, this.table.rows - this.table.done - this.table.failed);
  }

  /** The row at a place of what is shown; undefined until it has come, which this asks for. */
  row(index: number): TableRow | undefined {
    void this.#version;
    const row = this.#pages.at(index);
    if (!row) void this.#fetch(Math.floor(index / PAGE));
    return row;
  }

  /** A row by its place in the table, where it is known. */
  at(place: number): TableRow | undefined {
    void this.#version;
    return this.#pages.find(place, this.shown === "all");
  }

  /** Shows only rows that stand so. */
  show(shown: Shown): void {
    this.shown = shown;
    this.total =
      { all: this.table.rows, done: this.table.done, failed: this.table.failed }[shown as "all"] ?? 0;
    this.#again(true);
    void this.#fetch(0);
  }

  /** Reads what is shown anew, after a failure. */
  retry(): void {
    this.failure = undefined;
    this.#again(true);
    void this.#fetch(0);
  }

  /** Works on rows. */
  async run(which: RunTable["which"]): Promise<void> {
    this.stopped = undefined;
    try {
      this.#take(await host().call("run_table", { id: this.id, which }));
    } catch (reason) {
      toast(asFailure(reason).message);
    }
  }

  /** Stops working; what has come is kept. */
  async rest(): Promise<void> {
    try {
      this.#take(await host().call("rest_table", { id: this.id }));
    } catch (reason) {
      toast(asFailure(reason).message);
    }
  }

  /** Begins to write another answer. */
  edit({ place, answer }: TableRow): void {
    this.editing = { place, text: answer };
  }

  /** Keeps what is being written, where it says something else. */
  async save(): Promise<void> {
    if (!this.editing) return;
    const { place, text } = this.editing;
    if (this.at(place)?.answer === text) this.editing = undefined;
    else if (await this.#write(place, text)) this.editing = undefined;
  }

  /** Takes the model's answer again. */
  async takeBack(place: number): Promise<void> {
    await this.#write(place, null);
  }

  /** Writes it to a file, or beside its pictures. Rejects with why not. */
  async export(
    form: "csv" | "jsonl" | "sidecar",
    how: { path?: string; replace?: boolean },
  ): Promise<TableFile> {
    return host().call("export_table", { id: this.id, form, ...how });
  }

  async #write(place: number, text: string | null): Promise<boolean> {
    try {
      this.#put([await host().call("edit_row", { id: this.id, place, text })]);
      return true;
    } catch (reason) {
      toast(asFailure(reason).message);
      return false;
    }
  }

  async #fetch(page: number): Promise<void> {
    if (!this.failure && this.#pages.wants(page)) await this.#read(page);
  }

  async #read(page: number): Promise<void> {
    const mine = this.#generation;
    const state = this.shown === "all" ? {} : { state: this.shown };
    try {
      const ask = { id: this.id, offset: page * PAGE, limit: PAGE, ...state };
      const { rows, total } = await host().call("table_rows", ask);
      if (mine !== this.#generation) return;
      this.#pages.keep(page, rows);
      this.total = total;
      this.#version++;
    } catch (reason) {
      if (mine !== this.#generation) return;
      this.#pages.miss(page);
      this.failure = asFailure(reason);
    }
  }

  #hear(event: TableEvent): void {
    if (event.kind === "gone") {
      this.#ongone();
      return;
    }
    const stops = event.rows.findLast(({ error }) => error && STOPPING.includes(error.code));
    if (stops) this.stopped = stops.error;
    this.#take(event.table);
    this.#put(event.rows);
    if (this.shown !== "all" && event.rows.length > 0) this.#later();
  }

  #take(table: Table): void {
    this.pace.follow(table);
    this.table = table;
    if (this.shown === "all") this.total = table.rows;
  }

  #put(rows: TableRow[]): void {
    this.#pages.put(rows, this.shown === "all");
    if (rows.length > 0) this.#version++;
  }

  /** Under a filter rows come and go: its last pages are read anew when there is a pause. */
  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#again(false);
      for (const page of this.#pages.numbers.slice(-3)) void this.#read(page);
    }, PAUSE);
  }

  /** What was asked for and has not come no longer counts; with `rows`, what has come neither. */
  #again(rows: boolean): void {
    this.#generation++;
    this.#pages.forget({ rows });
    this.#version++;
  }
}
