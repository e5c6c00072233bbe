// The fake's sounds: how long a text lasts when it is said, its sentences in time, and a shape to be drawn. An
// address tells its own length: `media:sound-7-3200.wav` lasts 3.2 seconds.
import type { Caption, Commands, Peaks, Run, SoundFile, Voice } from "../../bindings";
import { soundOf } from "../../runs/output";
import { gone } from "./gone";

const SPEED = 14;
const PAUSE = 0.25;

const BUILTIN: Voice[] = [
  { id: "af_heart", name: "Heart", language: "en-US", about: "woman, warm" },
  { id: "af_bella", name: "Bella", language: "en-US", about: "woman" },
  { id: "am_michael", name: "Michael", language: "en-US", about: "man" },
  { id: "bf_emma", name: "Emma", language: "en-GB", about: "woman" },
  { id: "bm_george", name: "George", language: "en-GB", about: "man" },
];

/** The commands about sounds that need no run. */
export function soundAnswers(find: (id: string) => Run | undefined): Partial<{
  [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"];
}> {
  return {
    voices: ({ connection }) => (connection === "builtin" ? BUILTIN : []),
    takes: ({ text, seconds }) => split(text, seconds),
    sound: ({ address }) => facts(address),
    open_sound: () => facts("media:sound-1-2500.wav"),
    peaks: ({ address, columns }) => shape(address, columns, secondsOf(address, find)),
    save_sound: () => ({}),
  };
}

/** How long a sound lasts; of a run that still speaks, so far. */
export function secondsOf(sound: string, find: (id: string) => Run | undefined): number {
  if (!sound.startsWith("run:")) return facts(sound).seconds;
  const output = find(sound.slice("run:".length))?.output;
  if (!output || !("audio" in output)) throw gone("sound");
  const address = soundOf(output);
  return address ? facts(address).seconds : (output.captions?.at(-1)?.end ?? 0);
}

/** Where a sound of so many seconds lies. */
export function soundAddress(number: number, seconds: number): string {
  return `media:sound-${number}-${Math.round(seconds * 1000)}.wav`;
}

/** The sentences of a text, each with its time. */
export function captionsOf(text: string): Caption[] {
  let start = 0;
  return sentences(text).map((sentence) => {
    const end = start + sentence.length / SPEED;
    const caption = { text: sentence, start, end };
    start = end + PAUSE;
    return caption;
  });
}

function sentences(text: string): string[] {
  return (text.match(/[^.!?\n]+[.!?]*/g) ?? []).map((each) => each.trim()).filter(Boolean);
}

function split(text: string, seconds: number): string[] {
  const takes: string[] = [];
  for (const sentence of sentences(text)) {
    const longer = `${takes.at(-1) ?? ""} ${sentence}`.trim();
    if (takes.length > 0 && longer.length <= seconds * SPEED) takes[takes.length - 1] = longer;
    else takes.push(sentence);
  }
  return takes;
}

function facts(address: string): SoundFile {
  if (address.startsWith("media:missing")) throw gone("sound");
  const seconds = Number(/-(\d+)\.wav$/.exec(address)?.[1] ?? 3_000) / 1000;
  const format = { media_type: "audio/wav", sample_rate: 24_000, channels: 1 };
  return { address, seconds, ...format, bytes: Math.round(seconds * 48_000) + 44, whole: true };
}

/** Syllables that swell and fall, and a breath now and then. */
function shape(address: string, columns: number, seconds: number): Peaks {
  const mark = [...address].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const high = Array.from({ length: columns }, (_, at) => {
    const time = (at / columns) * seconds;
    const breath = Math.sin(time * 1.7 + mark) < -0.86 ? 0.04 : 1;
    const loud = Math.abs(Math.sin(time * 9 + mark)) * (0.5 + 0.5 * Math.abs(Math.sin(at * 12.9898)));
    return Math.round(110 * breath * (0.12 + 0.88 * loud));
  });
  return { seconds, high, low: high.map((value) => -value) };
}
