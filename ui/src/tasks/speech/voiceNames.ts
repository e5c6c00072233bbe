// Names of voices that models are known to have. Sources: the models' own cards and code (hexgrad/Kokoro-82M's
// VOICES.md, suno-ai/bark's prompts, canopyai/Orpheus-TTS, OpenAI's audio reference).
import type { Voice } from "../../bindings";

const KOKORO: Record<string, string> = {
  af: "heart alloy aoede bella jessica kore nicole nova river sarah sky",
  am: "adam echo eric fenrir liam michael onyx puck santa",
  bf: "alice emma isabella lily",
  bm: "daniel fable george lewis",
  ef: "dora",
  em: "alex santa",
  ff: "siwis",
  hf: "alpha beta",
  hm: "omega psi",
  if: "sara",
  im: "nicola",
  jf: "alpha gongitsune nezumi tebukuro",
  jm: "kumo",
  pf: "dora",
  pm: "alex santa",
  zf: "xiaobei xiaoni xiaoxiao xiaoyi",
  zm: "yunjian yunxi yunxia yunyang",
};
/** The first letter of a Kokoro voice. */
const KOKORO_LANGUAGES: Record<string, string> = {
  a: "en-US",
  b: "en-GB",
  e: "es",
  f: "fr-FR",
  h: "hi",
  i: "it",
  j: "ja",
  p: "pt-BR",
  z: "zh",
};

/** Kokoro 1.0: 54 voices in 9 languages. */
export const KOKORO_VOICES: Voice[] = Object.entries(KOKORO).flatMap(([kind, names]) =>
  names.split(" ").map((name) => ({
    id: `${kind}_${name}`,
    name: titled(name),
    language: KOKORO_LANGUAGES[kind[0] ?? ""] ?? "en-US",
    about: kind[1] === "f" ? "woman" : "man",
  })),
);

const BARK_LANGUAGES = ["en", "de", "es", "fr", "hi", "it", "ja", "ko", "pl", "pt", "ru", "tr", "zh"];

/** Bark's presets: ten speakers in each of 13 languages, and the announcer. */
export const BARK_VOICES: Voice[] = [
  ...BARK_LANGUAGES.flatMap((language) =>
    Array.from({ length: 10 }, (_, speaker) => ({
      ...{ id: `v2/${language}_speaker_${speaker}`, name: `Speaker ${speaker}`, language },
    })),
  ),
  { id: "announcer", name: "Announcer", language: "en" },
];

/** Orpheus, its English models. */
export const ORPHEUS_VOICES = named("tara leah jess leo dan mia zac zoe", "en");

/** OpenAI's own; servers that speak its protocol often know the same names. */
export const OPENAI_VOICES = named("alloy ash ballad coral echo fable nova onyx sage shimmer verse");

function named(names: string, language?: string): Voice[] {
  return names.split(" ").map((name) => ({ id: name, name: titled(name), ...(language && { language }) }));
}

function titled(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
