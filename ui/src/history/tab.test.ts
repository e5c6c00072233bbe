// The gallery and a run in full, on the scripted host: what a person presses, and what they are told.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { faults } from "../testing/faults";
import { filters } from "./filters.svelte";
import { gallery } from "./gallery.svelte";
import HistoryTab from "./HistoryTab.svelte";
import { history } from "./history.svelte";
import { shelf } from "./shelf.svelte";

let fake: Fake;
const told = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);

beforeEach(() => {
  fake = makeFake({ pace: 0, models: 1, pictures: 40, samples: true });
  setHost(fake);
  filters.clear();
  gallery.ticked.clear();
  history.ticked.clear();
  history.openId = undefined;
});

afterEach(() => {
  cleanup();
  shelf.view = "list";
});

async function openGallery() {
  const page = render(HistoryTab);
  await fireEvent.click(screen.getByRole("radio", { name: "Gallery" }));
  await screen.findByText("40 pictures");
  await screen.findAllByRole("button", { name: /lighthouse/ });
  return page;
}

describe("the gallery", () => {
  it("passes axe, with pictures ticked and a run in full beside them", async () => {
    const { container } = await openGallery();
    await fireEvent.click(screen.getAllByRole("button", { name: "Select" })[1] as HTMLElement);
    await fireEvent.click(screen.getByRole("button", { name: "Details" }));
    await screen.findByRole("heading", { name: /^Image/ });
    expect(await faults(container)).toEqual([]);
  });

  it("ticks by Space, by range and all, and compares two", async () => {
    await openGallery();
    const [first] = screen.getAllByRole("button", { name: /lighthouse/ });
    first?.focus();
    await fireEvent.keyDown(first as HTMLElement, { key: " " });
    await fireEvent.keyDown(first as HTMLElement, { key: "ArrowRight", shiftKey: true });
    await screen.findByText("2 selected");
    await screen.findByRole("button", { name: "Compare" });
    await fireEvent.keyDown(document.activeElement as HTMLElement, { key: "a", ctrlKey: true });
    await screen.findByText("40 selected");
    expect(screen.queryByRole("button", { name: "Compare" })).toBeNull();
    await fireEvent.keyDown(document.activeElement as HTMLElement, { key: "Escape" });
    await screen.findByText("40 pictures");
  });

  it("shows a picture in full, and the next one, also after one was deleted", async () => {
    await openGallery();
    await fireEvent.click(screen.getAllByRole("button", { name: /lighthouse/ })[0] as HTMLElement);
    const viewer = await screen.findByTestId("picture-viewer");
    await fireEvent.keyDown(viewer, { key: "ArrowRight" });
    await waitFor(() => expect(viewer.textContent).toContain("no. 2"));
    await fireEvent.keyDown(viewer, { key: "Delete" });
    await waitFor(() => expect(gallery.slots.length).toBe(39));
    await waitFor(() => expect(viewer.textContent).toContain("no. 3"));
    await fireEvent.keyDown(viewer, { key: "ArrowLeft" });
    await waitFor(() => expect(viewer.textContent).toContain("no. 1"));
  });

  it("stars all that is ticked", async () => {
    await openGallery();
    for (const box of screen.getAllByRole("button", { name: "Select" }).slice(0, 2))
      await fireEvent.click(box);
    await fireEvent.click(screen.getByRole("button", { name: "Favourite" }));
    expect(told("mark_runs")).toEqual([{ ids: ["picture-run-0", "picture-run-1"], favourite: true }]);
    expect(screen.getByRole("button", { name: "Favourite" }).getAttribute("aria-pressed")).toBe("true");
  });

  it("narrows by what stands in the popover, counts it, and clears it", async () => {
    await openGallery();
    await shelf.filter({ size: "small", model: "black-forest-labs/FLUX.1-schnell" });
    await screen.findByRole("button", { name: "Filters, 2 set" });
    expect(told("pictures").at(-1)).toMatchObject({ max_pixels: 499_999, offset: 0 });
    await fireEvent.click(screen.getByRole("button", { name: "Clear" }));
    await screen.findByText("40 pictures");
    expect(screen.getByRole("button", { name: "Filters" })).toBeTruthy();
  });
});

describe("a run in full", () => {
  it("is repeated and compared, and told in plain words whether the same came", async () => {
    history.openId = "picture-run-0";
    render(HistoryTab);
    await fireEvent.click(await screen.findByRole("button", { name: "Repeat and compare" }));
    await waitFor(() => expect(told("start_run")).toHaveLength(1));
    expect(told("start_run")[0]).toMatchObject({
      repeats: "picture-run-0",
      connection: "hf",
      provider: "fal-ai",
    });
    await screen.findByText(/same seed/, {}, { timeout: 5_000 });
    await fireEvent.click(screen.getByRole("button", { name: "Open the first run" }));
    await waitFor(() => expect(history.openId).toBe("picture-run-0"));
  });

  it("keeps a note and tags", async () => {
    history.openId = "picture-run-0";
    render(HistoryTab);
    await fireEvent.input(await screen.findByLabelText("Note"), { target: { value: "the best" } });
    await waitFor(() => expect(told("mark_runs")).toEqual([{ ids: ["picture-run-0"], note: "the best" }]));
    const box = screen.getByLabelText("Tags");
    await fireEvent.input(box, { target: { value: "owls" } });
    await fireEvent.keyDown(box, { key: "Enter" });
    await screen.findByText("owls");
    expect(told("mark_runs").at(-1)).toMatchObject({ ids: ["picture-run-0"], add_tags: ["owls"] });
  });

  it("shows labels as a table and a sound by its size and kind", async () => {
    history.openId = "sample-2";
    render(HistoryTab);
    await screen.findByRole("rowheader", { name: "POSITIVE" });
    expect(screen.getByText("99.9%")).toBeTruthy();
    history.openId = "sample-0";
    await screen.findByText("A sound, 12 kB, WAV");
  });
});
