// The Image tab on the screen: what a batch looks like, keys and access.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connections } from "../../connections/connections.svelte";
import { stage } from "../../frame/stage.svelte";
import { type Fake, makeFake } from "../../host/fake";
import { setHost } from "../../host/host";
import { models } from "../../models/models.svelte";
import { settings } from "../../settings/settings.svelte";
import { faults } from "../../testing/faults";
import ImageTab from "./ImageTab.svelte";
import { image } from "./image.svelte";
import { shown } from "./shown.svelte";

const MODEL = "black-forest-labs/FLUX.1-dev";
let fake: Fake;

beforeEach(async () => {
  fake = makeFake({ pace: 0, models: 10 });
  setHost(fake);
  await settings.load();
  await connections.load();
  connections.use("hf");
  for (const task of ["text_to_image", "image_to_image"]) {
    await models.load(connections.current, task, true);
    models.pickModel("hf", task, MODEL);
  }
  Object.assign(image, {
    prompt: "",
    negative: "",
    negativeOpen: false,
    values: {},
    count: 1,
    start: undefined,
  });
  image.gridOpen = false;
  shown.batch = undefined;
});

afterEach(() => {
  cleanup();
});

const cells = () => screen.getAllByTestId("cell").map((cell) => cell.dataset.state);

describe("the Image tab", () => {
  it("shows a batch that waits, runs and is done, and adds more to the queue meanwhile", async () => {
    Object.assign(image, { prompt: "a fox", count: 2 });
    render(ImageTab);
    expect(screen.getByTestId("run").textContent).toContain("Run 2");
    stage.current?.run();
    await waitFor(() => expect(cells()).toHaveLength(2));
    expect(screen.getByTestId("run").textContent).toContain("Add to queue");
    expect([stage.current?.running, stage.current?.adds]).toEqual([true, true]);
    stage.current?.run();
    await waitFor(() => expect(fake.calls.filter(({ name }) => name === "start_run")).toHaveLength(4));
    await waitFor(() => expect(cells()).toEqual(["done", "done"]), { timeout: 5_000 });
    await waitFor(() => expect(screen.getByTestId("result-foot").textContent).toContain("2 of 2 done"));
    expect(await faults()).toEqual([]);
  }, 30_000);

  it("is stopped by the frame, and says that it was", async () => {
    image.prompt = "a fox";
    render(ImageTab);
    stage.current?.run();
    stage.current?.stop();
    await waitFor(() => expect(cells()).toEqual(["cancelled"]), { timeout: 5_000 });
    expect(screen.getByTestId("cell").textContent).toContain("Stopped.");
  });

  it("shows one failure as its card, and a blank picture for what it is", async () => {
    image.prompt = "error:refused";
    render(ImageTab);
    stage.current?.run();
    const card = await screen.findByTestId("error", {}, { timeout: 5_000 });
    expect(card.dataset.code).toBe("refused");
    image.prompt = "filtered";
    stage.current?.run();
    await screen.findByText("The provider's filter struck: the picture is blank.", {}, { timeout: 5_000 });
  });

  it("says why a parameter does not count, in its place", async () => {
    image.negativeOpen = true;
    render(ImageTab);
    await screen.findByText("Flux has no negative prompt.");
    await screen.findByText("Every provider of this model ignores schedulers.");
  });

  it("begins anew with an empty prompt, and what runs goes on", async () => {
    image.prompt = "a fox";
    render(ImageTab);
    stage.current?.run();
    const run = shown.batch?.cells[0]?.run;
    stage.current?.fresh();
    await screen.findByText("Say what you want to see");
    expect(image.prompt).toBe("");
    await waitFor(() => expect(run?.phase).toBe("done"), { timeout: 5_000 });
  });

  it("shows a start picture that can be taken away", async () => {
    render(ImageTab);
    await shown.startWith("media:fake-7-64x64.png");
    await screen.findByText("Start picture, 64 × 64");
    expect(stage.current?.task).toBe("image_to_image");
    await fireEvent.click(screen.getByRole("button", { name: "Remove the start picture" }));
    expect(stage.current?.task).toBe("text_to_image");
  });
});
