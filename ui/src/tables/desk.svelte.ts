// One desk with tables: the one that is open, the earlier ones, and what the next is to be made of.
import type { Error as Failure, MakeTable, Table } from "../bindings";
import { keep, recall } from "../frame/remembered.svelte";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { freshId } from "../runs/id";
import { toast } from "../shared/toasts.svelte";
import { Draft } from "./draft.svelte";
import { OpenTable } from "./open.svelte";

/** What will be asked of each row, and of whom. */
export type Ask = Pick<MakeTable, "connection" | "provider" | "input" | "preparing">;

/** The most rows under way at the same time. */
export const MOST_AT_ONCE = 16;

/** Tables of one tab. */
export class Desk {
  /** What the next table is to be made of. */
  readonly draft = new Draft();
  /** The open one; undefined while one is begun. */
  current = $state.raw<OpenTable | undefined>();
  /** All of them, newest first; undefined until they have come. */
  list = $state.raw<Table[] | undefined>();
  /** The next table is being made. */
  making = $state(false);
  /** Why it could not be made, or the list not be read. */
  failure = $state.raw<Failure | undefined>();
  /** How many rows at once, as the person set it. */
  atOnce = $state<number | undefined>();
  readonly #place: string;
  readonly #mine: (table: Table) => boolean;
  readonly #opened = new Map<string, OpenTable>();
  #openId = $state("");
  #started = false;

  constructor(place: string, mine: (table: Table) => boolean) {
    this.#place = place;
    this.#mine = mine;
  }

  /** Takes up, once, what was open at the last exit, and reads the list. */
  async start(): Promise<void> {
    const first = !this.#started;
    if (first) this.#remember();
    await this.load();
    if (first && !this.current) this.open(this.#openId);
  }

  #remember(): void {
    this.#started = true;
    this.draft.start(this.#place);
    this.#openId = this.#openId || recall(`table.${this.#place}`, "");
    this.atOnce = recall<number>(`atOnce.${this.#place}`, 0) || undefined;
    keep(`table.${this.#place}`, () => this.#openId);
    keep(`atOnce.${this.#place}`, () => this.atOnce ?? 0);
  }

  /** Reads the list anew. */
  async load(): Promise<void> {
    try {
      this.list = (await host().call("tables", {})).filter(this.#mine);
      this.failure = undefined;
    } catch (reason) {
      this.failure = asFailure(reason);
    }
  }

  /** Whether rows are being worked on. */
  get running(): boolean {
    return this.current?.table.running ?? false;
  }

  /** Opens a table of the list, or of History. */
  open(id: string): void {
    const table = this.list?.find((each) => each.id === id);
    if (table) this.#show(table);
    else if (this.list === undefined) void this.load().then(() => this.list && this.open(id));
    else if (this.#openId === id) this.#openId = "";
  }

  /** Begins another table; what runs in the open one goes on. */
  fresh(): void {
    this.current = undefined;
    this.#openId = "";
    void this.load();
  }

  /** Makes a table of what is chosen and works on it. */
  async begin(ask: Ask, pictures: boolean, at_once: number): Promise<void> {
    const source = this.draft.source(pictures);
    if (!source || this.making) return;
    this.making = true;
    this.failure = undefined;
    try {
      const table = await host().call("make_table", { id: freshId(), source, at_once, ...ask });
      this.draft.clear();
      this.#show(table);
      void this.load();
      await this.current?.run("open");
    } catch (reason) {
      this.failure = asFailure(reason);
    } finally {
      this.making = false;
    }
  }

  /** Deletes a table; a toast offers to undo it. */
  async remove({ id, title }: Table): Promise<void> {
    try {
      await host().call("delete_table", { id });
    } catch (reason) {
      toast(asFailure(reason).message);
      return;
    }
    this.#opened.delete(id);
    if (this.current?.id === id) this.fresh();
    this.list = this.list?.filter((table) => table.id !== id);
    toast(`“${title}” deleted.`, { action: { label: "Undo", run: () => void this.#restore(id) } });
  }

  async #restore(id: string): Promise<void> {
    await host()
      .call("restore_table", { id })
      .catch((reason: unknown) => toast(asFailure(reason).message));
    await this.load();
  }

  #show(table: Table): void {
    const known = this.#opened.get(table.id);
    this.current = known ?? new OpenTable(table, () => this.#gone(table.id));
    this.#opened.set(table.id, this.current);
    this.#openId = table.id;
    this.failure = undefined;
  }

  /** It was deleted elsewhere. */
  #gone(id: string): void {
    this.#opened.delete(id);
    if (this.current?.id === id) this.fresh();
  }
}
