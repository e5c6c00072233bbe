// Draws the bars of a sound on a canvas, sharp on any screen.
import type { Bar } from "./track";

/** What is drawn. */
export interface Drawing {
  bars: Bar[];
  /** The part that was heard, 0 to 1. */
  heard: number;
  /** A bar and the gap beside it, px. */
  step: number;
  width: number;
  height: number;
  /** Changes with the theme, so that who draws draws again. */
  look: string;
}

/** The least a bar is high, px: silence is seen, too. */
const LEAST = 2;
const GAP = 1;
/** A sound that stays below is drawn low: noise is no voice. */
const QUIET = 0.1;
const CURVE = 0.7;

/** Draws with the next frame, when a new theme holds; for an effect, whose return takes it back. */
export function drawSoon(canvas: HTMLCanvasElement, drawing: Drawing): () => void {
  const frame = requestAnimationFrame(() => drawBars(canvas, drawing));
  return () => cancelAnimationFrame(frame);
}

/** How high a loudness is drawn, 0 to 1: the loudest of the sound is full, and what is quiet is seen, too. */
export function heightOf(loudness: number, loudest: number): number {
  return Math.min(1, Math.abs(loudness) / Math.max(QUIET, loudest)) ** CURVE;
}

/** Draws; the colours are the canvas's own `fill` (heard) and `stroke` (still to come). */
function drawBars(canvas: HTMLCanvasElement, { bars, heard, step, width, height }: Drawing): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const { fill, stroke } = getComputedStyle(canvas);
  const middle = height / 2;
  const edge = heard * bars.length;
  const loudest = Math.max(0, ...bars.map(({ low, high }) => Math.max(-low, high)));
  for (const [at, { low, high }] of bars.entries()) {
    context.fillStyle = at < edge ? fill : stroke;
    const [top, bottom] = [heightOf(high, loudest) * middle, heightOf(low, loudest) * middle];
    const spare = Math.max(0, LEAST - top - bottom) / 2;
    context.fillRect(at * step, middle - top - spare, step - GAP, top + bottom + 2 * spare);
  }
}
