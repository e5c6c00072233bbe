// What is said of a picture: from its run, from its file alone, and where two differ.
import { describe, expect, it } from "vitest";
import type { Run } from "../bindings";
import { differences, factsOf, fileName, promptOf, remarksOf, seedOf } from "./facts";
import { imageRun, picture } from "./samples";

const rows = (sources: Parameters<typeof factsOf>[0]) =>
  Object.fromEntries(factsOf(sources).map(({ name, value }) => [name, value]));
const withInput = (name: string, input: object): Run => {
  const run = imageRun(name);
  return { ...run, input: { ...run.input, ...input } as Run["input"] };
};

describe("the facts of a picture", () => {
  it("come from its run, with the parameters that only a provider knows", () => {
    const run = withInput("a", { guidance_scale: 3.5, extra_body: { strength: 0.6, seed: 9 } });
    expect(rows({ picture: picture("a"), run })).toMatchObject({
      ...{ Model: "org/flux", Provider: "fal-ai", Size: "1024 × 768", Steps: "28", Guidance: "3.5" },
      ...{ Seed: "7", strength: "0.6", Time: "2.4 s" },
    });
  });

  it("tell both seeds where the provider used another", () => {
    const run = imageRun("a", {
      output: { task: "text_to_image", images: ["media:a.png"], seed: 4, filtered: false },
    });
    const sources = { picture: picture("a"), run };
    expect(rows(sources)).toMatchObject({ Seed: "4", "Seed sent": "7" });
    expect(seedOf(sources)).toBe(4);
  });

  it("find the seed of a changed picture where its task has it", () => {
    const run = imageRun("a", {
      input: {
        task: "image_to_image",
        model: "m",
        image: "media:x.png",
        prompt: "more",
        extra_body: { seed: 5 },
      },
      output: { task: "image_to_image", images: ["media:a.png"], filtered: false },
    });
    expect(seedOf({ picture: picture("a"), run })).toBe(5);
  });

  it("come from the file where the run is gone", () => {
    const file = { address: "media:a.png", media_type: "image/webp", width: 512, height: 512, bytes: 900 };
    const sources = {
      picture: picture("a"),
      file: { ...file, settings: { prompt: "an owl", seed: 3, software: "AUTOMATIC1111" } },
    };
    expect(rows(sources)).toMatchObject({
      ...{ Size: "512 × 512", Seed: "3", File: "WebP, 900 B", "Written by": "AUTOMATIC1111" },
    });
    expect(promptOf(sources)).toBe("an owl");
    expect(promptOf({ picture: picture("a") })).toBe("prompt of a");
  });

  it("say why a picture may be black, once", () => {
    const run = imageRun("a", { output: { task: "text_to_image", images: [], filtered: true } });
    expect(remarksOf({ picture: picture("a", { blank: true }), run })).toHaveLength(1);
    expect(remarksOf({ picture: picture("a", { blank: true }) })[0]).toContain("one colour");
    expect(remarksOf({ picture: picture("a"), run: imageRun("a") })).toEqual([]);
  });
});

describe("the differences of two pictures", () => {
  it("are only what differs, the prompts last", () => {
    const a = { picture: picture("a"), run: imageRun("a") };
    const b = { picture: picture("b"), run: withInput("b", { num_inference_steps: 4, guidance_scale: 2 }) };
    expect(differences(a, b)).toEqual([
      { name: "Steps", a: "28", b: "4" },
      { name: "Guidance", a: "none", b: "2" },
      { name: "Prompt", a: "whole prompt of a", b: "whole prompt of b" },
    ]);
    expect(differences(a, a)).toEqual([]);
  });
});

describe("the name of a picture's file", () => {
  it("is made of words that every disk takes", () => {
    expect(fileName('A red/fox: "asleep"?', 7)).toBe("A-red-fox-asleep-7");
    expect(fileName("", undefined)).toBe("picture");
    expect(fileName("../../etc", undefined)).toBe("etc");
    expect(fileName("狐狸 🦊", undefined)).toBe("狐狸");
    expect(fileName("x".repeat(500), undefined)).toHaveLength(48);
  });
});
