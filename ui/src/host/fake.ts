// A scripted stand-in for the Rust side: for tests, and for looking at the screens in a plain browser.
// Never part of a built page.
import type { Commands, Streams } from "../bindings";
import { FakeHistory } from "./fake/history";
import { FakeHub } from "./fake/hub";
import { FakeModels } from "./fake/models";
import { FakePainter } from "./fake/painter";
import { drawing, madePictures } from "./fake/pictures";
import { FakePlayer, type SoundOptions } from "./fake/player";
import { FakeQueue } from "./fake/queue";
import { FakeRuns } from "./fake/runs";
import { sampleRuns } from "./fake/samples";
import { FakeSeer } from "./fake/seer";
import { secondsOf, soundAnswers } from "./fake/sounds";
import { FakeSpeaker } from "./fake/speaker";
import { FakeStore } from "./fake/store";
import { FakeTables } from "./fake/tables";
import type { Host } from "./host";

/** How the fake behaves. */
export interface FakeOptions {
  /** Milliseconds between two pieces of an answer. */
  pace?: number;
  /** How many models Hugging Face offers. */
  models?: number;
  /** How many pictures were made before. */
  pictures?: number;
  /** A run of each task that has no tab yet was made before. */
  samples?: boolean;
  /** How sound behaves. */
  sound?: SoundOptions;
}

/** A fake host, with what a test may want to look at. */
export interface Fake extends Host {
  /** Every call, in order. */
  calls: { name: string; args: unknown }[];
  /** What was copied. */
  copied: string[];
  /** Links that were opened. */
  opened: string[];
  /** Its player, whose clock a test lets go. */
  player: FakePlayer;
}

type Answers = { [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] };
type Flows = {
  [K in keyof Streams]: (args: Streams[K]["args"], on: (event: Streams[K]["event"]) => void) => void;
};

/** Makes a fake host with a fresh memory. */
export function makeFake(options: FakeOptions = {}): Fake {
  const store = new FakeStore();
  const pace = options.pace ?? 30;
  const queue = new FakeQueue();
  const painter = new FakePainter(store, queue, pace);
  const speaker = new FakeSpeaker(store, queue, pace);
  const seer = new FakeSeer(store, pace);
  const tables = new FakeTables(store, pace);
  const runs = new FakeRuns(store, [painter, speaker, seer], pace);
  const models = new FakeModels(options.models ?? 5_000);
  const hub = new FakeHub(store);
  const made = [...(options.samples ? sampleRuns() : []), ...madePictures(options.pictures ?? 0)];
  const history = new FakeHistory(store, made, () => models.ready("minilm"));
  const answers = {
    ...{ ...hub.answers(), ...store.answers(), ...history.answers(), ...queue.answers() },
    ...{
      ...painter.answers(),
      ...runs.answers(),
      ...models.answers(),
      ...seer.answers(),
      ...tables.answers(),
    },
    ...soundAnswers((id) => history.find(id)),
  } as Answers;
  const flows = { ...hub.flows(), ...runs.flows(), ...models.flows(), ...tables.flows() } as Flows;
  const player = new FakePlayer((sound) => {
    const seconds = secondsOf(sound, (id) => history.find(id));
    const state = history.find(sound.slice("run:".length))?.state;
    return { seconds, growing: state === "running" || state === "waiting" };
  }, options.sound ?? {});
  const calls: Fake["calls"] = [];
  const copied: string[] = [];
  const opened: string[] = [];
  return {
    calls,
    copied,
    opened,
    player,
    call: async (name, args) => {
      calls.push({ name, args });
      return structuredClone(answers[name](structuredClone(args)));
    },
    stream: async (name, args, on) => {
      calls.push({ name, args });
      // As in the app, nothing comes before the caller has gone on.
      await Promise.resolve();
      flows[name](structuredClone(args), (event) => on(structuredClone(event)));
    },
    openAgain: async () => {},
    pickFile: async () => "/home/someone/models/tiny.gguf",
    pickFiles: async () => ["/home/someone/Pictures/cat.jpg", "/home/someone/Pictures/owl.png"],
    pickFolder: async () => "/home/someone/Pictures",
    saveFile: async (_title, name) => `/home/someone/${name}`,
    putPicture: async (bytes) => ({
      address: "media:fake-7-64x64.png",
      media_type: "image/png",
      width: 64,
      height: 64,
      bytes: bytes.length,
    }),
    putLines: async (name) => `/home/someone/.limerick/dropped/0/${name}`,
    writePicture: async () => {},
    copyPicture: async (address) => void copied.push(address),
    mediaUrl: (address) => (address.startsWith("media:") ? drawing(address) : address),
    sound: async (order) => {
      calls.push({ name: "sound", args: order });
      player.order(structuredClone(order));
    },
    watchSound: async (on) => player.watch(on),
    soundDevices: async () => player.devices(),
    copy: async (text) => void copied.push(text),
    openLink: async (url) => void opened.push(url),
  };
}
