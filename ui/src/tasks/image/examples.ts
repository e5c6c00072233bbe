// What the empty Image tab offers.
import type { Family } from "./families";
import { AXES, type Axis } from "./grid";

/** An example, which runs at a click. */
export interface Example {
  title: string;
  prompt: string;
  negative?: string;
  /** It makes a row of pictures over a parameter, to see what that does. */
  over?: Axis;
}

/** Prompts that any large painter does well. */
const EXAMPLES: Example[] = [
  { title: "A cat and its code", prompt: "A cat at a desk typing code, watercolour, warm evening light" },
  { title: "A lighthouse", prompt: "A lighthouse on a cliff at dusk, long exposure, calm sea" },
  { title: "A small shop", prompt: "An isometric tea shop made of paper, soft shadows, pastel colours" },
  { title: "A portrait", prompt: "Portrait of an astronaut in a field of sunflowers, 85 mm, golden hour" },
];

/** What the built-in painter does well: single things, with a colour or a style; and what its controls do. */
const STICKERS: Example[] = [
  { title: "An apple", prompt: "a red apple" },
  { title: "A sunflower", prompt: "a sunflower" },
  { title: "A car", prompt: "a yellow car" },
  { title: "A heart in 3D", prompt: "a purple heart, 3d" },
  { title: "What a negative prompt does", prompt: "an apple", negative: "red" },
  { title: "What the seed does", prompt: "a castle", over: { key: "seed", text: "1, 2, 3" } },
  {
    title: "What the steps do",
    prompt: "a sunflower",
    over: { key: "num_inference_steps", text: "2, 8, 30" },
  },
  {
    title: "What the guidance does",
    prompt: "a sunflower",
    over: { key: "guidance_scale", text: "1, 4, 8" },
  },
];

/** What an example asks, in a line. */
export function told({ prompt, negative, over }: Example): string {
  const more = over?.key ? `${AXES[over.key].title.toLowerCase()} ${over.text}` : "";
  return [prompt, negative ? `without ${negative}` : "", more].filter(Boolean).join(" · ");
}

/** The examples for a family of models. */
export function examplesFor({ id }: Family): Example[] {
  return id === "painter" ? STICKERS : EXAMPLES;
}
