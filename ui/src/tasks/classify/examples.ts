// What the empty Classify tab offers for each kind that takes a text.
import type { Kind } from "./kinds";

/** A text, with labels where the kind takes them. */
export interface Example {
  title: string;
  prompt: string;
  labels?: string[];
  /** Several labels can be true. */
  several?: boolean;
}

const TONES: Example[] = [
  {
    title: "Full of praise",
    prompt: "What a lovely lantern! It lights the whole garden, and the children adore it.",
  },
  { title: "A complaint", prompt: "The parcel came two weeks late, and the lamp in it was broken." },
  { title: "Neither nor", prompt: "The library opens at nine and closes at six, except on Sundays." },
  {
    title: "A mixed review",
    prompt: "The food was cold, but the view over the harbour made up for all of it.",
  },
];
const NAMES: Example[] = [
  {
    title: "A short life",
    prompt:
      "Ada Lovelace was born in London in 1815 and wrote the first program for Charles Babbage's Analytical Engine.",
  },
  {
    title: "From the news",
    prompt: "Angela Merkel met Emmanuel Macron in Paris before the European Commission spoke in Brussels.",
  },
  {
    title: "Marks and emoji",
    prompt: "👩‍🚀 Zoë Brontë flew from São Paulo 🇧🇷 to Kraków with Air France.",
  },
  { title: "Two directions", prompt: "דוד בן-גוריון lived in Tel Aviv, and نجيب محفوظ in القاهرة." },
];
const CHOICES: Example[] = [
  {
    title: "What is it about?",
    prompt: "The new telescope has taken pictures of a galaxy that is older than the Milky Way.",
    labels: ["astronomy", "cooking", "football", "politics"],
  },
  {
    title: "To which desk?",
    prompt: "I was charged twice for my subscription this month. Please give me my money back.",
    labels: ["billing", "technical problem", "sales", "praise"],
  },
  {
    title: "How urgent?",
    prompt: "The server room is under water and the fire alarm is ringing!",
    labels: ["urgent", "can wait"],
  },
  {
    title: "Several at once",
    prompt: "We hiked to a lake, grilled fish that we had caught, and sang until midnight.",
    labels: ["food", "music", "nature", "work"],
    several: true,
  },
];

const EXAMPLES: Partial<Record<Kind, Example[]>> = {
  text_classification: TONES,
  token_classification: NAMES,
  zero_shot_classification: CHOICES,
};

/** The examples of a kind; none where it takes a picture. */
export function examplesOf(kind: Kind): Example[] {
  return EXAMPLES[kind] ?? [];
}

/** Labels for a picture, where the person has none yet. */
export const PICTURE_LABELS = ["a cat", "a harbour", "a sign", "a chart", "a cup of coffee"];
