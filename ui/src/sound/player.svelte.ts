// The player as Rust has it, and what it is told. One player for the whole window: what begins replaces what was.
import type { Playing, SoundDevice, SoundOrder } from "../bindings";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { settings } from "../settings/settings.svelte";
import { toast } from "../shared/toasts.svelte";
import { nameOf, piecesOf } from "./track";

const STILL: Playing = {
  ...{ phase: "idle", pieces: [], piece: 0, position: 0, duration: 0, growing: false },
  ...{ volume: 1, speed: 1, repeat: false },
};

/** How fast sound can be played. */
export const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

class Player {
  /** Where it stands, as Rust told it last. */
  now = $state.raw<Playing>(STILL);
  /** Places where sound can be heard, as far as they were asked for. */
  devices = $state.raw<SoundDevice[]>([]);
  /** Silent until the person says otherwise; how loud it was stays known. */
  muted = $state(false);

  /** Follows Rust's player, and tells it what the person set. A player that does not answer stays still. */
  async start(): Promise<void> {
    const { volume, sound_device } = settings.current;
    try {
      await host().watchSound((playing) => {
        this.now = playing;
      });
    } catch {
      return;
    }
    this.#tell({ do: "volume", volume });
    if (sound_device) this.#tell({ do: "device", id: sound_device });
  }

  /** Something is heard, or would be as soon as there is more of it. */
  get playing(): boolean {
    const { phase, problem } = this.now;
    return phase === "playing" || (phase === "waiting" && problem === undefined);
  }

  /** What it holds is of these runs, and of nothing else. */
  holds(runs: string[]): boolean {
    const { pieces } = this.now;
    const names = runs.map(nameOf);
    return pieces.length > 0 && pieces.every(({ sound }) => names.includes(sound));
  }

  /** The run whose sound is heard or held now. */
  get run(): string | undefined {
    const { phase, pieces, piece } = this.now;
    return phase === "idle" ? undefined : pieces[piece]?.sound.replace(/^run:/, "");
  }

  /** Plays the sounds of these runs one after the other, from a place on. */
  play(runs: string[], piece = 0, at = 0): void {
    if (runs.length > 0) this.#tell({ do: "play", pieces: piecesOf(runs), piece, at });
  }

  /** Plays these, holds, or goes on. */
  toggle(runs: string[]): void {
    if (!this.holds(runs)) this.play(runs);
    else if (this.playing) this.#tell({ do: "pause" });
    else this.#tell({ do: "resume" });
  }

  /** Holds. */
  pause(): void {
    this.#tell({ do: "pause" });
  }

  /** Goes to a place in what it holds. It is there at once for the page: the next key goes on from there. */
  seek(piece: number, at: number): void {
    this.now = { ...this.now, piece, position: at };
    this.#tell({ do: "seek", piece, at });
  }

  /** Silence: lets go of everything. */
  stop(): void {
    this.#tell({ do: "stop" });
  }

  /** How loud, 0 to 1; kept for the next start. */
  volume(volume: number): void {
    this.muted = false;
    this.#tell({ do: "volume", volume });
    settings.save({ volume }).catch(complain);
  }

  /** Silent, or as loud as before. */
  mute(muted: boolean): void {
    this.muted = muted;
    this.#tell({ do: "volume", volume: muted ? 0 : settings.current.volume });
  }

  /** How fast, 0.5 to 2. */
  speed(speed: number): void {
    this.#tell({ do: "speed", speed });
  }

  /** Whether it begins again at its end. */
  repeat(repeat: boolean): void {
    this.#tell({ do: "repeat", repeat });
  }

  /** Where it is heard; undefined is the system's own choice. Kept for the next start. */
  device(id: string | undefined): void {
    this.#tell({ do: "device", ...(id && { id }) });
    settings.save({ sound_device: id }).catch(complain);
  }

  /** Asks which devices there are now. */
  async look(): Promise<void> {
    this.devices = await host()
      .soundDevices()
      .catch(() => []);
  }

  #tell(order: SoundOrder): void {
    host().sound(order).catch(complain);
  }
}

function complain(reason: unknown): void {
  toast(asFailure(reason).message);
}

/** The one player. */
export const player = new Player();
