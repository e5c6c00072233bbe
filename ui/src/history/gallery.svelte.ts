// The gallery's window on all pictures: a slot for each, filled a page at a time where the person looks.
import { untrack } from "svelte";
import type { Error as Failure, Picture } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { filters } from "./filters.svelte";
import { Selection } from "./selection.svelte";

/** Pictures fetched at a time where the person looks. */
const PAGE = 100;
/** Pictures fetched at a time where many are ticked at once. */
const MANY = 500;
/** Scrolling rests this long before pages are fetched, in milliseconds: what only flies past is not. */
const REST = 40;

/** The place of a picture. The key is the place's own, so that a tile stays when its picture comes. */
export interface Slot {
  key: string;
  picture: Picture | undefined;
}

/** What names a picture: a run may have made several. */
export function keyOf(picture: Picture): string {
  return `${picture.run}/${picture.place}`;
}

export class Gallery {
  /** One for each picture that matches. */
  slots = $state.raw<readonly Slot[]>([]);
  /** The gallery has come at least once. */
  known = $state(false);
  failure = $state.raw<Failure | undefined>();
  readonly ticked = new Selection<Picture>();
  /** Counts the questions that were answered from their beginning: then the beginning is shown. */
  begun = $state(0);
  /** Pages that are here or asked for. */
  #asked = new Set<number>();
  /** Tiles that are mounted, by their places. */
  #shown = new Map<number, number>();
  #round = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Fetches anew: the beginning, or what is in sight; what is there stays until it has come. */
  async load(from: "start" | "here" = "start"): Promise<void> {
    const round = ++this.#round;
    clearTimeout(this.#timer);
    const pages = from === "here" ? this.#pagesShown(() => true) : [];
    const wanted = pages.length > 0 ? pages : [0];
    try {
      const found = await Promise.all(wanted.map((page) => this.#ask(page * PAGE, PAGE)));
      if (round !== this.#round) return;
      const total = found.at(-1)?.total ?? 0;
      const slots = Array.from({ length: total }, (_, at) => slot(at, undefined));
      found.forEach(({ pictures }, at) => void put(slots, (wanted[at] ?? 0) * PAGE, pictures));
      this.#asked = new Set(wanted);
      this.slots = slots;
      this.failure = undefined;
      this.known = true;
      if (from === "start") this.begun++;
      this.#soon();
    } catch (reason) {
      if (round === this.#round) this.failure = asFailure(reason);
    }
  }

  /** Called by a tile that is mounted: its picture is fetched when the scrolling rests. The return takes it back. */
  show(at: number): () => void {
    this.#shown.set(at, (this.#shown.get(at) ?? 0) + 1);
    if (!untrack(() => this.slots[at]?.picture)) this.#soon();
    return () => {
      const left = (this.#shown.get(at) ?? 1) - 1;
      if (left > 0) this.#shown.set(at, left);
      else this.#shown.delete(at);
    };
  }

  /** The pictures from one place to another, both included; fetches those that are not here. */
  async range(first: number, last: number): Promise<Picture[]> {
    const round = this.#round;
    for (let at = Math.max(0, first); at <= last && at < this.slots.length; at++) {
      if (this.slots[at]?.picture) continue;
      const page = Math.floor(at / PAGE);
      const limit = last - at >= PAGE ? MANY : PAGE;
      const pages = Array.from({ length: limit / PAGE }, (_, more) => page + more);
      await this.#fetch(pages, limit);
      // What cannot be had is left out: the failure says so.
      if (round !== this.#round || !this.slots[at]?.picture) break;
    }
    return this.slots.slice(Math.max(0, first), last + 1).flatMap(({ picture }) => picture ?? []);
  }

  /** The pictures around a place that are here without a gap, and the place of the first. */
  around(at: number): { from: number; pictures: Picture[] } {
    let from = at;
    while (this.slots[from - 1]?.picture) from--;
    const pictures: Picture[] = [];
    for (let next = from; ; next++) {
      const picture = this.slots[next]?.picture;
      if (!picture) return { from, pictures };
      pictures.push(picture);
    }
  }

  /** Shows at once what was changed in some runs. */
  patch(runs: ReadonlySet<string>, change: Partial<Picture>): void {
    const changed = (picture: Picture) => (runs.has(picture.run) ? { ...picture, ...change } : picture);
    this.slots = this.slots.map((each) =>
      each.picture && runs.has(each.picture.run) ? { ...each, picture: changed(each.picture) } : each,
    );
    this.ticked.change(changed);
  }

  /** Tries again what failed. */
  retry(): void {
    this.failure = undefined;
    if (this.known) this.#soon();
    else void this.load();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#fill(), REST);
  }

  #fill(): void {
    if (this.failure) return;
    for (const page of this.#pagesShown((at) => at < this.slots.length && !this.slots[at]?.picture))
      if (!this.#asked.has(page)) void this.#fetch([page], PAGE);
  }

  #pagesShown(which: (at: number) => boolean): number[] {
    const places = [...this.#shown.keys()].filter(which);
    return [...new Set(places.map((at) => Math.floor(at / PAGE)))];
  }

  async #fetch(pages: number[], limit: number): Promise<void> {
    const round = this.#round;
    for (const page of pages) this.#asked.add(page);
    const offset = (pages[0] ?? 0) * PAGE;
    try {
      const { pictures } = await this.#ask(offset, limit);
      if (round !== this.#round) return;
      const slots = [...this.slots];
      put(slots, offset, pictures);
      this.slots = slots;
    } catch (reason) {
      if (round !== this.#round) return;
      for (const page of pages) this.#asked.delete(page);
      this.failure = asFailure(reason);
    }
  }

  #ask(offset: number, limit: number) {
    return host().call("pictures", { ...filters.pictures(), offset, limit });
  }
}

function slot(at: number, picture: Picture | undefined): Slot {
  return { key: `#${at}`, picture };
}

/** Never past the end: what was made since the gallery was counted waits for the next count. */
function put(slots: Slot[], offset: number, pictures: Picture[]): void {
  pictures.slice(0, Math.max(0, slots.length - offset)).forEach((picture, at) => {
    slots[offset + at] = slot(offset + at, picture);
  });
}

/** The gallery of History. */
export const gallery = new Gallery();
