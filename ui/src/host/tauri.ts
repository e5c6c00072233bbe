// The host of the real app: the only file of the UI that knows Tauri.
import { Channel, convertFileSrc, invoke } from "@tauri-apps/api/core";
import type { Playing } from "../bindings";
import type { Host } from "./host";

/** Talks to the Rust side of the window. */
export const tauri: Host = {
  call: (name, args) => invoke("call", { name, args }),
  stream: (name, args, on) => {
    const events = new Channel<never>();
    events.onmessage = on;
    return invoke("stream", { name, args, events });
  },
  openAgain: () => invoke("open_again"),
  pickFile: (title, extensions) => invoke("pick_file", { title, extensions }),
  pickFiles: (title, extensions) => invoke("pick_files", { title, extensions }),
  pickFolder: (title) => invoke("pick_folder", { title }),
  saveFile: (title, name, extensions) => invoke("save_file", { title, name, extensions }),
  putPicture: (bytes) => invoke("put_picture", bytes),
  putLines: (name, bytes) => invoke("put_lines", bytes, { headers: { name: encodeURIComponent(name) } }),
  writePicture: (path, png) => invoke("write_picture", png, { headers: { path: encodeURIComponent(path) } }),
  copyPicture: (address) => invoke("copy_picture", { address }),
  mediaUrl: (address, size) =>
    address.startsWith("media:")
      ? convertFileSrc(`${size === "small" ? "small/" : ""}${address.slice("media:".length)}`, "media")
      : address,
  sound: (order) => invoke("sound", { order }),
  watchSound: (on) => {
    const events = new Channel<Playing>();
    events.onmessage = on;
    return invoke("watch_sound", { events });
  },
  soundDevices: () => invoke("sound_devices"),
  copy: (text) => invoke("copy", { text }),
  openLink: (url) => invoke("open_link", { url }),
};
