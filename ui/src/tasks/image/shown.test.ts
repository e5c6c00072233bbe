// The Image tab at work on the scripted host: batches, the queue, stopping, restarting, repeating, taking over.
import { flushSync } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { StartRun } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { type Fake, makeFake } from "../../host/fake";
import { setHost } from "../../host/host";
import { models } from "../../models/models.svelte";
import { queue } from "../../runs/queue.svelte";
import { settings } from "../../settings/settings.svelte";
import { image } from "./image.svelte";
import { shown } from "./shown.svelte";

const MODEL = "stabilityai/stable-diffusion-xl-base-1.0";
let fake: Fake;

beforeEach(async () => {
  fake = makeFake({ pace: 0, models: 10 });
  setHost(fake);
  await settings.load();
  await connections.load();
  connections.use("hf");
  await models.load(connections.current, "text_to_image", true);
  models.pickModel("hf", "text_to_image", MODEL);
  models.pickModel("hf", "image_to_image", MODEL);
  Object.assign(image, {
    prompt: "a cat",
    negative: "",
    values: {},
    count: 1,
    start: undefined,
    gridOpen: false,
  });
  shown.batch = undefined;
  shown.strip = [];
});

function started(): StartRun[] {
  return fake.calls.filter(({ name }) => name === "start_run").map(({ args }) => args as StartRun);
}

async function ended(): Promise<void> {
  await vi.waitFor(() => expect(shown.batch?.running).toBe(false), { timeout: 5_000 });
}

function ids(): string[] | undefined {
  return shown.batch?.cells.map(({ run }) => run.id);
}

async function pictures(count: number): Promise<void> {
  await vi.waitFor(() => expect(shown.batch?.inOrder).toHaveLength(count), { timeout: 5_000 });
}

describe("a press on Run", () => {
  it("sends the prompt and nothing that is at default", async () => {
    shown.send();
    await ended();
    const [run] = started();
    expect(run?.input).toEqual({ task: "text_to_image", model: MODEL, prompt: "a cat" });
    expect(run).toMatchObject({ connection: "hf", queued: true, batch: shown.batch?.id });
  });

  it("makes as many queued runs of one batch as pictures are wanted, each with its seed", async () => {
    image.count = 3;
    image.values = { seed: 8 };
    shown.send();
    await pictures(3);
    expect(started().map(({ input }) => "seed" in input && input.seed)).toEqual([8, 9, 10]);
    expect(new Set(started().map(({ batch }) => batch)).size).toBe(1);
    expect(image.lastSeed).toBe(8);
    expect(shown.strip).toHaveLength(3);
  });

  it("draws a new seed each time where the seed is free", () => {
    image.values = { seed: 8, seed_locked: false };
    shown.send();
    const drawn = image.values.seed;
    shown.send();
    expect(new Set([8, drawn, image.values.seed]).size).toBe(3);
  });

  it("leaves out what the picked provider ignores, and says so", async () => {
    models.pickProvider("hf", "text_to_image", "nscale");
    image.values = { num_inference_steps: 5, seed: 1 };
    expect(image.destination.name).toBe("nscale");
    shown.send();
    expect(started()[0]?.input).not.toHaveProperty("num_inference_steps");
    await ended();
  });

  it("does nothing without a model or a prompt", () => {
    models.pickModel("hf", "text_to_image", "");
    expect(image.obstacle).toBe("Pick a model first.");
    shown.send();
    models.pickModel("hf", "text_to_image", MODEL);
    image.prompt = " ";
    shown.send();
    expect(started()).toEqual([]);
  });

  it("paints with the built-in model by nothing that was set up", async () => {
    connections.use("builtin");
    await models.load(connections.current, "text_to_image");
    shown.send();
    await ended();
    const [run] = started();
    expect(run).toMatchObject({ connection: "builtin", input: { model: "", prompt: "a cat" } });
    expect(shown.batch?.cells[0]?.run.phase).toBe("done");
  });
});

describe("a grid", () => {
  it("is one batch with one seed, and asks first when it is large", async () => {
    Object.assign(image, {
      gridOpen: true,
      x: { key: "num_inference_steps", text: "1-2" },
      y: { key: "", text: "" },
    });
    shown.send();
    await pictures(2);
    const seeds = started().map(({ input }) => "seed" in input && input.seed);
    expect(seeds[0]).toBe(seeds[1]);
    expect(shown.batch?.grid).toMatchObject({ columns: ["1", "2"], rows: [""], columnTitle: "Steps" });
    image.x = { key: "num_inference_steps", text: "1-26" };
    shown.send();
    expect(shown.asking?.asked).toHaveLength(26);
    expect(started()).toHaveLength(2);
    shown.asking = undefined;
  });
});

describe("a batch", () => {
  it("is stopped whole, what waits with what runs", async () => {
    image.count = 3;
    shown.send();
    await shown.batch?.stop();
    await ended();
    expect(shown.batch?.cells.map(({ run }) => run.phase)).toEqual(["cancelled", "cancelled", "cancelled"]);
    expect(queue.waiting).toEqual([]);
  });

  it("asks anew for what was there already, and only then", async () => {
    image.prompt = "kept";
    image.count = 2;
    shown.send();
    await ended();
    const cached = () => shown.batch?.cells.map(({ run }) => run.figures.cached?.by);
    expect(cached()).toEqual(["history", "history"]);
    shown.again();
    await ended();
    expect(cached()).toEqual([undefined, undefined]);
    expect(started().map(({ anew = false }) => anew)).toEqual([false, false, true, true]);
    expect(new Set(started().map(({ batch }) => batch)).size).toBe(1);
    shown.again();
    expect(started()).toHaveLength(4);
  });

  it("keeps what came when a part fails, and tries that part again", async () => {
    image.prompt = "error:limit";
    shown.send();
    await ended();
    const failed = shown.batch?.cells[0];
    expect(failed?.run.error?.code).toBe("limit");
    if (failed) shown.retry([failed]);
    expect(shown.batch?.cells[0]?.run.id).not.toBe(failed?.run.id);
    expect(started()[1]?.batch).toBe(started()[0]?.batch);
    await ended();
    models.pickProvider("hf", "text_to_image", "nscale");
    shown.retry(shown.batch?.cells ?? []);
    expect(started()[2]?.provider).toBe("nscale");
    await ended();
  });

  it("is open again after a restart", async () => {
    image.count = 2;
    await shown.start();
    Object.assign(image, { prompt: "a cat", count: 2, values: {} });
    shown.send();
    await pictures(2);
    flushSync();
    const runs = ids();
    shown.batch = undefined;
    await shown.start();
    await pictures(2);
    expect(ids()).toEqual(runs);
  });
});

describe("a picture", () => {
  it("gives back all of its settings, its words, or its seed; being seen changes nothing", async () => {
    Object.assign(image, { negative: "blurry", values: { seed: 5, width: 832, height: 1216 } });
    shown.send();
    await pictures(1);
    const [picture] = shown.batch?.inOrder ?? [];
    Object.assign(image, { prompt: "else", negative: "", values: { num_inference_steps: 3 } });
    if (!picture) return;
    await shown.open(picture.run);
    expect(image.prompt).toBe("else");
    await shown.use("seed", picture);
    expect(image.values).toEqual({ num_inference_steps: 3, seed: 5, seed_locked: true });
    await shown.use("prompt", picture);
    expect([image.prompt, image.negative]).toEqual(["a cat", "blurry"]);
    await shown.use("all", picture);
    expect(image.values).toEqual({ seed: 5, width: 832, height: 1216 });
  });

  it("can be the start of the next one", async () => {
    shown.send();
    await pictures(1);
    await shown.startWith(shown.batch?.inOrder[0]?.address ?? "");
    image.values = { strength: 0.3, scheduler: "DDIMScheduler" };
    expect(image.task).toBe("image_to_image");
    shown.send();
    await ended();
    expect(started()[1]?.input).toEqual({
      ...{ task: "image_to_image", model: MODEL, prompt: "a cat", image: image.start?.address },
      extra_body: { strength: 0.3 },
    });
  });

  it("is repeated exactly, and tells whether the seed was honoured", async () => {
    for (const [prompt, verdict] of [
      ["a cat", "The same seed gave the same picture."],
      ["noseed", "The same seed gave another picture: this provider does not honour seeds."],
    ] as const) {
      Object.assign(image, { prompt, values: { seed: 3 } });
      shown.send();
      await pictures(1);
      const run = shown.batch?.cells[0]?.run.id ?? "";
      await shown.repeat(run);
      await vi.waitFor(() => expect(shown.batch?.verdict).toBe(verdict), { timeout: 5_000 });
      expect(started().at(-1)?.repeats).toBe(run);
    }
  });
});
