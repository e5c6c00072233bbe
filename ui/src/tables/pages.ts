// The rows of a table that have come, a page at a time. The pages that were looked at longest ago go.
import type { TableRow } from "../bindings";

/** Rows fetched at a time. */
export const PAGE = 100;
/** Pages kept at most. */
const MOST_PAGES = 60;

/** Where a row is shown. */
interface Place {
  page: TableRow[];
  index: number;
}

/** Pages of rows. */
export class Pages {
  readonly #pages = new Map<number, TableRow[]>();
  readonly #asked = new Set<number>();
  /** Rows that changed while a page was on its way, which may hold them as they were before. */
  readonly #news = new Map<number, TableRow>();

  /** The numbers of the pages, those looked at last at the end. */
  get numbers(): number[] {
    return [...this.#pages.keys()];
  }

  /** The row at a place of what is shown; undefined where it has not come. */
  at(index: number): TableRow | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
  }

  /** The row of this place in the table. Where all rows are shown, that is where it lies. */
  find(place: number, all: boolean): TableRow | undefined {
    const known = this.#place(place, all);
    return known?.page[known.index];
  }

  /** Whether a page must be asked for: then it counts as asked. */
  wants(page: number): boolean {
    if (this.#pages.has(page) || this.#asked.has(page)) return false;
    this.#asked.add(page);
    return true;
  }

  /** A page that was asked for has come. */
  keep(page: number, rows: TableRow[]): void {
    this.#pages.delete(page);
    this.#pages.set(
      page,
      rows.map((row) => this.#news.get(row.place) ?? row),
    );
    const [oldest] = this.#pages.keys();
    if (this.#pages.size > MOST_PAGES && oldest !== undefined) this.#pages.delete(oldest);
    this.#answered(page);
  }

  /** A page that was asked for does not come. */
  miss(page: number): void {
    this.#answered(page);
  }

  /** Puts changed rows where they are shown. */
  put(rows: TableRow[], all: boolean): void {
    for (const row of rows) {
      if (this.#asked.size > 0) this.#news.set(row.place, row);
      const known = this.#place(row.place, all);
      if (known) known.page[known.index] = row;
    }
  }

  /** What was asked for no longer counts. With `rows`, those that have come are forgotten, too. */
  forget({ rows }: { rows: boolean }): void {
    this.#asked.clear();
    this.#news.clear();
    if (rows) this.#pages.clear();
  }

  #answered(page: number): void {
    this.#asked.delete(page);
    if (this.#asked.size === 0) this.#news.clear();
  }

  #place(place: number, all: boolean): Place | undefined {
    if (all) {
      const page = this.#pages.get(Math.floor(place / PAGE));
      return page?.[place % PAGE] && { page, index: place % PAGE };
    }
    for (const page of this.#pages.values()) {
      const index = page.findIndex((row) => row.place === place);
      if (index >= 0) return { page, index };
    }
    return undefined;
  }
}
