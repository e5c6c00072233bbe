// The main parts that Limerick is made of, and their licences, as the About page names them.

/** Part, what it does here, licence. */
export const PARTS: [name: string, use: string, licence: string][] = [
  ["Tauri", "the window", "MIT or Apache-2.0"],
  ["llama.cpp", "the built-in engine", "MIT"],
  ["reqwest, tokio, rustls", "the network", "MIT or Apache-2.0"],
  ["SQLite", "History", "public domain"],
  ["Svelte", "what you see", "MIT"],
  ["marked", "formatted answers", "MIT"],
  ["highlight.js", "coloured code", "BSD-3-Clause"],
  ["virtua", "long lists", "MIT"],
  ["Lucide", "icons", "ISC"],
  ["Inter, JetBrains Mono", "type", "OFL-1.1"],
];
