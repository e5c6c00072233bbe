// The parameters of a voice: plain words, and why one does not count where a run goes. `undefined` is "default" and
// sends nothing.
import type { ConnectionKind } from "../../bindings";
import type { NumberSpec } from "../../parameters/specs";
import type { Family } from "./families";

/** What the person has set; what is missing is left out of the request. */
export interface Values {
  /** 0.5 to 2. */
  speed?: number;
  /** Bark: how freely the words are read, 0 to 1. */
  text_temp?: number;
  /** Bark: how freely the voice sounds, 0 to 1. */
  waveform_temp?: number;
  seed?: number;
  /** Off: each run takes a new seed. Not sent. */
  seed_locked?: boolean;
  /** A JSON object as typed, merged into the request. */
  extra?: string;
}

/** The parameters that are numbers on a slider. */
export type NumberKey = "speed" | "text_temp" | "waveform_temp";

/** Everything that can be ignored somewhere. */
export type ParameterKey = NumberKey | "seed" | "voice";

/** Where a run would go, as far as it decides what is ignored. */
export interface Destination {
  kind: ConnectionKind;
  family: Family;
  /** Who answers, for the reasons. */
  name: string;
  /** Names of parameters that have no effect there. */
  ignored: readonly string[];
}

/** The words for the parameters that are not numbers on a slider. */
export const WORDS = {
  seed: {
    label: "Seed",
    help: "The same seed, text and settings give the same sound, where the provider honours it.",
  },
  extra: {
    label: "Extra JSON",
    help: 'More keys for the request, such as {"exaggeration": 0.6}.',
  },
} as const;

const SPEED: NumberSpec<NumberKey> = {
  key: "speed",
  label: "Speed",
  help: "How fast the voice speaks, 1 is its own pace. The player can play faster, too, without speaking anew.",
  ...{ min: 0.5, max: 2, step: 0.05, sliderMax: 2, rest: 1 },
};
const TEMPERATURES: NumberSpec<NumberKey>[] = [
  {
    key: "text_temp",
    label: "Text temperature",
    help: "How freely Bark reads the words: low is sober, high laughs and stumbles. Its own is 0.7.",
    ...{ min: 0, max: 1, step: 0.05, sliderMax: 1, rest: 0.7 },
  },
  {
    key: "waveform_temp",
    label: "Waveform temperature",
    help: "How freely the voice itself sounds: low is steady, high is lively. Its own is 0.7.",
    ...{ min: 0, max: 1, step: 0.05, sliderMax: 1, rest: 0.7 },
  },
];

/** The numbers of a family, in the order of the column. */
export function numbersOf({ temperatures }: Family): NumberSpec<NumberKey>[] {
  return temperatures ? [SPEED, ...TEMPERATURES] : [SPEED];
}

const NAMES: Record<ParameterKey, string> = {
  speed: "the speed",
  text_temp: "the text temperature",
  waveform_temp: "the waveform temperature",
  seed: "seeds",
  voice: "voices",
};

/** Why a parameter would be ignored there; undefined where it counts. */
export function ignored(key: ParameterKey, to: Destination): string | undefined {
  const { family } = to;
  if (to.ignored.includes(key)) return `${to.name} ignores ${NAMES[key]}.`;
  if (key === "speed" && family.speed === false)
    return `${family.name} has one pace. The player has a speed.`;
  // OpenAI's protocol has a speed, and servers speak that.
  if (key === "speed" && family.speed === undefined && to.kind !== "server") return unsure("a speed");
  if (key === "seed" && family.seed === false) return `${family.name} takes no seed.`;
  if (key === "seed" && family.seed === undefined) return unsure("a seed");
  const bark = key === "text_temp" || key === "waveform_temp";
  return bark && !family.temperatures ? "Only Bark has this temperature." : undefined;
}

function unsure(what: string): string {
  return `Whether this model takes ${what} is not known. The extra JSON can name it.`;
}
