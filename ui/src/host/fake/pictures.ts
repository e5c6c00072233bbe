// The fake's pictures: as many runs of Image as a gallery is to hold, and what an `<img>` shows for their addresses.
import type { Run } from "../../bindings";

const SUBJECTS = [
  "a lighthouse on a cliff at dusk, long exposure",
  "a fox asleep in autumn leaves, soft light, 85 mm",
  "an old library with ladders and dust in the sun",
  "isometric tea shop, paper craft, warm colours",
  "portrait of an astronaut in a sunflower field",
  "a river delta from above, ink and gold leaf",
];
const MODELS = [
  ["black-forest-labs/FLUX.1-schnell", "fal-ai"],
  ["stabilityai/stable-diffusion-xl-base-1.0", "replicate"],
  ["black-forest-labs/FLUX.1-dev", "together"],
] as const;
const SIZES = [
  [1024, 1024],
  [1344, 768],
  [768, 1344],
  [512, 512],
] as const;
const HOUR = 3_600_000;

/** Runs that made `count` pictures in all, newest first; every tenth run made four of them. */
export function madePictures(count: number, now = Date.now()): Run[] {
  const runs: Run[] = [];
  for (let made = 0; made < count; ) {
    const pictures = Math.min(count - made, runs.length % 10 === 9 ? 4 : 1);
    runs.push(imageRun(runs.length, made, pictures, now - runs.length * HOUR));
    made += pictures;
  }
  return runs;
}

function imageRun(at: number, first: number, pictures: number, created_at: number): Run {
  const [model, provider] = pick(MODELS, at);
  const [width, height] = pick(SIZES, at >> 1);
  const prompt = `${pick(SUBJECTS, at)}, no. ${at + 1}`;
  return {
    id: `picture-run-${at}`,
    state: "done",
    created_at,
    connection: "hf",
    connection_name: "Hugging Face",
    provider,
    model,
    input: { task: "text_to_image", model, prompt, width, height, num_inference_steps: 28, seed: 1000 + at },
    output: {
      task: "text_to_image",
      images: Array.from({ length: pictures }, (_, place) => address(first + place, width, height)),
      seed: 1000 + at,
      filtered: at % 97 === 5,
    },
    figures: { total_ms: 2_400 + (at % 7) * 310, estimated: false, cost_usd: 0.003 },
    marks: {
      favourite: at % 8 === 3,
      tags: at % 5 === 1 ? ["keep", "newsletter"] : [],
      note: at % 50 === 1 ? "The light is right in this one; try it with more steps." : "",
    },
  };
}

function pick<T>(list: readonly T[], at: number): T {
  return list[at % list.length] as T;
}

/** What is special about a picture is told by its name: so that all of it can be brought about. */
function address(number: number, width: number, height: number): string {
  const kind = number % 97 === 5 ? "blank" : number % 61 === 7 ? "missing" : "fake";
  return drawnAddress(kind, number, width, height);
}

/** An address that `drawing` knows. */
export function drawnAddress(
  kind: "fake" | "blank" | "missing",
  number: number,
  width: number,
  height: number,
): string {
  return `media:${kind}-${number}-${width}x${height}.png`;
}

/** Width and height by an address of this file's; nothing for others. */
export function sizeOf(address: string): [width: number, height: number] | undefined {
  const [, width, height] = /-(\d+)x(\d+)\.png$/.exec(address) ?? [];
  return width && height ? [Number(width), Number(height)] : undefined;
}

/** How a drawing looks by now, while `share` of its steps are done. */
export function sketch(address: string, share: number): string {
  return drawing(address, 1 - share);
}

/** A drawing in the place of a file; with a haze over it while it is not done. */
export function drawing(address: string, haze = 0): string {
  const [width, height] = sizeOf(address) ?? [1024, 1024];
  const number = Number(/-(\d+)-/.exec(address)?.[1] ?? address.length);
  const hue = (number * 47) % 360;
  const inside = address.startsWith("media:blank")
    ? "<rect width='100%' height='100%'/>"
    : `<rect width='100%' height='100%' fill='hsl(${hue} 45% 62%)'/><circle cx='${20 + ((number * 13) % 60)}%' cy='${
        25 + ((number * 7) % 40)
      }%' r='18%' fill='hsl(${hue + 40} 80% 82%)'/><rect y='68%' width='100%' height='32%' fill='hsl(${hue + 200} 40% 30%)'/>`;
  const over = haze > 0 ? `<rect width='100%' height='100%' fill='gray' opacity='${haze.toFixed(2)}'/>` : "";
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' width='${width}' height='${height}'>${inside}${over}</svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
