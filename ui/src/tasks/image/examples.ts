// What the empty Image tab offers.

/** Prompts that any painter does well. */
export const EXAMPLES = [
  { title: "A cat and its code", prompt: "A cat at a desk typing code, watercolour, warm evening light" },
  { title: "A lighthouse", prompt: "A lighthouse on a cliff at dusk, long exposure, calm sea" },
  { title: "A small shop", prompt: "An isometric tea shop made of paper, soft shadows, pastel colours" },
  { title: "A portrait", prompt: "Portrait of an astronaut in a field of sunflowers, 85 mm, golden hour" },
];
