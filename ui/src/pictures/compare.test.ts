// Comparing two pictures: every way of it by keys, and what differs in words.
import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Run } from "../bindings";
import { faults } from "../testing/faults";
import CompareViewer from "./CompareViewer.svelte";
import { hostWithRuns, imageRun, picture } from "./samples";

const slider = () => screen.getByRole("slider").getAttribute("aria-valuenow");
const key = (name: string, more: object = {}) =>
  fireEvent.keyDown(screen.getByRole("dialog"), { key: name, ...more });

describe("comparing", () => {
  beforeEach(() => {
    const other = imageRun("b");
    hostWithRuns([
      imageRun("a"),
      { ...other, input: { ...other.input, num_inference_steps: 4 } as Run["input"] },
    ]);
    render(CompareViewer, { a: picture("a"), b: picture("b"), onclose: vi.fn() });
  });
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });

  it("moves the divider with the arrows, wherever the focus is, and not past its ends", async () => {
    expect(slider()).toBe("50");
    await key("ArrowRight");
    await key("ArrowLeft", { shiftKey: true });
    expect(slider()).toBe("42");
    await fireEvent.keyDown(screen.getByRole("slider"), { key: "End" });
    await key("ArrowRight");
    expect(slider()).toBe("100");
  });

  it("lists what differs, and passes axe", async () => {
    const row = (await screen.findByRole("rowheader", { name: "Steps" })).closest("tr");
    expect([...(row?.querySelectorAll("td") ?? [])].map((cell) => cell.textContent)).toEqual(["28", "4"]);
    expect(screen.queryByRole("rowheader", { name: "Model" })).toBeNull();
    expect(await faults()).toEqual([]);
  }, 20_000);

  it("shows the other picture while Space is held, and stays there after a short press", async () => {
    await fireEvent.click(screen.getByRole("radio", { name: "Flip" }));
    const flip = () => screen.getByRole("button", { name: /B/ }).ariaPressed;
    const clock = vi.spyOn(performance, "now");
    clock.mockReturnValue(1_000);
    await key(" ");
    await key(" ", { repeat: true });
    expect(flip()).toBe("true");
    clock.mockReturnValue(2_000);
    await fireEvent.keyUp(window, { key: " " });
    expect(flip()).toBe("false");
    await key(" ");
    await fireEvent.keyUp(window, { key: " " });
    expect(flip()).toBe("true");
    clock.mockRestore();
  });

  it("takes Enter and a screen reader's click as a short press", async () => {
    await fireEvent.click(screen.getByRole("radio", { name: "Flip" }));
    await fireEvent.click(screen.getByRole("button", { name: "Hold for B" }), { detail: 0 });
    expect(screen.getByRole("button", { name: "B in sight" }).ariaPressed).toBe("true");
  });
});
