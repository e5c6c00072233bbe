// A room to listen in: a PulseAudio server with a sink that leads nowhere, a recording of it, and an ear for it.
import { execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { until } from "./app.mjs";
import { end } from "./stage.mjs";

/** Moments a second of every recording. */
export const RATE = 48_000;
/** What is quieter is silence. */
const SILENCE = 1e-3;

/** The sound server of a stage. */
export class Room {
  static async open(stage) {
    const room = stage.keep(new Room());
    room.folder = stage.makeFolder("room");
    const socket = join(room.folder, "native");
    room.env = { PULSE_SERVER: `unix:${socket}` };
    const own = { ...stage.env, ...room.env, HOME: room.folder, XDG_RUNTIME_DIR: room.folder };
    room.own = own;
    const options = ["--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--disable-shm=yes", "-n"];
    const protocol = `--load=module-native-protocol-unix socket=${socket} auth-anonymous=1`;
    const sink = `--load=module-null-sink sink_name=room rate=${RATE} format=float32le`;
    room.server = spawn("pulseaudio", [...options, protocol, sink], { env: own, stdio: "ignore" });
    await until(() => room.#lists("sinks").includes("room"), "the sink");
    return room;
  }

  #lists(what) {
    try {
      const options = { env: this.own, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] };
      return execFileSync("pactl", ["list", "short", what], options);
    } catch {
      return ""; // It is not there yet.
    }
  }

  /** Whether anyone plays into the sink. */
  get used() {
    return this.#lists("sink-inputs") !== "";
  }

  /** Records from now on; returns when it runs. */
  async record() {
    const recording = new Recording(this.own);
    this.recordings = [...(this.recordings ?? []), recording];
    await until(() => recording.now > 0, "the recorder");
    return recording;
  }

  async close() {
    for (const recording of this.recordings ?? []) await recording.close();
    await end(this.server);
  }
}

/** What the sink hears: its left side, on a line of time of its own. */
class Recording {
  /** Moments so far. */
  now = 0;
  #blocks = [];
  #rest = Buffer.alloc(0);

  constructor(env) {
    const form = ["--format=float32le", "--channels=2", `--rate=${RATE}`, "--latency-msec=10", "--raw"];
    this.recorder = spawn("parec", ["-d", "room.monitor", ...form], { env, stdio: ["ignore", "pipe", "ignore"] });
    this.recorder.stdout.on("data", (bytes) => this.#take(Buffer.concat([this.#rest, bytes])));
  }

  #take(bytes) {
    const moments = Math.floor(bytes.length / 8);
    const left = Float32Array.from({ length: moments }, (_, at) => bytes.readFloatLE(at * 8));
    this.#rest = bytes.subarray(moments * 8);
    this.now += moments;
    this.#blocks.push({ left, end: this.now, came: Date.now() });
  }

  /** Its samples from one moment to another. */
  heard(from = 0, to = this.now) {
    const first = this.#blocks.findLastIndex(({ end }) => end <= from) + 1;
    const start = this.#blocks[first - 1]?.end ?? 0;
    const all = new Float32Array(Math.max(0, this.now - start));
    for (const { left, end } of this.#blocks.slice(first)) all.set(left, end - left.length - start);
    return all.subarray(from - start, Math.max(0, to - start));
  }

  /** How far it was at this time of the clock, milliseconds since 1970. */
  at(time) {
    return this.#blocks.findLast(({ came }) => came <= time)?.end ?? 0;
  }

  /** When a moment was heard, milliseconds since 1970. */
  cameAt(moment) {
    return this.#blocks.find(({ end }) => end > moment)?.came;
  }

  /** Waits until this many seconds were recorded after a moment. */
  wait(from, seconds) {
    return until(() => this.now >= from + seconds * RATE, `${seconds} s of the recording`, 30_000);
  }

  /** Waits until something is heard after a moment, and gives the moment it begins. */
  async begins(from, patience = 10_000) {
    let seen = from;
    const found = await until(() => {
      const first = this.heard(seen).findIndex((sample) => Math.abs(sample) > SILENCE);
      if (first >= 0) return { at: seen + first };
      seen = this.now;
      return undefined;
    }, "a sound", patience);
    return found.at;
  }

  /** The moment after the last of sound between two moments. */
  ends(from = 0, to = this.now) {
    return from + this.heard(from, to).findLastIndex((sample) => Math.abs(sample) > SILENCE) + 1;
  }

  close() {
    return end(this.recorder);
  }
}

/** Measures what is heard, again while it is wrong: a machine that is held up loses sound, a defect does so each time. */
export async function measured(measure, tries = 5) {
  for (;;) {
    try {
      return await measure();
    } catch (error) {
      if (error.code !== "ERR_ASSERTION" || --tries === 0) throw error;
    }
  }
}

/** Whether nothing is heard in these. */
const silent = (samples) => samples.every((sample) => Math.abs(sample) <= SILENCE);

/** These samples in blocks of so many milliseconds. */
function blocksOf(samples, milliseconds) {
  const size = (RATE / 1000) * milliseconds;
  const count = Math.floor(samples.length / size);
  return Array.from({ length: count }, (_, at) => samples.subarray(at * size, (at + 1) * size));
}

/** Seconds in which something is heard. A busy machine may break a sound; nothing of it is lost by that. */
export const sounding = (samples) => blocksOf(samples, 5).filter((block) => !silent(block)).length / 200;

/** The longest stretch that is not broken by a silent millisecond. */
export function unbroken(samples) {
  const heard = blocksOf(samples, 1).map((block) => !silent(block));
  let [best, from] = [[0, 0], 0];
  for (let at = 0; at <= heard.length; at++) {
    if (heard[at]) continue;
    if (at - from > best[1] - best[0]) best = [from, at];
    from = at + 1;
  }
  return samples.subarray((best[0] * RATE) / 1000, (best[1] * RATE) / 1000);
}

/** Decibels below a full square wave. */
export function level(samples) {
  return 10 * Math.log10(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
}

/** The loudest pitch between two in the first half of a second, to a quarter of a hertz. */
export function loudest(all, from = 400, to = 480) {
  const samples = all.subarray(0, RATE / 2);
  let best = [0, 0];
  for (let pitch = from; pitch <= to; pitch += 0.25) {
    const power = powerOf(samples, pitch);
    if (power > best[0]) best = [power, pitch];
  }
  return best[1];
}

/** How much of this pitch is in it (Goertzel's way). */
function powerOf(samples, pitch) {
  const turn = 2 * Math.cos((2 * Math.PI * pitch) / RATE);
  let [one, two] = [0, 0];
  for (const [at, sample] of samples.entries()) {
    const hill = 0.5 - 0.5 * Math.cos((2 * Math.PI * at) / samples.length);
    [one, two] = [turn * one - two + sample * hill, one];
  }
  return one * one + two * two - turn * one * two;
}

/** How loud each fiftieth of a second is. */
const loudness = (samples) => blocksOf(samples, 20).map((block) => Math.sqrt(10 ** (level(block) / 10)));

/** How well the loudness of a recording goes with that of a sound, where it goes best: 1 is in step, 0 not at all. */
export function alike(recording, sound) {
  const [heard, wanted] = [loudness(recording), loudness(sound)];
  const starts = Array.from({ length: Math.max(1, heard.length - wanted.length + 1) }, (_, at) => at);
  return Math.max(...starts.map((start) => correlation(heard.slice(start, start + wanted.length), wanted)));
}

function correlation(one, other) {
  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [here, there] = [mean(one), mean(other)];
  const product = (left, right, [a, b]) =>
    left.reduce((sum, value, at) => sum + (value - a) * ((right[at] ?? 0) - b), 0);
  const spread = Math.sqrt(product(one, one, [here, here]) * product(other, other, [there, there]));
  return spread > 0 ? product(one, other, [here, there]) / spread : 0;
}

/** The samples of a WAV file of 16 bits and one channel, at the rate of recordings. */
export function samplesOf(wav) {
  const step = wav.readUInt32LE(24) / RATE;
  const data = wav.indexOf("data") + 8;
  const moments = Math.floor((wav.length - data) / 2 / step);
  const sample = (at) => wav.readInt16LE(data + 2 * Math.floor(at * step)) / 32768;
  return Float32Array.from({ length: moments }, (_, at) => sample(at));
}

/** A WAV file of 16 bits and one channel, whose sample at each second of it is this. */
export function wav(seconds, sample, rate = 24_000) {
  const count = Math.round(seconds * rate);
  const bytes = Buffer.alloc(44 + count * 2);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + count * 2, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(1, 22);
  bytes.writeUInt32LE(rate, 24);
  bytes.writeUInt32LE(rate * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(count * 2, 40);
  for (let at = 0; at < count; at++) bytes.writeInt16LE(Math.round(sample(at / rate) * 32767), 44 + at * 2);
  return bytes;
}

/** A tone of 440 Hz, 8 dB below a full wave. */
export const tone = (seconds) => wav(seconds, (at) => 0.4 * Math.sin(2 * Math.PI * 440 * at));

/** Each moment of it says when it is: 0.1, and a twentieth more a second. */
export const ramp = (seconds) => wav(seconds, (at) => 0.1 + at / 20);

/** Which second of the ramp a sample says it is. */
export const said = (sample) => (sample - 0.1) * 20;
