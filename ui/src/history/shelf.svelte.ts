// How History is looked at (list or gallery, large or small), and the search that serves whichever is shown.
import type { FilterChoices, Storage } from "../bindings";
import { keep, recall } from "../frame/remembered.svelte";
import { host } from "../host/host";
import { type Filter, filters } from "./filters.svelte";
import { gallery } from "./gallery.svelte";
import { history } from "./history.svelte";

/** Typing rests this long before it searches, in milliseconds. */
const PAUSE = 180;

/** The two views. */
export type View = "list" | "gallery";
/** How large tiles are. */
export type Tiles = "small" | "medium" | "large";

class Shelf {
  view = $state<View>("list");
  tiles = $state<Tiles>("medium");
  /** What the filters offer. */
  choices = $state.raw<FilterChoices>({ models: [], providers: [], tags: [] });
  /** What the data folder holds; undefined until it is known. */
  storage = $state.raw<Storage | undefined>();
  #started = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes up what was left at the last exit, once, and reads all that is shown anew. */
  open(): void {
    if (!this.#started) {
      this.#started = true;
      if (recall<string>("historyView", "list") === "gallery") this.view = "gallery";
      const tiles = recall<string>("historyTiles", this.tiles);
      if (tiles === "small" || tiles === "large") this.tiles = tiles;
      filters.meaning = recall("historyMeaning", false);
      keep("historyView", () => this.view);
      keep("historyMeaning", () => filters.meaning);
      keep("historyTiles", () => this.tiles);
    }
    void this.load("here");
  }

  /** Whether the gallery is shown. */
  get gallery(): boolean {
    return this.view === "gallery";
  }

  /** What is ticked in the view that is shown. */
  get ticked() {
    return this.gallery ? gallery.ticked : history.ticked;
  }

  /** Shows the other view. A run that is open stays open only in the list. */
  show(view: View): void {
    this.ticked.clear();
    this.view = view;
    if (view === "gallery") history.openId = undefined;
    void this.load();
  }

  /** Reads anew what is shown and what stands around it. */
  async load(from: "start" | "here" = "start"): Promise<void> {
    clearTimeout(this.#timer);
    void this.around();
    await (this.gallery ? gallery.load(from) : history.load());
  }

  /** Sets some filters; ticks of what may be out of sight now go. */
  async filter(change: Partial<Filter>): Promise<void> {
    Object.assign(filters.set, change);
    await this.#anew();
  }

  /** Takes every filter away. */
  async clear(): Promise<void> {
    filters.clear();
    await this.#anew();
  }

  /** Searches when the typing rests. */
  search(query: string): void {
    filters.query = query;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#anew(), PAUSE);
  }

  /** Compares the words by their meaning, or letter by letter. */
  async byMeaning(on: boolean): Promise<void> {
    filters.meaning = on;
    await this.#anew();
  }

  async #anew(): Promise<void> {
    clearTimeout(this.#timer);
    gallery.ticked.clear();
    await (this.gallery ? gallery.load() : history.load());
  }

  /** Reads what stands around the runs; it is left as it was where it cannot be read: they themselves say why. */
  async around(): Promise<void> {
    const [choices, storage] = await Promise.allSettled([
      host().call("filter_choices", {}),
      host().call("storage", {}),
    ]);
    if (choices.status === "fulfilled") this.choices = choices.value;
    if (storage.status === "fulfilled") this.storage = storage.value;
  }
}

/** How History is looked at. */
export const shelf = new Shelf();
