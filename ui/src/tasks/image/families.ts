// What is right for a model: ranges, forms and what has no effect, one row a family, told by the model's id.
// Figures: reference of diffusers' pipelines as named per row; `rest` is where a thumb rests, never what is sent.
import { type Form, formsOf, type Size } from "./sizes";

/** A range of a number on a slider. */
export interface Range {
  min: number;
  /** Where the slider ends; the box takes more, unless the range is hard. */
  max: number;
  rest: number;
  /** The model takes nothing outside of it. */
  hard?: true;
}

/** What a family has no use for: the reason, one sentence, by the parameter's name on the wire. */
export type Useless = Partial<Record<"negative_prompt" | "guidance_scale" | "scheduler", string>>;

/** Models that want the same. */
export interface Family {
  id: string;
  name: string;
  is: RegExp;
  steps: Range;
  guidance: Range;
  /** Both sides are multiples of this. */
  multiple: number;
  forms: Form[];
  useless: Useless;
  /** Sizes as they come from this model when none is sent. */
  own: Size;
  /** Neither side is longer, pixels; undefined where that is not known. */
  longest?: number;
  /** It paints small and enlarges, so that edges can be smooth or show its pixels. */
  edges?: true;
  /** What it can do and what it cannot, where that must be said. */
  about?: string;
}

const MEGAPIXEL = { width: 1024, height: 1024 };
const SDXL_FORMS: Form[] = [
  { ratio: "1:1", width: 1024, height: 1024 },
  { ratio: "4:3", width: 1152, height: 896 },
  { ratio: "3:2", width: 1216, height: 832 },
  { ratio: "16:9", width: 1344, height: 768 },
  { ratio: "21:9", width: 1536, height: 640 },
  { ratio: "3:4", width: 896, height: 1152 },
  { ratio: "2:3", width: 832, height: 1216 },
  { ratio: "9:16", width: 768, height: 1344 },
  { ratio: "9:21", width: 640, height: 1536 },
];
const CFG: Range = { min: 1, max: 20, rest: 7 };
const FLUX = {
  multiple: 16,
  forms: formsOf(1024, 16),
  own: MEGAPIXEL,
  guidance: { min: 0, max: 10, rest: 3.5 },
  useless: { negative_prompt: "Flux has no negative prompt." },
};

const UNKNOWN: Family = {
  id: "unknown",
  name: "Model",
  is: /^/,
  steps: { min: 1, max: 60, rest: 28 },
  guidance: { min: 0, max: 20, rest: 5 },
  multiple: 8,
  forms: formsOf(1024, 8),
  useless: {},
  own: MEGAPIXEL,
};

/** The forms of the painter's own canvas: 64 pixels on the short side, 128 on the other at most, times a whole number. */
const PAINTER_FORMS: Form[] = [
  { ratio: "1:1", width: 512, height: 512 },
  { ratio: "4:3", width: 512, height: 384 },
  { ratio: "3:2", width: 480, height: 320 },
  { ratio: "16:9", width: 456, height: 256 },
  { ratio: "2:1", width: 512, height: 256 },
  { ratio: "3:4", width: 384, height: 512 },
  { ratio: "2:3", width: 320, height: 480 },
  { ratio: "9:16", width: 256, height: 456 },
  { ratio: "1:2", width: 256, height: 512 },
];

/** The families, the special before the general. */
export const FAMILIES: Family[] = [
  {
    id: "painter",
    name: "Limerick Painter",
    // Its id inside the app, and its name in the history.
    is: /^painter$|^limerick painter/,
    steps: { min: 1, max: 50, rest: 30, hard: true },
    guidance: { min: 1, max: 10, rest: 4, hard: true },
    multiple: 8,
    forms: PAINTER_FORMS,
    useless: { scheduler: "The painter takes its noise away in one way only." },
    own: { width: 512, height: 512 },
    longest: 512,
    edges: true,
    about:
      "A 10-million-parameter model made for Limerick: it draws small stickers of single things, in colours and styles that you name. It cannot write words, draw scenes or people well.",
  },
  {
    ...FLUX,
    id: "flux-kontext",
    name: "Flux Kontext",
    is: /kontext/,
    steps: { min: 1, max: 50, rest: 28 },
    guidance: { min: 0, max: 10, rest: 2.5 },
  },
  {
    ...FLUX,
    id: "flux-2",
    name: "Flux 2",
    is: /flux[-_. ]?2/,
    steps: { min: 4, max: 50, rest: 28 },
    guidance: { min: 0, max: 20, rest: 4 },
  },
  {
    ...FLUX,
    id: "flux-schnell",
    name: "Flux schnell",
    is: /schnell/,
    steps: { min: 1, max: 8, rest: 4 },
    useless: { ...FLUX.useless, guidance_scale: "Flux schnell takes no guidance." },
  },
  {
    ...FLUX,
    id: "flux-dev",
    name: "Flux",
    is: /flux/,
    steps: { min: 1, max: 50, rest: 28 },
  },
  {
    id: "qwen-image",
    name: "Qwen-Image",
    is: /qwen[-_. ]?image/,
    steps: { min: 1, max: 60, rest: 50 },
    guidance: { min: 1, max: 10, rest: 4 },
    multiple: 16,
    forms: formsOf(1328, 16),
    useless: {},
    own: { width: 1328, height: 1328 },
  },
  {
    id: "turbo",
    name: "Turbo",
    is: /turbo|lightning|hyper-?sd|sdxl-hyper|\blcm\b/,
    steps: { min: 1, max: 8, rest: 4 },
    guidance: { min: 0, max: 2, rest: 0 },
    multiple: 8,
    forms: SDXL_FORMS,
    useless: { negative_prompt: "Turbo models paint without guidance, so a negative prompt has no effect." },
    own: MEGAPIXEL,
  },
  {
    id: "sd-3",
    name: "Stable Diffusion 3",
    is: /stable-diffusion-3|\bsd[-_. ]?3/,
    steps: { min: 1, max: 50, rest: 28 },
    guidance: { ...CFG, rest: 4.5 },
    multiple: 16,
    forms: formsOf(1024, 16),
    useless: {},
    own: MEGAPIXEL,
  },
  {
    id: "sdxl",
    name: "SDXL",
    is: /sdxl|stable-diffusion-xl|\bxl\b|playground-v2|pony|illustrious|animagine/,
    steps: { min: 1, max: 60, rest: 50 },
    guidance: { ...CFG, rest: 5 },
    multiple: 8,
    forms: SDXL_FORMS,
    useless: {},
    own: MEGAPIXEL,
  },
  {
    id: "sd-1",
    name: "Stable Diffusion 1.5",
    is: /stable-diffusion-(v?1|2)|\bsd[-_. ]?(v?1|2)|dreamlike|tiny-sd|openjourney/,
    steps: { min: 1, max: 60, rest: 50 },
    guidance: { ...CFG, rest: 7.5 },
    multiple: 8,
    forms: formsOf(512, 8),
    useless: {},
    own: { width: 512, height: 512 },
  },
];

/** The family of a model, by its id. */
export function familyOf(model: string): Family {
  const id = model.toLowerCase();
  return FAMILIES.find((family) => family.is.test(id)) ?? UNKNOWN;
}
