// One or several sounds that are heard one after the other, as one line of time. Pure.
import type { Peaks, Piece } from "../bindings";

/** A sound that a run made, or is making. */
export interface Sound {
  run: string;
  /** The `media:` address of its file; empty while it is being made. */
  address: string;
  /** Seconds of it, as far as they are known. */
  seconds: number;
  /** It is still being made. */
  growing: boolean;
}

/** The silence between two sounds that belong together, seconds. */
export const GAP = 0.25;

/** What the player calls the sound of a run, whether it is being made or whole. */
export function nameOf(run: string): string {
  return `run:${run}`;
}

/** What the player is given. */
export function piecesOf(runs: string[]): Piece[] {
  return runs.map((run, at) => ({ sound: nameOf(run), ...(at > 0 && { gap: GAP }) }));
}

/** Where each sound begins, and at last where all of it ends; seconds. */
export function startsOf(lengths: number[]): number[] {
  const starts: number[] = [];
  let end = 0;
  for (const [at, length] of lengths.entries()) {
    const start = end + (at > 0 ? GAP : 0);
    starts.push(start);
    end = start + length;
  }
  return [...starts, end];
}

/** Which sound is heard at a time, and where in it; a time in a silence is the start of what follows. */
export function placeAt(lengths: number[], seconds: number): { piece: number; at: number } {
  const starts = startsOf(lengths);
  let piece = 0;
  for (let next = 1; next < lengths.length; next++) {
    const before = (starts[next] ?? 0) - GAP;
    if (seconds >= before && seconds > 0) piece = next;
  }
  const at = seconds - (starts[piece] ?? 0);
  return { piece, at: Math.min(lengths[piece] ?? 0, Math.max(0, at)) };
}

/** A bar of a drawn sound, -1 to 1. */
export interface Bar {
  low: number;
  high: number;
}

/** A shape with the time that it takes in a line of sounds. */
export interface Shape {
  seconds: number;
  peaks: Pick<Peaks, "low" | "high"> | undefined;
}

/** So many bars for sounds one after the other; silence where a shape is not known. */
export function barsOf(shapes: Shape[], count: number): Bar[] {
  const lengths = shapes.map(({ seconds }) => seconds);
  const starts = startsOf(lengths);
  const total = starts.at(-1) ?? 0;
  return Array.from({ length: total > 0 ? count : 0 }, (_, at) =>
    barAt(shapes, starts, (at / count) * total, ((at + 1) / count) * total),
  );
}

function barAt(shapes: Shape[], starts: number[], from: number, to: number): Bar {
  const bar = { low: 0, high: 0 };
  for (const [at, { peaks, seconds }] of shapes.entries()) {
    const start = starts[at] ?? 0;
    if (!peaks || seconds <= 0 || to <= start || from >= start + seconds) continue;
    const columns = peaks.high.length;
    const first = Math.max(0, Math.floor(((from - start) / seconds) * columns));
    const after = Math.min(columns, Math.max(first + 1, Math.ceil(((to - start) / seconds) * columns)));
    for (let column = first; column < after; column++) {
      bar.low = Math.min(bar.low, (peaks.low[column] ?? 0) / 127);
      bar.high = Math.max(bar.high, (peaks.high[column] ?? 0) / 127);
    }
  }
  return bar;
}

/** A time as "0:03" or "1:02:03". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  const two = (number: number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** A place in a sound as it is said: "3 of 12 seconds". */
export function spokenPlace(position: number, total: number): string {
  const [at, all] = [Math.round(position), Math.round(total)];
  return `${at} of ${all} ${all === 1 ? "second" : "seconds"}`;
}
