// The main parts that Limerick is made of, and their licences, as the About page names them.

/** Part, what it does here, licence. */
export const PARTS: [name: string, use: string, licence: string][] = [
  ["Tauri", "the window", "MIT or Apache-2.0"],
  ["llama.cpp", "the built-in language models", "MIT"],
  ["ONNX Runtime", "the built-in voices", "MIT"],
  ["misaki's dictionaries", "how English words sound", "Apache-2.0"],
  ["reqwest, tokio, rustls", "the network", "MIT or Apache-2.0"],
  ["rodio, ort", "sound and voices", "MIT or Apache-2.0"],
  ["cpal, flacenc", "the sound device, FLAC files", "Apache-2.0"],
  ["symphonia", "compressed sounds", "MPL-2.0, unchanged"],
  ["SQLite", "History", "public domain"],
  ["Svelte", "what you see", "MIT"],
  ["marked", "formatted answers", "MIT"],
  ["highlight.js", "coloured code", "BSD-3-Clause"],
  ["virtua", "long lists", "MIT"],
  ["Lucide", "icons", "ISC"],
  ["Inter, JetBrains Mono", "type", "OFL-1.1"],
];
