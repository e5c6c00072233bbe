// The built-in painter in the Image tab: its bounds, its edges, what is seen on the way to a picture, and how to get it.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { StartRun } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { layout } from "../../frame/layout.svelte";
import { stage } from "../../frame/stage.svelte";
import { type Fake, makeFake } from "../../host/fake";
import { setHost } from "../../host/host";
import { models } from "../../models/models.svelte";
import { settings } from "../../settings/settings.svelte";
import { announcements } from "../../shared/announce.svelte";
import { faults } from "../../testing/faults";
import { familyOf } from "./families";
import { readAxis } from "./grid";
import ImageTab from "./ImageTab.svelte";
import { image } from "./image.svelte";
import { type Asked, askedBy, inputOf } from "./request";
import { shown } from "./shown.svelte";
import { bounded, type Destination, ignored, numbersOf, type Values } from "./specs";

const PAINTER = familyOf("painter");
const to: Destination = { task: "text_to_image", family: PAINTER, name: "Built-in", ignored: [] };
const ask = (values: Values): Asked => ({
  ...{ model: "", prompt: "a red apple", negative: "", start: undefined, values },
});

let fake: Fake;

async function open(pace = 0) {
  fake = makeFake({ pace, models: 10 });
  setHost(fake);
  await settings.load();
  await connections.load();
  connections.use("builtin");
  await models.load(connections.current, "text_to_image", true);
}

beforeEach(async () => {
  await open();
  const none = { prompt: "", negative: "", negativeOpen: false, values: {}, count: 1, start: undefined };
  Object.assign(image, none, { gridOpen: false });
  shown.batch = undefined;
});

afterEach(() => {
  cleanup();
});

const started = () =>
  fake.calls.filter(({ name }) => name === "start_run").map(({ args }) => args as StartRun);

describe("the painter's family", () => {
  it("is known by its id and by its name, and no other model is taken for it", () => {
    expect([familyOf("painter").id, familyOf("Limerick Painter 10M").id]).toEqual(["painter", "painter"]);
    expect(familyOf("someone/painter").id).toBe("unknown");
  });

  it("takes no number that the engine does not take", () => {
    const bounds = numbersOf(to).map(({ min, max, sliderMax, rest }) => [min, max, sliderMax, rest]);
    expect(bounds).toEqual([
      [1, 50, 50, 30],
      [1, 10, 10, 4],
    ]);
    const problem = (key: "num_inference_steps" | "guidance_scale" | "size", text: string) =>
      readAxis({ key, text }, "", PAINTER).problem;
    expect(problem("num_inference_steps", "10, 51")).toBe("51 is out of bounds: 1 to 50.");
    expect(problem("guidance_scale", "0.5")).toBe("0.5 is out of bounds: 1 to 10.");
    expect(problem("size", "1024x512")).toBe("1024 × 512 is too large: 512 at most a side.");
  });

  it("brings what was set for another model within its bounds, and keeps the form of a size", () => {
    const values = { num_inference_steps: 100, guidance_scale: 0, width: 1344, height: 768, seed: 3 };
    const within = { num_inference_steps: 50, guidance_scale: 1, width: 512, height: 296, seed: 3 };
    expect(bounded(values, PAINTER)).toEqual(within);
    expect(inputOf(ask(values), to)).toMatchObject(within);
    expect(bounded(values, familyOf("org/sdxl"))).toEqual(values);
  });

  it("has no scheduler, and edges that go out among the extra keys and come back from there", () => {
    expect(ignored("scheduler", to)).toBe("The painter takes its noise away in one way only.");
    const input = inputOf(ask({ upscale: "pixels", extra: '{"x":1}' }), to);
    expect(input).toEqual({
      ...{ task: "text_to_image", model: "", prompt: "a red apple" },
      extra_body: { upscale: "pixels", x: 1 },
    });
    expect(askedBy(input, "Limerick Painter 10M").values).toEqual({
      upscale: "pixels",
      extra: JSON.stringify({ x: 1 }, null, 2),
    });
    expect(askedBy(input, "org/sdxl").values.upscale).toBeUndefined();
    expect(inputOf(ask({ upscale: "pixels" }), { ...to, family: familyOf("org/sdxl") })).not.toHaveProperty(
      "extra_body",
    );
  });
});

describe("the Image tab with the painter", () => {
  it("says what it can and cannot do, and an example paints at a click", async () => {
    render(ImageTab);
    await screen.findByText(/A 10-million-parameter model made for Limerick/);
    expect(screen.getByRole("combobox", { name: "Edges" })).toBeTruthy();
    expect(await faults()).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: /^An apple/ }));
    await waitFor(() => expect(screen.getByTestId("cell").dataset.state).toBe("done"), { timeout: 5_000 });
    expect(started().map(({ input }) => input)).toEqual([
      { task: "text_to_image", model: "", prompt: "a red apple" },
    ]);
  }, 30_000);

  it("shows what a control does by a row of pictures of one seed", async () => {
    render(ImageTab);
    await fireEvent.click(await screen.findByRole("button", { name: /^What the steps do/ }));
    await waitFor(() => expect(started()).toHaveLength(3));
    expect(new Set(started().map(({ input }) => "seed" in input && input.seed)).size).toBe(1);
    expect(shown.batch?.grid?.columns).toEqual(["2", "8", "30"]);
    await shown.batch?.stop();
  });

  it("shows previews in the place of the picture until it is drawn, and says how far it is", async () => {
    await open(2);
    Object.assign(image, { prompt: "a blue fish", values: { upscale: "pixels" } });
    render(ImageTab);
    stage.current?.run();
    const preview = await screen.findByTestId("preview", {}, { timeout: 5_000 });
    expect(preview.getAttribute("alt")).toMatch(/^Preview, step \d+ of 30$/);
    expect(preview.classList).toContain("pixels");
    const [first, said] = [preview.getAttribute("src"), announcements.polite];
    await waitFor(() => expect(screen.getByTestId("preview").getAttribute("src")).not.toBe(first));
    expect(announcements.polite).toBe(said);
    expect(await faults()).toEqual([]);
    const picture = await screen.findByAltText("a blue fish", {}, { timeout: 5_000 });
    expect(screen.getByTestId("preview").getAttribute("alt")).toBe("");
    await fireEvent.load(picture);
    expect(screen.queryByTestId("preview")).toBeNull();
  }, 30_000);

  it("shows them in the cell of a grid, too, until its picture stands there", async () => {
    await open(4);
    render(ImageTab);
    await fireEvent.click(await screen.findByRole("button", { name: /^What the steps do/ }));
    const preview = await screen.findByTestId("preview", {}, { timeout: 5_000 });
    expect(preview.closest("[data-cell]")?.getAttribute("data-cell")).toMatch(/^0,/);
    expect(await faults()).toEqual([]);
    const tiles = () => document.querySelectorAll(".tile");
    await waitFor(() => expect(tiles()).toHaveLength(3), { timeout: 10_000 });
    expect(screen.queryByTestId("preview")).toBeNull();
  }, 30_000);

  it("leaves no half picture after Stop", async () => {
    await open(2);
    image.prompt = "a slow fish";
    render(ImageTab);
    stage.current?.run();
    await screen.findByTestId("preview", {}, { timeout: 5_000 });
    stage.current?.stop();
    await screen.findByText("Stopped.", {}, { timeout: 5_000 });
    expect(screen.queryByTestId("preview")).toBeNull();
  });

  it.each(["painter", "minilm"])(
    "leads to what is missing where %s is not here",
    async (id) => {
      await fake.call("remove_model", { id });
      await models.load(connections.current, "text_to_image");
      render(ImageTab);
      await screen.findByText("The painter is not here yet");
      expect(image.obstacle).toBe("Get the painter first.");
      expect(await faults()).toEqual([]);
      await fireEvent.click(screen.getByRole("button", { name: "Get the painter…" }));
      expect(layout.tab).toBe("settings");
    },
    30_000,
  );

  it("says that it begins with words alone, and what to do about a start picture", async () => {
    await models.load(connections.current, "image_to_image");
    render(ImageTab);
    await shown.startWith("media:fake-7-64x64.png");
    await models.load(connections.current, "image_to_image");
    await screen.findByText("The built-in painter begins with words alone");
    expect(image.obstacle).toBe("Remove the start picture first.");
    await fireEvent.click(screen.getByRole("button", { name: "Use Hugging Face" }));
    expect(connections.current.id).toBe("hf");
  });
});
