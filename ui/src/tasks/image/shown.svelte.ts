// What the Image tab shows: the open batch, and a strip of the pictures that were made before.
import { untrack } from "svelte";
import type { Picture, Run as Stored } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { keep, recall } from "../../frame/remembered.svelte";
import { host } from "../../host/host";
import { models } from "../../models/models.svelte";
import { asFailure } from "../../runs/failure";
import { freshId } from "../../runs/id";
import { isPainting } from "../../runs/output";
import { queue } from "../../runs/queue.svelte";
import { announce } from "../../shared/announce.svelte";
import { toast } from "../../shared/toasts.svelte";
import { Batch, type Cell } from "./batch.svelte";
import { AXES, MANY } from "./grid";
import { image, type Order } from "./image.svelte";
import { inputOf } from "./request";
import { beginWith, checkStart, type Source, type Taken, takeOver } from "./taking";

/** As many pictures the strip shows. */
const STRIP = 60;
/** As many grids are remembered, the newest. */
const GRIDS = 20;
/** As many runs of one batch are read. */
const MOST = 200;

type Grid = NonNullable<Order["grid"]> & { runs: string[] };

interface Open {
  batch: string;
  runs: string[];
}

class Shown {
  batch = $state.raw<Batch | undefined>();
  /** Newest first. */
  strip = $state.raw<Picture[]>([]);
  /** An order that is so large that the person is asked first. */
  asking = $state.raw<Order | undefined>();
  #open = $state<Open>({ batch: "", runs: [] });
  #grids = $state<Record<string, Grid>>({});
  #seen = 0;

  /** Takes up the batch that was open at the last exit. */
  async start(): Promise<void> {
    image.recall();
    this.#open = { batch: "", runs: [], ...recall<Partial<Open>>("imageOpen", {}) };
    this.#grids = recall("imageGrids", this.#grids);
    keep("imageOpen", () => this.#open);
    keep("imageGrids", () => this.#grids);
    this.#followQueue();
    const open = this.#open;
    await Promise.all([
      checkStart(),
      this.loadStrip(),
      open.batch ? this.#openBatch(open.batch, open.runs) : undefined,
    ]);
  }

  /** Runs what the tab holds: at once, or after what the queue holds. A large grid is asked about first. */
  send(): void {
    if (image.idle || image.obstacle) return;
    const order = image.order(AXES);
    if (order.asked.length > MANY) this.asking = order;
    else this.run(order);
  }

  /** Runs an order. */
  run(order: Order): void {
    this.asking = undefined;
    const { provider } = models.chosen(image.task);
    const sent = { connection: connections.current.id, ...(provider ? { provider } : {}) };
    const inputs = order.asked.map((asked) =>
      inputOf(asked, image.destinationFor(asked.model || image.model)),
    );
    image.lastSeed = order.asked[0]?.values.seed;
    const batch = new Batch(freshId(), order.grid, () => this.#came(batch));
    batch.start(inputs, sent);
    this.#show(batch);
    announce(inputs.length === 1 ? "A picture is asked for." : `${inputs.length} pictures are asked for.`);
  }

  /** Runs a picture's run once more, exactly, and says whether the same came. */
  async repeat(run: string): Promise<void> {
    const stored = await this.#stored(run);
    if (!stored || !isPainting(stored.input)) return;
    const { connection, provider, input } = stored;
    const batch = new Batch(freshId(), undefined, () => this.#came(batch), run);
    batch.start([input], { connection, ...(provider ? { provider } : {}) });
    this.#show(batch);
  }

  /** Asks once more for what failed; another provider that was picked meanwhile for the same model is asked. */
  retry(cells: Cell[]): void {
    if (!this.batch) return;
    this.batch.retry(cells, ({ sent, input }) => {
      const { model, provider } = models.pick(sent.connection, input.task);
      const other = model === input.model && provider !== sent.provider;
      return other ? { connection: sent.connection, ...(provider ? { provider } : {}) } : sent;
    });
    this.#remember(this.batch);
  }

  /** Asks anew for what the history or the server had already. */
  again(): void {
    if (!this.batch) return;
    const had = this.batch.cells.filter(({ run }) => run.figures.cached);
    this.batch.retry(had, ({ sent }) => ({ ...sent, anew: true }));
    this.#remember(this.batch);
  }

  /** Shows the batch that a picture or a run belongs to. */
  async open(run: string): Promise<void> {
    const mine = ++this.#seen;
    const stored = await this.#stored(run);
    if (!stored || mine !== this.#seen) return;
    if (stored.batch && stored.batch === this.batch?.id) return;
    if (stored.batch) await this.#openBatch(stored.batch, this.#grids[stored.batch]?.runs ?? []);
    else
      this.#take(
        "",
        [stored],
        this.strip.filter((picture) => picture.run === run),
      );
  }

  /** An empty stage; what runs goes on. */
  fresh(): void {
    this.#seen++;
    this.batch = undefined;
    this.#open = { batch: "", runs: [] };
    image.prompt = "";
    image.negative = "";
    image.start = undefined;
  }

  /** Takes over what a picture was made with: all of it, its words, or its seed. */
  use(what: Taken, picture: Source): Promise<void> {
    return takeOver(what, picture);
  }

  /** Begins with a picture. */
  startWith(address: string): Promise<void> {
    return beginWith(address);
  }

  /** The first picture of a run; undefined when it is gone. */
  async pictureOf(run: string): Promise<Picture | undefined> {
    const near = this.strip.find((picture) => picture.run === run);
    if (near) return near;
    const stored = await this.#stored(run);
    if (!stored?.batch) return undefined;
    const page = await host().call("pictures", { batch: stored.batch, query: "", offset: 0, limit: MOST });
    return page.pictures.find((picture) => picture.run === run);
  }

  /** Reads anew what may have been marked, deleted or restored. */
  async changed(): Promise<void> {
    await Promise.all([this.loadStrip(), this.batch?.refresh()]);
  }

  /** Reads the strip anew. */
  async loadStrip(): Promise<void> {
    const page = await host()
      .call("pictures", { query: "", offset: 0, limit: STRIP })
      .catch(() => undefined);
    if (page) this.strip = page.pictures;
  }

  /** Pictures of other batches come, too: what waited since last time, or was asked for before this batch. */
  #followQueue(): void {
    const running = () => queue.running.map(({ id }) => id).join();
    $effect.root(() => {
      $effect(() => {
        running();
        untrack(() => void this.loadStrip());
      });
    });
  }

  async #stored(run: string): Promise<Stored | undefined> {
    return host()
      .call("run", { id: run })
      .catch((reason: unknown) => void toast(asFailure(reason).message));
  }

  /** Opens a batch as it is kept; the runs in this order, where it is known. */
  async #openBatch(id: string, order: string[]): Promise<void> {
    const mine = ++this.#seen;
    const page = await host()
      .call("runs", { batch: id, query: "", limit: MOST })
      .catch(() => undefined);
    const ids = page?.runs.map((run) => run.id).reverse() ?? [];
    const runs = await Promise.all(
      ids.map((run) =>
        host()
          .call("run", { id: run })
          .catch(() => undefined),
      ),
    );
    if (mine !== this.#seen) return;
    const place = (run: Stored) => order.indexOf(run.id);
    const kept = runs
      .filter((run) => run !== undefined)
      .filter((run) => order.length === 0 || place(run) >= 0);
    if (kept.length > 0)
      this.#take(
        id,
        kept.sort((a, b) => place(a) - place(b) || a.created_at - b.created_at),
      );
  }

  #take(id: string, runs: Stored[], pictures: Picture[] = []): void {
    const batch = new Batch(id, this.#grids[id], () => this.#came(batch), runs[0]?.repeats);
    batch.pictures = pictures;
    batch.take(runs);
    this.#show(batch);
  }

  #show(batch: Batch): void {
    this.#seen++;
    this.batch = batch;
    this.#remember(batch);
  }

  #came(batch: Batch): void {
    const told = batch.cells.map(({ run }) => run.output).find((output) => output && "images" in output);
    if (told && "images" in told && told.seed !== undefined) image.lastSeed = told.seed;
    void this.loadStrip();
  }

  #remember({ id, cells, grid }: Batch): void {
    const runs = cells.map(({ run }) => run.id);
    this.#open = { batch: id, runs };
    if (!grid) return;
    const kept = Object.entries(this.#grids).filter(([known]) => known !== id);
    this.#grids = Object.fromEntries([...kept.slice(1 - GRIDS), [id, { ...grid, runs }]]);
  }
}

/** What the Image tab shows. */
export const shown = new Shown();
