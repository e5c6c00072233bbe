// The way out of the page: everything the UI asks of Rust goes through this one interface.
// `tauri.ts` is the real one; `fake.ts` stands in for it in tests.
import type { Commands, PictureFacts, Playing, SoundDevice, SoundOrder, Streams } from "../bindings";

/** What a person picked or a window does that is not the playground's business. */
export interface Host {
  /** Runs one command of the contract; rejects with an `Error` of the contract. */
  call<K extends keyof Commands>(name: K, args: Commands[K]["args"]): Promise<Commands[K]["reply"]>;
  /** Runs a command that answers with events; resolves when it has started (not when it has ended). */
  stream<K extends keyof Streams>(
    name: K,
    args: Streams[K]["args"],
    on: (event: Streams[K]["event"]) => void,
  ): Promise<void>;
  /** Opens what could not be opened at the start (the data folder); rejects with what is wrong now. */
  openAgain(): Promise<void>;
  /** Lets the person pick one file; null when they change their mind. Extensions without the dot. */
  pickFile(title: string, extensions: string[]): Promise<string | null>;
  /** Lets the person pick files, any number of them; none when they change their mind. Extensions without the dot. */
  pickFiles(title: string, extensions: string[]): Promise<string[]>;
  /** Lets the person pick a folder; null when they change their mind. */
  pickFolder(title: string): Promise<string | null>;
  /** Lets the person say where a file goes; null when they change their mind. Extensions without the dot. */
  saveFile(title: string, name: string, extensions: string[]): Promise<string | null>;
  /** Takes in a picture that was dropped or pasted; rejects with an `Error` when it is none. */
  putPicture(bytes: Uint8Array): Promise<PictureFacts>;
  /** Takes in a CSV or JSONL file that was dropped, and gives its path from then on; rejects with an `Error`. */
  putLines(name: string, bytes: Uint8Array): Promise<string>;
  /** Writes a picture that the page made (a labelled grid, a PNG) to a file that `saveFile` gave. */
  writePicture(path: string, png: Uint8Array): Promise<void>;
  /** Puts a picture on the clipboard. */
  copyPicture(address: string): Promise<void>;
  /** Where an `<img>` finds a `media:` address: whole, or small (at most 384 pixels a side). */
  mediaUrl(address: string, size: "whole" | "small"): string;
  /** Tells the player what to do; resolves when it has been told. Whatever goes wrong later is in `Playing`. */
  sound(order: SoundOrder): Promise<void>;
  /** Follows the player from now on: first how it stands, then each change (at most 30 a second). */
  watchSound(on: (playing: Playing) => void): Promise<void>;
  /** Places where sound can be heard. */
  soundDevices(): Promise<SoundDevice[]>;
  /** Puts text on the clipboard. */
  copy(text: string): Promise<void>;
  /** Opens an http(s) or mailto link in the person's own browser; Rust checks it again. */
  openLink(url: string): Promise<void>;
}

let current: Host | undefined;

/** Sets the host, once, at the start. */
export function setHost(host: Host): void {
  current = host;
}

/** The host. */
export function host(): Host {
  if (!current) throw new Error("The host is not set.");
  return current;
}
