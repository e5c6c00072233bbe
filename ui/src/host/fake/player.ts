// The fake's player: does as it is told, on a clock that goes by itself or as a test lets it go.
import type { Playing, SoundDevice, SoundOrder } from "../../bindings";

/** How the fake's sound behaves. */
export interface SoundOptions {
  /** The clock goes by itself; else only `pass` lets time go by. */
  live?: boolean | undefined;
  /** There is no sound device. */
  silent?: boolean | undefined;
}

const BEAT = 1 / 30;
const STILL: Playing = {
  ...{ phase: "idle", pieces: [], piece: 0, position: 0, duration: 0, growing: false },
  ...{ volume: 1, speed: 1, repeat: false },
};

/** A player without a sound. */
export class FakePlayer {
  now: Playing = STILL;
  readonly #length: (sound: string) => { seconds: number; growing: boolean };
  readonly #options: SoundOptions;
  #on: ((playing: Playing) => void) | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(length: (sound: string) => { seconds: number; growing: boolean }, options: SoundOptions) {
    this.#length = length;
    this.#options = options;
  }

  /** Tells how it stands, now and after each change. */
  watch(on: (playing: Playing) => void): void {
    this.#on = on;
    this.#tell({});
  }

  /** Places where sound can be heard. */
  devices(): SoundDevice[] {
    if (this.#options.silent) return [];
    return [
      { id: "speakers", name: "Built-in speakers", default: true },
      { id: "headphones", name: "Headphones", default: false },
    ];
  }

  /** Does what it is told. */
  order(order: SoundOrder): void {
    if (order.do === "play") this.#play(order.pieces, order.piece ?? 0, order.at ?? 0);
    else if (order.do === "pause") this.#tell({ phase: this.#heard ? "paused" : this.now.phase });
    else if (order.do === "resume") this.#resume();
    else if (order.do === "seek") this.#seek(order.piece, order.at);
    else if (order.do === "stop")
      this.#tell({ ...STILL, volume: this.now.volume, speed: this.now.speed, device: this.now.device });
    else if (order.do === "device") this.#tell({ device: order.id });
    else {
      const { do: _, ...change } = order;
      this.#tell(change);
    }
  }

  /** Lets time go by, in seconds. */
  pass(seconds: number): void {
    for (let left = seconds; left > 1e-9 && this.#heard; left -= BEAT) this.#beat(Math.min(BEAT, left));
  }

  get #heard(): boolean {
    return this.now.phase === "playing" || (this.now.phase === "waiting" && !this.now.problem);
  }

  #play(pieces: Playing["pieces"], piece: number, at: number): void {
    const problem = this.#options.silent
      ? { code: "internal" as const, message: "No sound device was found." }
      : undefined;
    this.#tell({ phase: problem ? "waiting" : "playing", pieces, problem });
    this.#seek(piece, at);
  }

  #resume(): void {
    if (this.#options.silent || this.now.pieces.length === 0) return;
    if (this.now.phase === "ended") this.#seek(0, 0);
    this.#tell({ phase: "playing" });
  }

  #seek(piece: number, at: number): void {
    const sound = this.now.pieces[piece]?.sound;
    if (sound === undefined) return;
    try {
      const { seconds, growing } = this.#length(sound);
      const phase = this.now.phase === "ended" ? "paused" : this.now.phase;
      this.#tell({
        ...{ phase, piece, growing },
        ...{ position: Math.min(seconds, Math.max(0, at)), duration: seconds },
      });
    } catch (problem) {
      this.#tell({ phase: "idle", problem: problem as Playing["problem"] });
    }
  }

  #beat(seconds: number): void {
    const { piece, pieces, position, speed, repeat } = this.now;
    const { seconds: duration, growing } = this.#length(pieces[piece]?.sound ?? "");
    const next = position + seconds * speed;
    if (next < duration) this.#tell({ phase: "playing", position: next, duration, growing });
    else if (growing) this.#tell({ phase: "waiting", position: duration, duration, growing });
    else if (piece + 1 < pieces.length) this.#seek(piece + 1, 0);
    else if (repeat) this.#seek(0, 0);
    else this.#tell({ phase: "ended", position: duration, duration, growing });
  }

  #tell(change: Partial<Playing>): void {
    this.now = { ...this.now, ...change };
    this.#on?.(structuredClone(this.now));
    const goes = this.#heard && this.#options.live === true;
    if (goes) this.#timer ??= setInterval(() => this.#beat(BEAT), BEAT * 1000);
    else if (this.#timer !== undefined) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}
