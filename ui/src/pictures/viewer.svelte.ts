// What the viewer knows beyond the list it was given: which pictures it took away, which it starred, where it leads.
import { SvelteMap, SvelteSet } from "svelte/reactivity";
import type { Picture } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { toast } from "../shared/toasts.svelte";

/** One viewer's own state; the list and the place in it are its owner's. */
export class Viewing {
  readonly #gone = new SvelteSet<string>();
  readonly #starred = new SvelteMap<string, boolean>();
  readonly #changed: () => void;
  readonly #restored: (run: string) => void;

  /** `changed` is told when a run was marked, deleted or restored; `restored` which one is back. */
  constructor(changed: () => void, restored: (run: string) => void) {
    this.#changed = changed;
    this.#restored = restored;
  }

  /** Whether a picture is still there to be looked at. */
  stays(picture: Picture | undefined): boolean {
    return picture !== undefined && !this.#gone.has(picture.run);
  }

  /** Whether a picture's run is starred. */
  starred(picture: Picture): boolean {
    return this.#starred.get(picture.run) ?? picture.favourite;
  }

  /** The next place in a direction; where it began when there is none. */
  next(pictures: readonly Picture[], from: number, step: 1 | -1): number {
    for (let at = from + step; at >= 0 && at < pictures.length; at += step) {
      if (this.stays(pictures[at])) return at;
    }
    return from;
  }

  /** The first (`1`) or the last (`-1`) place. */
  edge(pictures: readonly Picture[], step: 1 | -1): number {
    return this.next(pictures, step === 1 ? -1 : pictures.length, step);
  }

  /** How many pictures are left, and which of them the one at a place is, from 1. */
  count(pictures: readonly Picture[], at: number): { of: number; place: number } {
    const left = pictures.filter((picture) => this.stays(picture));
    return { of: left.length, place: left.indexOf(pictures[at] as Picture) + 1 };
  }

  /** Stars a picture's run, or takes the star away. */
  async star(picture: Picture): Promise<void> {
    const favourite = !this.starred(picture);
    this.#starred.set(picture.run, favourite);
    try {
      await host().call("mark_runs", { ids: [picture.run], favourite });
      this.#changed();
    } catch (reason) {
      this.#starred.set(picture.run, !favourite);
      toast(asFailure(reason).message);
    }
  }

  /** Deletes a picture's run with all its pictures; a toast offers to undo it. */
  async remove(picture: Picture, pictures: readonly Picture[]): Promise<boolean> {
    const { run } = picture;
    this.#gone.add(run);
    try {
      await host().call("delete_runs", { ids: [run] });
    } catch (reason) {
      this.#gone.delete(run);
      toast(asFailure(reason).message);
      return false;
    }
    const many = pictures.filter((each) => each.run === run).length;
    const text = many === 1 ? "Picture deleted." : `Run deleted with its ${many} pictures.`;
    toast(text, { action: { label: "Undo", run: () => void this.#restore(run) } });
    this.#changed();
    return true;
  }

  async #restore(run: string): Promise<void> {
    try {
      await host().call("restore_runs", { ids: [run] });
      this.#gone.delete(run);
      this.#restored(run);
      this.#changed();
    } catch (reason) {
      toast(asFailure(reason).message);
    }
  }
}
