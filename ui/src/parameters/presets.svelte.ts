// Presets: values of a parameter column under a name. A seed is no part of them: it belongs to one picture or answer.
import { keep, recall } from "../frame/remembered.svelte";
import { reset } from "./change";

/** Values under a name. */
export interface Preset {
  name: string;
  values: Record<string, unknown>;
}

const LEFT_OUT = ["seed", "seed_locked"];
/** More would be no choice any more. */
const MOST = 50;

/** The presets of one parameter column. */
export class Presets {
  /** In the order in which they were made. */
  list = $state<Preset[]>([]);
  /** The one that was applied last. */
  applied = $state("");
  readonly #key: string;

  constructor(key: string) {
    this.#key = key;
  }

  /** Takes up what was kept. */
  start(): void {
    this.list = recall<Preset[]>(this.#key, []).filter(isPreset);
    this.applied = recall(`${this.#key}Applied`, "");
    keep(this.#key, () => this.list);
    keep(`${this.#key}Applied`, () => this.applied);
  }

  /** The applied preset; undefined when there is none, or none any more. */
  get current(): Preset | undefined {
    return this.list.find((preset) => preset.name === this.applied);
  }

  /** Whether the values are no longer those of the applied preset. */
  differs(values: object): boolean {
    return this.current !== undefined && written(without(values)) !== written(this.current.values);
  }

  /** Puts a preset's values in place of those that are there; the seed stays. */
  apply(name: string, values: object): void {
    const preset = this.list.find((each) => each.name === name);
    if (!preset) return;
    const kept = Object.fromEntries(Object.entries(values).filter(([key]) => LEFT_OUT.includes(key)));
    reset(values);
    Object.assign(values, structuredClone($state.snapshot(preset.values)), kept);
    this.applied = name;
  }

  /** Keeps the values under a name; one of the same name is replaced. */
  save(name: string, values: object): void {
    const called = name.trim().slice(0, 60);
    if (called === "") return;
    const preset = { name: called, values: without($state.snapshot(values)) };
    const at = this.list.findIndex((each) => each.name === called);
    if (at >= 0) this.list[at] = preset;
    else if (this.list.length < MOST) this.list.push(preset);
    this.applied = called;
  }

  /** Gives the applied preset another name; a name that is taken is refused. */
  rename(name: string): boolean {
    const called = name.trim().slice(0, 60);
    const preset = this.current;
    if (!preset || called === "") return false;
    if (called !== preset.name && this.list.some((each) => each.name === called)) return false;
    preset.name = called;
    this.applied = called;
    return true;
  }

  /** Forgets the applied preset; the values stay. Returns it, for Undo. */
  remove(): Preset | undefined {
    const preset = $state.snapshot(this.current) as Preset | undefined;
    this.list = this.list.filter((each) => each.name !== this.applied);
    this.applied = "";
    return preset;
  }

  /** Undoes `remove`. */
  restore(preset: Preset): void {
    this.list.push(preset);
    this.applied = preset.name;
  }
}

function without(values: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([key, value]) => !LEFT_OUT.includes(key) && value !== undefined),
  );
}

/** The same text for the same values, in whatever order they were set. */
function written(values: Record<string, unknown>): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => a.localeCompare(b)));
}

function isPreset(kept: unknown): kept is Preset {
  if (typeof kept !== "object" || kept === null || !("name" in kept) || !("values" in kept)) return false;
  return typeof kept.name === "string" && typeof kept.values === "object" && kept.values !== null;
}

/** The presets of the Text tab. */
export const textPresets = new Presets("textPresets");
