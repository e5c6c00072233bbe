// The viewer as a person with a keyboard meets it.
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Picture } from "../bindings";
import type { Fake } from "../host/fake";
import { toasts } from "../shared/toasts.svelte";
import { faults } from "../testing/faults";
import PictureViewer from "./PictureViewer.svelte";
import { hostWithRuns, imageRun, picture } from "./samples";

const four = ["a", "b", "c", "d"].map((name) => picture(name));
let fake: Fake;

function show(pictures: Picture[], at = 0) {
  const on = { onclose: vi.fn(), onuse: vi.fn(), onstart: vi.fn(), oncompare: vi.fn(), onchanged: vi.fn() };
  const { rerender, container } = render(PictureViewer, { pictures, at, ...on });
  return { ...on, rerender, container };
}

const dialog = () => document.querySelector("dialog") as HTMLElement;
const press = (key: string) => fireEvent.keyDown(dialog(), { key });
const title = () => document.querySelector("dialog h2")?.textContent ?? "";
const star = () => screen.getByLabelText("Favourite").ariaPressed;
const called = (name: string) => fake.calls.filter((call) => call.name === name).map((call) => call.args);

describe("the viewer", () => {
  beforeEach(() => {
    fake = hostWithRuns(["a", "b", "c"].map((name) => imageRun(name)));
  });
  afterEach(() => {
    cleanup();
    for (const toast of toasts.list) toasts.close(toast.id);
  });

  it("walks through the list with the arrows, Home and End, and stops at its ends", async () => {
    show(four);
    await press("ArrowLeft");
    expect(title()).toContain("1 of 4");
    await press("ArrowRight");
    expect(title()).toContain("prompt of b");
    await press("End");
    expect(title()).toContain("4 of 4");
    await press("ArrowRight");
    expect(title()).toContain("4 of 4");
    await press("Home");
    expect(title()).toContain("1 of 4");
  });

  it("passes axe, with what is known of the picture beside it", async () => {
    const { container } = show(four);
    await screen.findByDisplayValue("whole prompt of a");
    expect(await faults(container)).toEqual([]);
  }, 20_000);

  it("uses what it is told to, and nothing by itself", async () => {
    const { onuse, onstart } = show(four);
    await screen.findByDisplayValue("whole prompt of a");
    await press("ArrowRight");
    expect(onuse).not.toHaveBeenCalled();
    await screen.findByDisplayValue("whole prompt of b");
    await fireEvent.click(screen.getByText("Use seed"));
    await fireEvent.click(screen.getByText("Use as start picture"));
    expect(onuse).toHaveBeenCalledWith("seed", four[1]);
    expect(onstart).toHaveBeenCalledWith(four[1]);
  });

  it("tells what is known where the run is gone", async () => {
    show(four, 3);
    await screen.findByText(/no longer kept/);
    expect(screen.queryByLabelText("Note")).toBeNull();
  });

  it("stars with F and takes the star back when that fails", async () => {
    const { onchanged } = show(four);
    await press("f");
    expect(called("mark_runs")).toEqual([{ ids: ["run-a"], favourite: true }]);
    expect(star()).toBe("true");
    await waitFor(() => expect(onchanged).toHaveBeenCalled());
    fake.call = () => Promise.reject({ code: "internal", message: "The disk is full." });
    await press("f");
    await waitFor(() => expect(star()).toBe("true"));
    expect(toasts.list.at(-1)?.text).toBe("The disk is full.");
  });

  it("deletes with a way back, and shows the next one meanwhile", async () => {
    show(four, 1);
    await press("Delete");
    await waitFor(() => expect(title()).toContain("prompt of c 2 of 3"));
    expect(called("delete_runs")).toEqual([{ ids: ["run-b"] }]);
    const undo = await within(dialog()).findByText("Undo");
    await fireEvent.click(undo);
    await waitFor(() => expect(title()).toContain("prompt of b 2 of 4"));
    expect(called("restore_runs")).toEqual([{ ids: ["run-b"] }]);
  });

  it("closes when the last one is deleted", async () => {
    const { onclose } = show([picture("a"), picture("a2", { run: "run-a", place: 1 })]);
    await press("Delete");
    await waitFor(() => expect(onclose).toHaveBeenCalled());
    expect(toasts.list.at(-1)?.text).toBe("Run deleted with its 2 pictures.");
  });

  it("keeps the picture in sight when others come in before it", async () => {
    const { rerender } = show(four, 1);
    await rerender({ pictures: [picture("new"), ...four] });
    await tick();
    expect(title()).toContain("prompt of b 3 of 5");
  });

  it("leaves letters alone while the person writes", async () => {
    show(four);
    const note = await screen.findByLabelText("Note");
    await fireEvent.keyDown(note, { key: "f" });
    await fireEvent.keyDown(note, { key: "Delete" });
    expect(called("mark_runs")).toEqual([]);
    expect(called("delete_runs")).toEqual([]);
  });

  it("keeps a note and tags as they are written", async () => {
    show(four);
    const note = await screen.findByLabelText("Note");
    await fireEvent.input(note, { target: { value: "the light is right" } });
    await fireEvent.blur(note);
    await waitFor(() =>
      expect(called("mark_runs")).toEqual([{ ids: ["run-a"], note: "the light is right" }]),
    );
    await fireEvent.click(screen.getByLabelText("Remove owl"));
    await waitFor(() =>
      expect(called("mark_runs")).toContainEqual({ ids: ["run-a"], add_tags: [], remove_tags: ["owl"] }),
    );
  });

  it("says that a file is gone and offers no way to save it", async () => {
    show([picture("a", { missing: true })]);
    expect(screen.getByText("The file is gone")).toBeTruthy();
    expect((screen.getByLabelText("Save") as HTMLButtonElement).disabled).toBe(true);
  });
});
