// What is right for a model that speaks: its voices, its length, what it takes, one row a family, told by the model's
// id. No provider lists voices, so these are suggestions; any name may be typed.
import type { Voice } from "../../bindings";
import { BARK_CUES, type Cue, DIA_CUES, ORPHEUS_CUES } from "./cues";
import { BARK_VOICES, KOKORO_VOICES, OPENAI_VOICES, ORPHEUS_VOICES } from "./voiceNames";

/** Models that want the same. */
export interface Family {
  id: string;
  name: string;
  is: RegExp;
  voices: Voice[];
  /** What can be written into the text beside words. */
  cues: Cue[];
  /** One call lasts so many seconds at most; undefined where there is no such bound. */
  seconds?: number;
  /** Whether it takes a speed; undefined where that is not known. */
  speed?: boolean;
  /** Whether it takes a seed; undefined where that is not known. */
  seed?: boolean;
  /** It takes Bark's two temperatures. */
  temperatures?: boolean;
  /** One sentence about its voices, where they are not picked by a name. */
  about?: string;
}

const UNKNOWN: Family = { id: "unknown", name: "This model", is: /^/, voices: [], cues: [] };

/** The families, the special before the general. */
export const FAMILIES: Family[] = [
  {
    id: "bark",
    name: "Bark",
    is: /\bbark\b/,
    voices: BARK_VOICES,
    cues: BARK_CUES,
    // Bark's own README: about 13 s a call.
    seconds: 13,
    speed: false,
    seed: false,
    temperatures: true,
  },
  { id: "kokoro", name: "Kokoro", is: /kokoro/, voices: KOKORO_VOICES, cues: [], speed: true, seed: false },
  {
    id: "orpheus",
    name: "Orpheus",
    is: /orpheus/,
    voices: ORPHEUS_VOICES,
    cues: ORPHEUS_CUES,
    speed: false,
  },
  {
    id: "dia",
    name: "Dia",
    is: /\bdia\b/,
    voices: [],
    cues: DIA_CUES,
    speed: false,
    seed: true,
    about: "Dia picks its voices itself. [S1] and [S2] in the text say who speaks.",
  },
  {
    id: "chatterbox",
    name: "Chatterbox",
    is: /chatterbox/,
    voices: [],
    cues: [],
    speed: false,
    seed: true,
    about: "Chatterbox has one voice of its own. It copies a recording that the extra JSON names.",
  },
  {
    id: "csm",
    name: "CSM",
    is: /\bcsm\b/,
    voices: [],
    cues: [],
    speed: false,
    about: "CSM picks its voice itself. Some servers number the speakers: 0, 1.",
  },
  {
    id: "openai",
    name: "OpenAI",
    is: /^(openai\/)?(tts-1|gpt-4o-mini-tts|gpt-audio)/,
    voices: OPENAI_VOICES,
    cues: [],
    speed: true,
    seed: false,
  },
  { id: "piper", name: "Piper", is: /piper|^file:/, voices: [], cues: [], speed: true, seed: false },
];

/** The family of a model, by its id. */
export function familyOf(model: string): Family {
  const id = model.toLowerCase();
  return FAMILIES.find((family) => family.is.test(id)) ?? UNKNOWN;
}
