// Pictures that were asked for together: their runs, and what came of them.
import { SvelteMap } from "svelte/reactivity";
import type { Picture, StartRun, Run as Stored } from "../../bindings";
import { host } from "../../host/host";
import { isPainting, type PaintingTask } from "../../runs/output";
import { queue } from "../../runs/queue.svelte";
import { Run } from "../../runs/run.svelte";
import { announce } from "../../shared/announce.svelte";
import type { Order } from "./image.svelte";
import { judged } from "./judged";

/** One picture of a batch. */
export interface Cell {
  run: Run;
  input: PaintingTask;
  /** How it was sent, to send it again. */
  sent: Pick<StartRun, "connection" | "provider">;
}

/** As many pictures of one batch are read. */
const MOST = 500;

/** Pictures that were asked for together. */
export class Batch {
  readonly id: string;
  cells = $state.raw<Cell[]>([]);
  /** The pictures that are kept, each with its run. */
  pictures = $state.raw<Picture[]>([]);
  /** How its cells lie when it is a grid. */
  readonly grid: Order["grid"];
  /** What a repetition showed, one sentence. */
  verdict = $state("");
  /** The run that it repeats. */
  readonly repeats: string | undefined;
  /** What is stored of each run: which provider answered, what it cost. */
  readonly stored = new SvelteMap<string, Stored>();
  #reading: ReturnType<typeof setTimeout> | undefined;
  #on: () => void;

  constructor(id: string, grid: Order["grid"], on: () => void, repeats?: string) {
    this.id = id;
    this.grid = grid;
    this.repeats = repeats;
    this.#on = on;
  }

  /** Puts these pictures into the queue. */
  start(inputs: PaintingTask[], sent: Cell["sent"]): void {
    this.cells = inputs.map((input) => this.#run(input, sent));
    void queue.load();
  }

  /** Takes up runs as they are kept; those under way are followed. */
  take(runs: Stored[]): void {
    this.cells = runs.flatMap((stored) => {
      if (!isPainting(stored.input)) return [];
      const { connection, provider } = stored;
      const run = Run.of(stored, { end: ({ id }) => this.#ended(id) });
      this.stored.set(stored.id, stored);
      return { run, input: stored.input, sent: { connection, ...(provider ? { provider } : {}) } };
    });
    this.#read();
  }

  /** Whether a picture of it is still to come. */
  get running(): boolean {
    return this.cells.some(({ run }) => !run.ended);
  }

  /** The picture of a run, as it is kept. */
  pictureOf(run: string): Picture | undefined {
    return this.pictures.find((picture) => picture.run === run);
  }

  /** Its pictures in the order of its cells. */
  get inOrder(): Picture[] {
    return this.cells.flatMap(({ run }) => this.pictures.filter((picture) => picture.run === run.id));
  }

  /** Stops all that has not ended; what came is kept. */
  async stop(): Promise<void> {
    const open = this.cells.map(({ run }) => run).filter((run) => !run.ended);
    for (const run of open) run.stopping = true;
    await queue.stop(open.map((run) => run.id)).catch(() => {
      for (const run of open) run.stopping = false;
    });
  }

  /** Reads its pictures anew. */
  async refresh(): Promise<void> {
    if (this.id !== "") await this.#readPictures();
  }

  /** Asks once more for what failed, `anew` as told; what came stays. */
  retry(cells: Cell[], anew: (cell: Cell) => Cell["sent"]): void {
    this.cells = this.cells.map((cell) => (cells.includes(cell) ? this.#run(cell.input, anew(cell)) : cell));
    void queue.load();
  }

  #run(input: PaintingTask, sent: Cell["sent"]): Cell {
    const repeats = this.repeats === undefined ? {} : { repeats: this.repeats };
    const request = { ...sent, input, queued: true, batch: this.id, ...repeats };
    return { input, sent, run: Run.start(request, { end: ({ id }) => this.#ended(id) }) };
  }

  #ended(run: string): void {
    if (!this.running) announce(summary(this.cells));
    queue.ended(run);
    this.#read();
  }

  /** Several endings at once are read at once. */
  #read(): void {
    clearTimeout(this.#reading);
    this.#reading = setTimeout(() => void this.#readNow(), 50);
  }

  async #readNow(): Promise<void> {
    if (this.id !== "") await this.#readPictures();
    await Promise.all(this.cells.filter(({ run }) => run.ended).map(({ run }) => this.#readRun(run.id)));
    if (this.repeats !== undefined && !this.running) await this.#judge();
    this.#on();
  }

  async #readPictures(): Promise<void> {
    const wanted = { batch: this.id, query: "", offset: 0, limit: MOST };
    const page = await host()
      .call("pictures", wanted)
      .catch(() => undefined);
    if (page) this.pictures = page.pictures;
  }

  async #readRun(id: string): Promise<void> {
    if (this.stored.get(id)?.state === "done") return;
    const stored = await host()
      .call("run", { id })
      .catch(() => undefined);
    if (stored) this.stored.set(id, stored);
  }

  async #judge(): Promise<void> {
    const [cell] = this.cells;
    if (cell?.run.phase !== "done") return;
    this.verdict = await host()
      .call("repeated", { id: cell.run.id })
      .then(judged, () => "");
  }
}

/** How a batch ended, in words. */
export function summary(cells: Cell[]): string {
  const came = cells.filter(({ run }) => run.phase === "done").length;
  const failed = cells.filter(({ run }) => run.phase === "failed").length;
  const stopped = cells.length - came - failed;
  const parts = [
    came > 0 ? `${came} ${came === 1 ? "picture" : "pictures"} done` : "",
    failed > 0 ? `${failed} failed` : "",
    stopped > 0 ? `${stopped} stopped` : "",
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}
