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
/** Streams of the short text, so that both lengths count about as many updates. */
const TIMES = 5;
/** Updates of the naive way at each length; it is too slow for more. */
const NAIVE = 20;

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

/** Streams a text through the component; gives the time of each update past a length. */
async function stream(text: string, from: number): Promise<number[]> {
  const target = stage();
  const props = $state({ text: "", streaming: true });
  const page = mount(Markdown, { target, props });
  flushSync();
  const times: number[] = [];
  for (let at = STEP; at <= text.length; at += STEP) {
    const next = text.slice(0, at);
    const time = timed(target, () => {
      props.text = next;
      flushSync();
      passFrame();
    });
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

/** One kind of text: updates from 1 kB on (of several streams, after one to warm up), and from 100 kB on. */
async function measure(kind: string) {
  const text = (SAMPLES[kind] ?? (() => ""))(LARGE + WINDOW);
  const small: number[] = [];
  await stream(text.slice(0, SMALL + WINDOW), SMALL);
  for (let n = 0; n < TIMES; n++) small.push(...(await stream(text.slice(0, SMALL + WINDOW), SMALL)));
  const large: number[] = [];
  for (let n = 0; n < TIMES; n++) large.push(...(await stream(text.slice(0, LARGE + WINDOW), LARGE)));
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
