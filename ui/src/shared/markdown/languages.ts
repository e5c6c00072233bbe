// Languages that code can be coloured in, by all the names that people write behind a fence.

const NAMES: Record<string, string> = {
  bash: "bash sh shell zsh console shellsession",
  c: "c h",
  cpp: "cpp c++ cc cxx hpp",
  csharp: "csharp cs c#",
  css: "css",
  diff: "diff patch",
  dockerfile: "dockerfile docker",
  elixir: "elixir ex exs",
  go: "go golang",
  graphql: "graphql gql",
  haskell: "haskell hs",
  ini: "ini toml conf",
  java: "java",
  javascript: "javascript js jsx mjs cjs",
  json: "json json5 jsonc jsonl",
  kotlin: "kotlin kt kts",
  latex: "latex tex",
  lua: "lua",
  makefile: "makefile make",
  markdown: "markdown md",
  perl: "perl pl",
  php: "php",
  powershell: "powershell ps1 pwsh",
  python: "python py python3",
  r: "r",
  ruby: "ruby rb",
  rust: "rust rs",
  scala: "scala",
  scss: "scss sass",
  sql: "sql sqlite postgresql mysql",
  swift: "swift",
  typescript: "typescript ts tsx mts",
  xml: "xml html svg xhtml svelte vue",
  yaml: "yaml yml",
};

const byName = new Map(
  Object.entries(NAMES).flatMap(([language, names]) => names.split(" ").map((name) => [name, language])),
);

/** The language that a name stands for, if it can be coloured. */
export function languageOf(name: string): string | undefined {
  return byName.get(name.toLowerCase());
}
