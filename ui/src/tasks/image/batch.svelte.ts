// Pictures that were asked for together: their runs, and what came of them.
import type { Picture, RunInput } from "../../bindings";
import { host } from "../../host/host";
import { type Cell as RunCell, Batch as Runs } from "../../runs/batch.svelte";
import { isPainting, type PaintingTask } from "../../runs/output";
import type { Order } from "./image.svelte";
import { judged } from "./judged";

/** One picture of a batch. */
export type Cell = RunCell<PaintingTask>;

/** As many pictures of one batch are read. */
const MOST = 500;

/** Pictures that were asked for together. */
export class Batch extends Runs<PaintingTask> {
  /** The pictures that are kept, each with its run. */
  pictures = $state.raw<Picture[]>([]);
  /** How its cells lie when it is a grid. */
  readonly grid: Order["grid"];
  /** What a repetition showed, one sentence. */
  verdict = $state("");
  protected readonly what = "picture";
  #on: () => void;

  constructor(id: string, grid: Order["grid"], on: () => void, repeats?: string) {
    super(id, repeats);
    this.grid = grid;
    this.#on = on;
  }

  protected takes(input: RunInput): input is PaintingTask {
    return isPainting(input);
  }

  /** The picture of a run, as it is kept. */
  pictureOf(run: string): Picture | undefined {
    return this.pictures.find((picture) => picture.run === run);
  }

  /** Its pictures in the order of its cells. */
  get inOrder(): Picture[] {
    return this.cells.flatMap(({ run }) => this.pictures.filter((picture) => picture.run === run.id));
  }

  /** Reads its pictures anew. */
  async refresh(): Promise<void> {
    if (this.id !== "") await this.#readPictures();
  }

  protected async came(): Promise<void> {
    await this.refresh();
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

  async #judge(): Promise<void> {
    const [cell] = this.cells;
    if (cell?.run.phase !== "done") return;
    this.verdict = await host()
      .call("repeated", { id: cell.run.id })
      .then(judged, () => "");
  }
}
