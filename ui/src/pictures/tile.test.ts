// Tiles, a table of them, and saving: names, keys, and what is sent.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Fake } from "../host/fake";
import { toasts } from "../shared/toasts.svelte";
import { faults } from "../testing/faults";
import LabelledGrid from "./LabelledGrid.svelte";
import { stepInTable } from "./labelled";
import PictureTile from "./PictureTile.svelte";
import SaveMenu from "./SaveMenu.svelte";
import { hostWithRuns, picture } from "./samples";

let fake: Fake;
beforeEach(() => {
  fake = hostWithRuns([]);
});
afterEach(cleanup);

describe("a tile", () => {
  it("has its picture's form before that comes, and its prompt as its name", () => {
    render(PictureTile, { picture: picture("a"), onopen: vi.fn() });
    const tile = screen.getByRole("button", { name: "prompt of a" });
    expect(tile.style.aspectRatio).toBe("1024 / 768");
    expect(screen.getByRole("img", { name: "prompt of a" }).getAttribute("loading")).toBe("lazy");
  });

  it("says in words what it shows as marks", () => {
    const marked = picture("a", { favourite: true, blank: true, prompt: "" });
    render(PictureTile, { picture: marked, aspect: "square", selected: true, onopen: vi.fn() });
    screen.getByRole("button", { name: "Picture without a prompt (blank, favourite, selected)" });
    expect(screen.getByText("blank")).toBeTruthy();
  });

  it("stays calm where the file is gone, whether that was known or not", async () => {
    render(PictureTile, { picture: picture("a"), onopen: vi.fn() });
    await fireEvent.error(screen.getByRole("img"));
    expect(screen.getByText("The file is gone")).toBeTruthy();
    expect(screen.queryByRole("img")).toBeNull();
  });
});

describe("a table of pictures", () => {
  const [a, b, c] = [picture("a"), picture("b"), picture("c")];
  const cells = [
    [a, undefined, b],
    [undefined, c, undefined],
  ];

  it("has headers, marks what is not there, and passes axe", async () => {
    const props = { columns: ["1", "2", "4"], rows: ["euler", "ddim"], columnTitle: "Steps" };
    const on = { onopen: vi.fn(), onexport: vi.fn() };
    const { container } = render(LabelledGrid, { ...props, rowTitle: "Scheduler", cells, ...on });
    expect(screen.getAllByRole("columnheader").map((head) => head.textContent?.trim())).toEqual([
      "1",
      "2",
      "4",
    ]);
    expect(screen.getAllByRole("rowheader").map((head) => head.textContent?.trim())).toEqual([
      "euler",
      "ddim",
    ]);
    expect(screen.getAllByText("no picture")).toHaveLength(3);
    const tile = screen.getByRole("button", { name: "prompt of a" });
    tile.focus();
    await fireEvent.keyDown(tile, { key: "ArrowRight" });
    expect(document.activeElement?.getAttribute("aria-label")).toBe("prompt of b");
    await fireEvent.click(screen.getByRole("button", { name: /Save as one picture/ }));
    expect(on.onexport).toHaveBeenCalled();
    expect(await faults(container)).toEqual([]);
  }, 20_000);

  it("steps over cells without a picture and stops at the edges", () => {
    expect(stepInTable("ArrowRight", { row: 0, column: 0 }, cells)).toEqual({ row: 0, column: 2 });
    expect(stepInTable("ArrowRight", { row: 0, column: 2 }, cells)).toBeUndefined();
    expect(stepInTable("ArrowDown", { row: 0, column: 0 }, cells)).toBeUndefined();
    expect(stepInTable("End", { row: 0, column: 0 }, cells)).toEqual({ row: 1, column: 1 });
    expect(stepInTable("x", { row: 0, column: 0 }, cells)).toBeUndefined();
  });
});

describe("saving", () => {
  const props = { address: "media:a.webp", run: "run-a", name: "owl", open: true };
  // jsdom shows no popover.
  const form = (name: string) => screen.getByRole("menuitem", { name: new RegExp(`^${name}`), hidden: true });

  it("asks where to and sends the form with the run whose settings go along", async () => {
    render(SaveMenu, props);
    await fireEvent.click(form("JPEG"));
    await waitFor(() => expect(toasts.list.at(-1)?.text).toBe("Picture saved."));
    expect(fake.calls.at(-1)).toEqual({
      name: "save_picture",
      args: { address: "media:a.webp", path: "/home/someone/owl.jpg", form: "jpeg", run: "run-a" },
    });
  });

  it("keeps the original's own extension, and does nothing when the person changes their mind", async () => {
    const saveFile = vi.spyOn(fake, "saveFile").mockResolvedValue(null);
    render(SaveMenu, props);
    await fireEvent.click(form("Original"));
    expect(saveFile).toHaveBeenCalledWith("Save as Original", "owl.webp", ["webp"]);
    expect(fake.calls).toEqual([]);
  });

  it("copies the picture itself", async () => {
    render(SaveMenu, props);
    await fireEvent.click(form("Copy"));
    await waitFor(() => expect(fake.copied).toEqual(["media:a.webp"]));
  });
});
