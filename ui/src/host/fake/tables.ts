// The fake's tables: rows from a folder, from lines or from a file, worked on several at a time. The folder's name tells
// how many pictures it holds ("500 cats"); a row fails whose words say "error:limit".
import type {
  Commands,
  MakeTable,
  RowState,
  Run,
  Streams,
  Table,
  TableEvent,
  TableRow,
} from "../../bindings";
import { gone } from "./gone";
import { drawnAddress } from "./pictures";
import { captionOf, markOf, seenIn } from "./seen";
import { codeOf, isSeeing } from "./seer";
import type { FakeStore } from "./store";

type Watcher = (event: TableEvent) => void;

interface Kept {
  table: Table;
  rows: TableRow[];
  /** What the model said, under what the person wrote. */
  said: Map<number, string>;
  todo: number[];
  working: boolean;
  deleted: boolean;
}

const COLUMNS = ["name", "review", "stars"];
const SAMPLE = [
  { name: "Ada", review: "A lovely lantern, it lights the whole garden.", stars: "5" },
  { name: "Edward", review: "It broke after a week.", stars: "1" },
  { name: "Lear", review: "An owl lives in it now, error:limit", stars: "3" },
];

/** Tables. */
export class FakeTables {
  readonly #store: FakeStore;
  readonly #pace: number;
  readonly #kept = new Map<string, Kept>();
  readonly #watchers = new Map<string, Watcher[]>();

  constructor(store: FakeStore, pace: number) {
    this.#store = store;
    this.#pace = pace;
  }

  /** The commands that it answers. */
  answers(): Partial<{ [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] }> {
    return {
      tables: () =>
        [...this.#kept.values()]
          .filter(({ deleted }) => !deleted)
          .map(({ table }) => table)
          .reverse(),
      make_table: (args) => this.#make(args),
      columns: ({ path }) => ({ columns: COLUMNS, rows: countIn(path, SAMPLE.length), sample: SAMPLE }),
      table_rows: ({ id, offset, limit, state }) => {
        const rows = this.#get(id).rows.filter((row) => !state || row.state === state);
        return { rows: rows.slice(offset, offset + (limit || 100)), total: rows.length };
      },
      run_table: ({ id, which }) => this.#run(this.#get(id), which),
      rest_table: ({ id }) => this.#rest(this.#get(id)),
      edit_row: ({ id, place, text }) => this.#edit(this.#get(id), place, text),
      export_table: ({ id, form, replace }) => {
        const { rows } = this.#get(id);
        const done = rows.filter((row) => row.state === "done").length;
        const kept = form === "sidecar" && !replace ? Math.floor(done / 3) : 0;
        return { rows: (form === "sidecar" ? done : rows.length) - kept, kept, left_out: 0 };
      },
      delete_table: ({ id }) => {
        this.#rest(this.#get(id));
        this.#get(id).deleted = true;
        this.#tell(id, { kind: "gone" });
        return {};
      },
      restore_table: ({ id }) => {
        const kept = this.#kept.get(id);
        if (kept) kept.deleted = false;
        return {};
      },
    };
  }

  /** The streams that it answers. */
  flows(): Partial<{
    [K in keyof Streams]: (args: Streams[K]["args"], on: (event: Streams[K]["event"]) => void) => void;
  }> {
    return {
      watch_table: ({ id }, on) => {
        this.#watchers.set(id, [...(this.#watchers.get(id) ?? []), on]);
        on({ kind: "rows", rows: [], table: this.#get(id).table });
      },
    };
  }

  #get(id: string): Kept {
    const kept = this.#kept.get(id);
    if (!kept || kept.deleted) throw gone("table");
    return kept;
  }

  #make({ id, source, connection, provider, input, preparing, at_once }: MakeTable): Table {
    const items = itemsOf(source);
    if (items.length === 0)
      throw { code: "input", message: "There is nothing in it. Choose another source." };
    const rows = items.map(({ name, fields }, at) => ({
      ...{ place: at, name, fields, state: "waiting" as const, answer: "", labels: [], edited: false },
    }));
    const pictures = source.kind === "pictures" || (source.kind === "file" && source.pictures);
    const table: Table = {
      ...{
        id,
        title: titleOf(source),
        created_at: Date.now(),
        task: input.task,
        connection,
        provider,
        input,
      },
      ...{ preparing, at_once, pictures, running: false, rows: rows.length, done: 0, failed: 0 },
      left_out: 0,
      fields: source.kind === "file" ? COLUMNS.filter((name) => name !== source.column) : [],
    };
    this.#kept.set(id, { table, rows, said: new Map(), todo: [], working: false, deleted: false });
    return table;
  }

  #run(kept: Kept, which: Commands["run_table"]["args"]["which"]): Table {
    const wanted =
      typeof which === "object"
        ? which.places
        : kept.rows
            .filter(({ state }) => (which === "failed" ? state === "failed" : state !== "done"))
            .map(({ place }) => place);
    kept.todo.push(...wanted.filter((place) => !kept.todo.includes(place)));
    for (const place of wanted) this.#set(kept, place, { state: "waiting", error: undefined });
    kept.table.running = kept.todo.length > 0;
    this.#changed(kept, wanted.slice(0, 500));
    if (!kept.working) void this.#work(kept);
    return kept.table;
  }

  async #work(kept: Kept): Promise<void> {
    const { table } = kept;
    kept.working = true;
    while (table.running && kept.todo.length > 0) {
      const places = kept.todo.splice(0, table.at_once);
      for (const place of places) this.#set(kept, place, { state: "running" });
      this.#changed(kept, places);
      await new Promise((resolve) => setTimeout(resolve, this.#pace));
      for (const place of places) this.#answer(kept, place, table.running);
      this.#changed(kept, places);
    }
    kept.working = table.running = false;
    this.#changed(kept, []);
  }

  #answer(kept: Kept, place: number, running: boolean): void {
    const row = kept.rows[place];
    if (!row) return;
    if (!running) {
      this.#set(kept, place, { state: "waiting" });
      return;
    }
    const { input, pictures, id } = kept.table;
    const code = codeOf(row.name);
    const run = `${id}-${place}`;
    const picture = pictures ? drawnAddress("fake", markOf(row.name) % 100_000, 96, 72) : undefined;
    if (code) {
      const error = { code, message: `This is how “${code}” looks.` };
      this.#set(kept, place, { state: "failed", run, picture, error });
      return;
    }
    const asked = "image" in input ? { ...input, image: row.name } : { ...input, text: row.name };
    const seen = isSeeing(asked as Run["input"]) ? seenIn(asked as Parameters<typeof seenIn>[0]) : undefined;
    const labels = seen && "labels" in seen ? seen.labels : [];
    const answer = labels[0]?.label ?? captionOf(markOf(row.name));
    kept.said.set(place, answer);
    this.#set(kept, place, { state: "done", run, picture, labels, answer, edited: false });
  }

  #rest(kept: Kept): Table {
    kept.table.running = false;
    kept.todo = [];
    this.#changed(kept, []);
    return kept.table;
  }

  #edit(kept: Kept, place: number, text: string | null): TableRow {
    const answer = text ?? kept.said.get(place) ?? "";
    const state: RowState = text !== null || kept.said.has(place) ? "done" : "waiting";
    const row = this.#set(kept, place, { answer, state, edited: text !== null, error: undefined });
    this.#changed(kept, [place]);
    return row;
  }

  #set(kept: Kept, place: number, change: { [K in keyof TableRow]?: TableRow[K] | undefined }): TableRow {
    const row = kept.rows[place];
    if (!row) throw gone("row");
    kept.table.done += Number(change.state === "done") - Number(row.state === "done" && "state" in change);
    kept.table.failed +=
      Number(change.state === "failed") - Number(row.state === "failed" && "state" in change);
    kept.rows[place] = { ...row, ...change } as TableRow;
    return kept.rows[place] as TableRow;
  }

  #changed({ table, rows }: Kept, places: number[]): void {
    this.#store.changes++;
    this.#tell(table.id, { kind: "rows", rows: places.flatMap((place) => rows[place] ?? []), table });
  }

  #tell(id: string, event: TableEvent): void {
    for (const on of this.#watchers.get(id) ?? []) on(event);
  }
}

function itemsOf(source: MakeTable["source"]): { name: string; fields: Record<string, string> }[] {
  if (source.kind === "texts") return source.texts.map((name) => ({ name, fields: {} }));
  if (source.kind === "file")
    return Array.from({ length: countIn(source.path, SAMPLE.length) }, (_, at) => {
      const { [source.column]: name = "", ...fields } = SAMPLE[at % SAMPLE.length] as Record<string, string>;
      return { name, fields };
    });
  const [first = ""] = source.paths;
  if (source.names) return source.names.map((name) => ({ name, fields: {} }));
  if (source.paths.length > 1 || /\.\w{3,4}$/.test(first))
    return source.paths.map((path) => ({ name: lastOf(path), fields: {} }));
  return Array.from({ length: countIn(first, 24) }, (_, at) => ({
    name: at === 7 ? "photo 8 error:input.jpg" : `photo ${at + 1}.jpg`,
    fields: {},
  }));
}

function countIn(path: string, otherwise: number): number {
  return Number(/(\d+)/.exec(lastOf(path))?.[1] ?? otherwise);
}

function titleOf(source: MakeTable["source"]): string {
  if (source.kind === "texts") return source.texts[0]?.slice(0, 60) ?? "";
  return lastOf(source.kind === "file" ? source.path : (source.paths[0] ?? ""));
}

function lastOf(path: string): string {
  return path.split("/").at(-1) ?? path;
}
