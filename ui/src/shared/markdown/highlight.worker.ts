// Colours code off the page's thread: highlight.js, each language loaded when it is first met.

import type { LanguageFn } from "highlight.js";
import hljs from "highlight.js/lib/core";
import type { Colours } from "./highlight";

const LANGUAGES: Record<string, () => Promise<{ default: LanguageFn }>> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
  elixir: () => import("highlight.js/lib/languages/elixir"),
  go: () => import("highlight.js/lib/languages/go"),
  graphql: () => import("highlight.js/lib/languages/graphql"),
  haskell: () => import("highlight.js/lib/languages/haskell"),
  ini: () => import("highlight.js/lib/languages/ini"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  latex: () => import("highlight.js/lib/languages/latex"),
  lua: () => import("highlight.js/lib/languages/lua"),
  makefile: () => import("highlight.js/lib/languages/makefile"),
  markdown: () => import("highlight.js/lib/languages/markdown"),
  perl: () => import("highlight.js/lib/languages/perl"),
  php: () => import("highlight.js/lib/languages/php"),
  powershell: () => import("highlight.js/lib/languages/powershell"),
  python: () => import("highlight.js/lib/languages/python"),
  r: () => import("highlight.js/lib/languages/r"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  scala: () => import("highlight.js/lib/languages/scala"),
  scss: () => import("highlight.js/lib/languages/scss"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

const loaded = new Map<string, Promise<void>>();

function load(language: string): Promise<void> {
  const found = loaded.get(language);
  if (found) return found;
  const loading = (async () => {
    const definition = await LANGUAGES[language]?.();
    if (definition) hljs.registerLanguage(language, definition.default);
  })();
  loaded.set(language, loading);
  return loading;
}

const PART = /<span class="([^"]*)">|<\/span>|([^<]+)/g;
const ESCAPED: Record<string, string> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

/** highlight.js writes HTML; the page wants text and kinds, so that it never has to trust HTML. */
function runsOf(html: string): Colours {
  const runs: Colours = [];
  const kinds: string[] = [];
  for (const [part, opened, text] of html.matchAll(PART)) {
    if (opened !== undefined) kinds.push(/hljs-([\w-]+)/.exec(opened)?.[1] ?? kinds.at(-1) ?? "");
    else if (text === undefined) kinds.pop();
    else
      runs.push([
        part.replace(/&(?:amp|lt|gt|quot|#x27);/g, (sign) => ESCAPED[sign] ?? sign),
        kinds.at(-1) ?? "",
      ]);
  }
  return runs;
}

self.onmessage = async ({ data }: MessageEvent<{ id: number; language: string; code: string }>) => {
  let colours: Colours | undefined;
  try {
    await load(data.language);
    colours = runsOf(hljs.highlight(data.code, { language: data.language }).value);
  } catch {
    // A language that does not load, or code that it cannot read, stays plain.
  }
  self.postMessage({ id: data.id, colours });
};
