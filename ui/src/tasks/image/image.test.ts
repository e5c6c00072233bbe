// The Image tab's arithmetic: families, sizes, seeds, grids, and what is sent.
import { describe, expect, it } from "vitest";
import { FAMILIES, familyOf } from "./families";
import { cellsOf, listOf, rangeOf, readAxis } from "./grid";
import { type Asked, askedBy, askedByFile, countSet, inputOf } from "./request";
import { seedsFor } from "./seeds";
import { fitted, formsOf, readSize, snapped } from "./sizes";
import { type Destination, ignored, numbersOf, type Values } from "./specs";

const to = (model: string, more: Partial<Destination> = {}): Destination => ({
  ...{ task: "text_to_image", family: familyOf(model), name: "fal-ai", ignored: [] },
  ...more,
});
const ANY = familyOf("");
const ask = (values: Values, more: Partial<Asked> = {}): Asked => ({
  ...{ model: "org/sdxl", prompt: "a cat", negative: "", start: undefined, values },
  ...more,
});

describe("a family", () => {
  it.each([
    ["black-forest-labs/FLUX.1-schnell", "flux-schnell"],
    ["black-forest-labs/FLUX.1-dev", "flux-dev"],
    ["black-forest-labs/FLUX.1-Krea-dev", "flux-dev"],
    ["black-forest-labs/FLUX.1-Kontext-dev", "flux-kontext"],
    ["black-forest-labs/FLUX.2-dev", "flux-2"],
    ["stabilityai/stable-diffusion-xl-base-1.0", "sdxl"],
    ["stabilityai/sdxl-turbo", "turbo"],
    ["ByteDance/SDXL-Lightning", "turbo"],
    ["ByteDance/Hyper-SD", "turbo"],
    ["stabilityai/stable-diffusion-3-medium-diffusers", "sd-3"],
    ["stabilityai/stable-diffusion-3.5-large", "sd-3"],
    ["stable-diffusion-v1-5/stable-diffusion-v1-5", "sd-1"],
    ["Qwen/Qwen-Image", "qwen-image"],
    ["someone/dall-e-of-my-own", "unknown"],
    ["", "unknown"],
  ])("of %s is %s", (model, id) => {
    expect(familyOf(model).id).toBe(id);
  });

  it("offers only forms whose sides are its multiples, near its own area", () => {
    for (const { forms, multiple, own, longest, id } of [...FAMILIES, familyOf("")]) {
      for (const { width, height } of forms) {
        expect([id, width % multiple, height % multiple]).toEqual([id, 0, 0]);
        // A form of a model with a longest side is smaller instead.
        if (longest) expect(Math.max(width, height)).toBeLessThanOrEqual(longest);
        if (longest) continue;
        expect((width * height) / (own.width * own.height)).toBeGreaterThan(0.9);
        expect((width * height) / (own.width * own.height)).toBeLessThan(1.1);
      }
    }
  });

  it("says why a parameter has no effect at it", () => {
    expect(ignored("negative_prompt", to("FLUX.1-dev"))).toBe("Flux has no negative prompt.");
    expect(ignored("guidance_scale", to("FLUX.1-schnell"))).toBe("Flux schnell takes no guidance.");
    expect(ignored("negative_prompt", to("sdxl"))).toBeUndefined();
  });

  it("sets where the thumbs rest, and nothing else", () => {
    const [steps, guidance] = numbersOf(to("FLUX.1-schnell"));
    expect([steps?.rest, steps?.sliderMax, guidance?.rest]).toEqual([4, 8, 3.5]);
    expect(inputOf(ask({}), to("FLUX.1-schnell"))).toEqual({
      task: "text_to_image",
      model: "org/sdxl",
      prompt: "a cat",
    });
  });
});

describe("a size", () => {
  it("is kept to multiples and to what any model takes", () => {
    expect([snapped(1000, 16), snapped(1, 8), snapped(99_999, 16)]).toEqual([1008, 64, 4096]);
    expect(formsOf(1024, 16).find((form) => form.ratio === "16:9")).toMatchObject({
      width: 1360,
      height: 768,
    });
  });

  it("is read as people write it", () => {
    expect(readSize("1024 × 768")).toEqual({ width: 1024, height: 768 });
    expect(readSize("640X480")).toEqual({ width: 640, height: 480 });
    expect([readSize("1024"), readSize("9x9"), readSize("99999x10")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("fills the room with boxes as large as they can be", () => {
    expect(fitted(1, 1, { width: 800, height: 400 }, 8)).toEqual({ columns: 1, width: 400 });
    expect(fitted(4, 1, { width: 800, height: 400 }, 8)).toEqual({ columns: 2, width: 196 });
    expect(fitted(4, 1, { width: 808, height: 808 }, 8)).toEqual({ columns: 2, width: 400 });
    expect(fitted(2, 0.5, { width: 808, height: 800 }, 8)).toEqual({ columns: 2, width: 400 });
  });
});

describe("several pictures", () => {
  const drawn = () => 77;
  it("have seeds counted up from the one that is set", () => {
    expect(seedsFor(3, 41)).toEqual([41, 42, 43]);
    expect(seedsFor(2, 2 ** 32 - 1)).toEqual([2 ** 32 - 1, 0]);
  });

  it("have one drawn each where none is set, and a single one none at all", () => {
    expect(seedsFor(2, undefined, drawn)).toEqual([77, 77]);
    expect(seedsFor(1, undefined, drawn)).toEqual([undefined]);
    expect(seedsFor(99, 0)).toHaveLength(16);
  });
});

describe("a request", () => {
  const full: Values = {
    ...{ width: 832, height: 1216, num_inference_steps: 30, guidance_scale: 0, scheduler: "DDIMScheduler" },
    ...{ seed: 7, seed_locked: false, extra: '{"output_format":"png"}' },
  };

  it("carries what is set, zero included", () => {
    const { seed_locked: _, extra: __, ...plain } = full;
    expect(inputOf(ask(full, { negative: " blurry " }), to("sdxl"))).toEqual({
      ...{ task: "text_to_image", model: "org/sdxl", prompt: "a cat", negative_prompt: "blurry" },
      ...{ ...plain, extra_body: { output_format: "png" } },
    });
  });

  it("leaves out what the family or the provider ignores, and half a size", () => {
    const nscale = to("FLUX.1-schnell", { name: "nscale", ignored: ["num_inference_steps", "scheduler"] });
    const input = inputOf(ask({ ...full, height: undefined } as Values, { negative: "blurry" }), nscale);
    expect(input).toEqual({
      ...{ task: "text_to_image", model: "org/sdxl", prompt: "a cat", seed: 7 },
      extra_body: { output_format: "png" },
    });
    expect(ignored("num_inference_steps", nscale)).toBe("nscale ignores steps.");
    expect(countSet(full, nscale)).toBe(3);
  });

  it("with a start picture is image_to_image, strength and seed among the extra keys", () => {
    const change = to("sdxl", { task: "image_to_image" });
    const asked = ask({ ...full, strength: 0.4 }, { start: "media:a.png", prompt: "" });
    expect(inputOf(asked, change)).toEqual({
      ...{ task: "image_to_image", model: "org/sdxl", image: "media:a.png" },
      ...{ num_inference_steps: 30, guidance_scale: 0, target_size: { width: 832, height: 1216 } },
      extra_body: { strength: 0.4, seed: 7, output_format: "png" },
    });
  });

  it("can be made again from the run it made, of either task", () => {
    for (const task of ["text_to_image", "image_to_image"] as const) {
      const start = task === "image_to_image" ? "media:a.png" : undefined;
      const input = inputOf(
        ask({ ...full, strength: 0.4 }, { start, negative: "blurry" }),
        to("sdxl", { task }),
      );
      expect(inputOf(askedBy(input), to("sdxl", { task }))).toEqual(input);
    }
  });

  it("can be taken from what a picture's file tells", () => {
    const asked = askedByFile({ prompt: "a fox", seed: 3, width: 512, height: 512, software: "other" });
    expect(asked).toMatchObject({
      prompt: "a fox",
      negative: "",
      values: { seed: 3, width: 512, height: 512 },
    });
  });
});

describe("a grid", () => {
  it("reads lists, quoted parts and ranges", () => {
    expect(listOf('a, "b, c" , a,, d')).toEqual(["a", "b, c", "d"]);
    expect(rangeOf("1-10:3")).toEqual([1, 4, 7, 10]);
    expect(rangeOf("2-4")).toEqual([2, 3, 4]);
    expect(rangeOf("0.5-1.5:0.5")).toEqual([0.5, 1, 1.5]);
    expect([rangeOf("4-2"), rangeOf("x"), rangeOf("1-2:0")]).toEqual([undefined, undefined, undefined]);
    expect(rangeOf("0-4294967295")?.length).toBe(201);
  });

  it("has a picture for each column and row", () => {
    const x = readAxis({ key: "num_inference_steps", text: "10, 20" }, "", ANY);
    const y = readAxis({ key: "size", text: "512x512, 640x480" }, "", ANY);
    const { columns, rows, cells } = cellsOf(ask({ seed: 1 }), x, y);
    expect([columns, rows]).toEqual([
      ["10", "20"],
      ["512 × 512", "640 × 480"],
    ]);
    expect(cells.map(({ values }) => [values.num_inference_steps, values.height, values.seed])).toEqual([
      [10, 512, 1],
      [20, 512, 1],
      [10, 480, 1],
      [20, 480, 1],
    ]);
  });

  it("replaces words of the prompt, the first by each", () => {
    const x = readAxis({ key: "prompt", text: "cat, dog" }, "a cat", ANY);
    const none = readAxis({ key: "", text: "" }, "", ANY);
    expect(cellsOf(ask({}), x, none).cells.map(({ prompt }) => prompt)).toEqual(["a cat", "a dog"]);
    expect(readAxis({ key: "prompt", text: "fox, dog" }, "a cat", ANY).problem).toBe(
      "The prompt does not contain “fox”.",
    );
  });

  it("says what is wrong with an axis", () => {
    const problem = (key: "seed" | "size" | "num_inference_steps", text: string) =>
      readAxis({ key, text }, "", ANY).problem;
    expect(problem("seed", "")).toBe("Type values for seed.");
    expect(problem("seed", "1, many")).toContain("“many” is no number");
    expect(problem("num_inference_steps", "0")).toBe("0 is out of bounds: 1 to 150.");
    expect(problem("size", "big")).toContain("is no size");
    expect(problem("seed", "0-9999")).toContain("more than 200");
  });
});
