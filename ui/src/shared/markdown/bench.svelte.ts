// Measures the real component as it streams: time of one update, style and layout included, from 1 kB on and
// from 100 kB on. Beside it the naive way (the whole text parsed, cleaned and set anew each time). Driven by
// tests/bench/markdown.mjs; no part of the app.
import "../../frame/base.css";
import DOMPurify from "dompurify";
import { marked } from "marked";
import { flushSync, mount, unmount } from "svelte";
import { setHost } from "../../host/host";
import { tauri } from "../../host/tauri";
import Markdown from "../Markdown.svelte";
import { SAMPLES } from "./samples";

/** Milliseconds of one update: the middle, one in twenty, the longest, and how many were counted. */
interface Figure {
  p50: number;
  p95: number;
  longest: number;
  updates: number;
}

/** Characters in an update: about what a fast model writes in a frame. */
const STEP = 16;
const SMALL = 1_000;
const LARGE = 100_000;
/** Characters of updates that are counted from each length on: what both lengths see is then of one kind. */
const WINDOW = 4_200;
/** Characters in an update far below the length that is measured from; what stands on the page is the same then. */
const STRIDE = 4_000;
/** Nothing moves any more when the page asked for no frame in so many looks, 20 ms apart. */
const STILL = 10;
/** Updates of the naive way at each length; it is too slow for more. */
const NAIVE = 10;

/** The component's frames pass when the measurement says so, and count in full. */
let frames: FrameRequestCallback[] = [];
window.requestAnimationFrame = (next) => frames.push(next);

function passFrame(): void {
  const due = frames;
  frames = [];
  for (const next of due) next(performance.now());
}

const { port1, port2 } = new MessageChannel();

/** Lets the worker's answers in; faster than a timer, of which browsers make four milliseconds. */
function breathe(): Promise<void> {
  return new Promise((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(0);
  });
}

function figure(times: number[]): Figure {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), longest: at(1), updates: sorted.length };
}

/** A scrolling box of the width that answers have. */
function stage(): HTMLElement {
  const box = document.createElement("div");
  box.style.cssText = "height: 100vh; max-width: 46rem; overflow-y: auto";
  document.body.append(box);
  return box;
}

/** Does something and lays the page out; gives the milliseconds of both. */
function timed(box: HTMLElement, update: () => void): number {
  const begun = performance.now();
  update();
  box.scrollTop = box.scrollHeight;
  return performance.now() - begun;
}

/** Lets frames pass until none is asked for any more: all code is coloured then. */
async function settle(): Promise<void> {
  for (let still = 0; still < STILL; still++) {
    if (frames.length > 0) still = 0;
    passFrame();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Streams a text through the component; gives the time of each update past a length. It strides to 1 kB before that
 * length, comes to rest and goes on in small steps.
 */
async function stream(text: string, from: number): Promise<number[]> {
  const target = stage();
  const props = $state({ text: "", streaming: true });
  const page = mount(Markdown, { target, props });
  flushSync();
  const showUpTo = (length: number) =>
    timed(target, () => {
      props.text = text.slice(0, length);
      flushSync();
      passFrame();
    });
  const near = Math.max(0, from - SMALL);
  for (let at = STRIDE; at < near; at += STRIDE) {
    showUpTo(at);
    await breathe();
  }
  await settle();
  const times: number[] = [];
  for (let at = near + STEP; at <= text.length; at += STEP) {
    const time = showUpTo(at);
    if (at > from) times.push(time);
    await breathe();
  }
  await unmount(page);
  target.remove();
  return times;
}

/** The naive way, `NAIVE` updates long, beginning at a length. */
async function naive(text: string, length: number): Promise<Figure> {
  const target = stage();
  const times: number[] = [];
  for (let n = 0; n < NAIVE; n++) {
    const next = text.slice(0, length + n * STEP);
    times.push(
      timed(target, () => {
        target.innerHTML = DOMPurify.sanitize(marked.parse(next, { async: false }));
      }),
    );
    await breathe();
  }
  target.remove();
  return figure(times);
}

/** One kind of text: updates from 1 kB on and from 100 kB on, of so many streams each, after one to warm up. */
async function measure(kind: string, streams: number) {
  const text = (SAMPLES[kind] ?? (() => ""))(LARGE + WINDOW);
  const small: number[] = [];
  await stream(text.slice(0, SMALL + WINDOW), SMALL);
  for (let n = 0; n < streams; n++) small.push(...(await stream(text.slice(0, SMALL + WINDOW), SMALL)));
  const large: number[] = [];
  for (let n = 0; n < streams; n++) large.push(...(await stream(text.slice(0, LARGE + WINDOW), LARGE)));
  return { small: figure(small), large: figure(large) };
}

/** Whether the worker coloured a block of code: it must, under the page's policy. */
async function colours(): Promise<boolean> {
  const target = stage();
  const page = mount(Markdown, { target, props: { text: "```js\nconst a = 1;\n```", streaming: false } });
  flushSync();
  const until = performance.now() + 5_000;
  while (performance.now() < until && !target.querySelector(".t-keyword")) {
    passFrame();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const coloured = target.querySelector(".t-keyword") !== null;
  await unmount(page);
  target.remove();
  return coloured;
}

setHost(tauri);
const bench = {
  kinds: Object.keys(SAMPLES),
  measure,
  colours,
  naive: async () => ({
    small: await naive(SAMPLES.mixed?.(2 * SMALL) ?? "", SMALL),
    large: await naive(SAMPLES.mixed?.(LARGE + 1_000) ?? "", LARGE),
  }),
};
Object.assign(window, { bench });
