// The waveform is a slider: by keys, by a press, by dragging, and as a screen reader hears it.
import { cleanup, createEvent, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import Waveform from "./Waveform.svelte";

const onseek = vi.fn();
const onplay = vi.fn();

beforeEach(() => {
  onseek.mockClear();
  onplay.mockClear();
});

afterEach(() => {
  cleanup();
});

function show(more: Partial<{ whole: number; disabled: boolean; words: string }> = {}): HTMLElement {
  render(Waveform, { shapes: [], total: 12, position: 3, onseek, onplay, ...more });
  const slider = screen.getByRole("slider");
  slider.getBoundingClientRect = () => ({ left: 100, width: 200 }) as DOMRect;
  return slider;
}

async function point(
  slider: HTMLElement,
  kind: "pointerDown" | "pointerMove" | "pointerUp",
  clientX: number,
) {
  // jsdom has no PointerEvent: the place is put on the event by hand.
  const event = createEvent[kind](slider, { button: 0 });
  Object.defineProperties(event, {
    clientX: { value: clientX },
    button: { value: 0 },
    pointerId: { value: 1 },
  });
  await fireEvent(slider, event);
}

describe("the waveform", () => {
  it("tells its place in words, and says what it cannot draw", () => {
    const slider = show({ words: "This sound cannot be drawn." });
    expect(slider.getAttribute("aria-valuetext")).toBe("3 of 12 seconds");
    expect(slider.getAttribute("aria-valuenow")).toBe("3");
    expect(slider.textContent).toContain("cannot be drawn");
  });

  it("goes a second by an arrow, to the ends by Home and End, and plays by the space bar", async () => {
    const slider = show();
    for (const key of ["ArrowRight", "ArrowLeft", "Home", "End"]) await fireEvent.keyDown(slider, { key });
    expect(onseek.mock.calls.flat()).toEqual([4, 2, 0, 12]);
    await fireEvent.keyDown(slider, { key: " " });
    expect(onplay).toHaveBeenCalledOnce();
    await fireEvent.keyDown(slider, { key: "ArrowRight", ctrlKey: true });
    expect(onseek).toHaveBeenCalledTimes(4);
  });

  it("shows the place while it is dragged, and goes there when it is let go", async () => {
    const slider = show();
    await point(slider, "pointerDown", 150);
    expect(slider.getAttribute("aria-valuetext")).toBe("3 of 12 seconds");
    await point(slider, "pointerMove", 200);
    expect(slider.getAttribute("aria-valuetext")).toBe("6 of 12 seconds");
    expect(onseek).not.toHaveBeenCalled();
    await point(slider, "pointerUp", 500);
    expect(onseek).toHaveBeenCalledExactlyOnceWith(12);
  });

  it("lets go of a drag by Esc", async () => {
    const slider = show();
    await point(slider, "pointerDown", 200);
    await fireEvent.keyDown(slider, { key: "Escape" });
    await point(slider, "pointerUp", 250);
    expect(onseek).not.toHaveBeenCalled();
    expect(slider.getAttribute("aria-valuetext")).toBe("3 of 12 seconds");
  });

  it("keeps its scale while the sound is being made", async () => {
    const slider = show({ whole: 24 });
    await point(slider, "pointerDown", 150);
    await point(slider, "pointerUp", 150);
    expect(onseek).toHaveBeenCalledExactlyOnceWith(6);
  });

  it("does nothing where there is nothing to hear", async () => {
    const slider = show({ disabled: true });
    await fireEvent.keyDown(slider, { key: "End" });
    await point(slider, "pointerDown", 150);
    await point(slider, "pointerUp", 150);
    expect(onseek).not.toHaveBeenCalled();
    expect(slider.tabIndex).toBe(-1);
  });
});
