// A take: one text as it was said once. A long text has several parts, each a run of its own.
import type { Marks, RunInput } from "../../bindings";
import { host } from "../../host/host";
import { Batch, type Cell } from "../../runs/batch.svelte";
import { asFailure } from "../../runs/failure";
import { isSpeaking, type SpeakingTask, soundOf } from "../../runs/output";
import type { Run } from "../../runs/run.svelte";
import { toast } from "../../shared/toasts.svelte";
import { shapes } from "../../sound/shapes.svelte";
import { nameOf, type Sound, startsOf } from "../../sound/track";
import { expectedSeconds } from "./length";

/** One part of a take. */
export type Part = Cell<SpeakingTask>;

/** Whom a take tells. */
export interface TakeListener {
  /** More of it can be heard. */
  heard?: (take: Take) => void;
}

const NO_MARKS: Marks = { favourite: false, tags: [], note: "" };
/** A name is one line. */
const LONGEST = 80;

/** One text, said once. */
export class Take extends Batch<SpeakingTask> {
  /** What the person made of it; the first line of the note is its name. */
  marks = $state.raw<Marks>(NO_MARKS);
  #on: TakeListener;

  constructor(id: string, on: TakeListener = {}) {
    super(id);
    this.#on = on;
  }

  protected get what(): string {
    return this.cells.length > 1 ? "part" : "take";
  }

  protected takes(input: RunInput): input is SpeakingTask {
    return isSpeaking(input);
  }

  protected override heard(_run: Run): void {
    this.#on.heard?.(this);
  }

  protected async came(): Promise<void> {
    const first = this.stored.get(this.cells[0]?.run.id ?? "");
    if (first) this.marks = first.marks;
    this.#on.heard?.(this);
  }

  /** All of its text. */
  get text(): string {
    return this.cells.map(({ input }) => input.text).join(" ");
  }

  /** What the person calls it, else how it begins. */
  get name(): string {
    return this.marks.note.split("\n")[0]?.trim() || this.text.slice(0, LONGEST);
  }

  /** The voice, as the model calls it. */
  get voice(): string {
    const voice = this.cells[0]?.input.extra_body?.voice;
    return typeof voice === "string" ? voice : "";
  }

  /** Its runs, in order. */
  get runs(): string[] {
    return this.cells.map(({ run }) => run.id);
  }

  /** What can be heard of it, up to the first part that is still to come; a part that failed is left out. */
  get sounds(): Sound[] {
    const sounds: Sound[] = [];
    for (const { run } of this.cells) {
      const address = soundOf(run.output);
      const speaks = !run.ended && run.captions.length > 0;
      const seconds = run.captions.at(-1)?.end ?? 0;
      if (address || speaks) sounds.push({ run: run.id, address, seconds, growing: speaks });
      if (!run.ended) break;
    }
    return sounds;
  }

  /** Seconds of each of its sounds, so far. */
  get lengths(): number[] {
    return this.sounds.map(secondsOf);
  }

  /** Seconds of it, so far. */
  get seconds(): number {
    return startsOf(this.lengths).at(-1) ?? 0;
  }

  /** Seconds that it will last, about. */
  get expected(): number {
    return expectedSeconds(this.text);
  }

  /** Stars it, or takes the star away. */
  async star(favourite: boolean): Promise<void> {
    await this.#mark({ ...this.marks, favourite }, { ids: this.runs, favourite });
  }

  /** Gives it a name; an empty one is none. */
  async rename(name: string): Promise<void> {
    const rest = this.marks.note.split("\n").slice(1);
    const note = [name.trim().slice(0, LONGEST), ...rest].join("\n").trim();
    const [first] = this.runs;
    if (first) await this.#mark({ ...this.marks, note }, { ids: [first], note });
  }

  /** Shown at once; as before when it could not be kept. */
  async #mark(marks: Marks, args: { ids: string[]; favourite?: boolean; note?: string }): Promise<void> {
    const before = this.marks;
    this.marks = marks;
    try {
      await host().call("mark_runs", args);
    } catch (reason) {
      this.marks = before;
      toast(asFailure(reason).message);
    }
  }
}

/** Seconds of a sound: by its shape, else by what was said. */
function secondsOf({ address, run, seconds }: Sound): number {
  return (shapes.of(address) ?? shapes.of(nameOf(run)))?.seconds ?? seconds;
}
