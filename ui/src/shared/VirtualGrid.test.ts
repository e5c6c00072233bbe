// The virtual grid as a keyboard and a screen reader meet it.
import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { createRawSnippet, tick } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import VirtualGrid from "./VirtualGrid.svelte";
import { MOST_TILES } from "./virtual";

const names = (count: number, from = 0) => Array.from({ length: count }, (_, at) => `n${from + at}`);
const tile = createRawSnippet<[string, number, 0 | -1]>((item, _, tabindex) => ({
  render: () => `<button tabindex="${tabindex()}">${item()}</button>`,
  setup: (button) => {
    button.textContent = item();
  },
}));

function show(items: string[], more: object = {}) {
  return render(VirtualGrid<string>, { items, keyOf: (item: string) => item, label: "Names", tile, ...more });
}

describe("a virtual grid", () => {
  beforeEach(() => {
    vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(640);
    vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(480);
  });
  afterEach(() => {
    cleanup();
    vi.restoreAllMocks();
  });

  it("mounts only what is in sight and tells how much there is", () => {
    show(names(20_000));
    expect(screen.getAllByRole("button").length).toBeLessThanOrEqual(MOST_TILES);
    const grid = screen.getByRole("grid");
    expect(grid.getAttribute("aria-colcount")).toBe("3");
    expect(grid.getAttribute("aria-rowcount")).toBe(String(Math.ceil(20_000 / 3)));
  });

  it("has one stop for Tab, which the arrows move", async () => {
    show(names(50));
    const stops = () => screen.getAllByRole("button").filter((button) => button.tabIndex === 0);
    expect(stops()).toHaveLength(1);
    screen.getByText("n0").focus();
    await fireEvent.keyDown(screen.getByText("n0"), { key: "ArrowDown" });
    await tick();
    expect(document.activeElement?.textContent).toBe("n3");
  });

  it("follows Ctrl and End to a tile that was not mounted", async () => {
    show(names(5_000));
    screen.getByText("n0").focus();
    await fireEvent.keyDown(screen.getByText("n0"), { key: "End", ctrlKey: true });
    await tick();
    expect(document.activeElement?.textContent).toBe("n4999");
  });

  it("hands other keys on with the item that has the focus", async () => {
    const onkey = vi.fn();
    show(names(9), { onkey });
    screen.getByText("n2").focus();
    await fireEvent.keyDown(screen.getByText("n2"), { key: "Delete" });
    expect(onkey).toHaveBeenCalledWith(expect.objectContaining({ key: "Delete" }), "n2", 2);
  });

  it("asks for more when the end is near, and not when it is far", () => {
    const onnear = vi.fn();
    show(names(6), { onnear });
    expect(onnear).toHaveBeenCalled();
    const far = vi.fn();
    show(names(9_000), { onnear: far });
    expect(far).not.toHaveBeenCalled();
  });

  it("keeps what is looked at in place when items come in before it", async () => {
    const { rerender } = show(names(300, 100));
    const grid = screen.getByRole("grid");
    const scrollTo = vi.fn();
    grid.scrollTo = scrollTo;
    grid.scrollTop = 2_000;
    await fireEvent.scroll(grid);
    await rerender({ items: [...names(6), ...names(300, 100)] });
    await tick();
    const [, wanted] = scrollTo.mock.calls[0] ?? [];
    expect(wanted).toBeGreaterThan(2_000);
  });

  it("leaves the scrolling alone when items come in behind", async () => {
    const { rerender } = show(names(300));
    const grid = screen.getByRole("grid");
    const scrollTo = vi.fn();
    grid.scrollTo = scrollTo;
    grid.scrollTop = 2_000;
    await fireEvent.scroll(grid);
    await rerender({ items: names(400) });
    await tick();
    expect(scrollTo).not.toHaveBeenCalled();
  });
});
