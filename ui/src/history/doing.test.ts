// Marks, notes, deleting and exports: what Rust is told, what is shown meanwhile, and the way back.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Fake, makeFake } from "../host/fake";
import { type Host, setHost } from "../host/host";
import { notes } from "../runs/notes.svelte";
import { toasts } from "../shared/toasts.svelte";
import { exportRuns, remove, star, written } from "./doing.svelte";
import { filters } from "./filters.svelte";
import { gallery } from "./gallery.svelte";
import { history } from "./history.svelte";
import { Selection } from "./selection.svelte";
import { shelf } from "./shelf.svelte";

let fake: Fake;
const said = () => toasts.list.at(-1)?.text;
const told = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);

beforeEach(async () => {
  fake = makeFake({ pictures: 30 });
  setHost(fake);
  filters.clear();
  shelf.show("gallery");
  await vi.waitFor(() => expect(gallery.slots.length).toBe(30));
});

afterEach(() => {
  vi.useRealTimers();
  shelf.show("list");
});

/** A host where one command fails. */
function without(name: string): Host {
  const call: Host["call"] = (asked, args) =>
    asked === name
      ? Promise.reject({ code: "internal", message: "The disk is full." })
      : fake.call(asked, args);
  return { ...fake, call };
}

describe("deleting", () => {
  it("in the gallery takes the run with all its pictures, and Undo brings them back", async () => {
    await remove(["picture-run-9"]);
    expect(gallery.slots.length).toBe(26);
    expect(said()).toBe("Run deleted.");
    const toast = toasts.list.at(-1);
    if (toast) toasts.act(toast);
    await vi.waitFor(() => expect(gallery.slots.length).toBe(30));
  });

  it("that fails says so and changes nothing", async () => {
    await shelf.show("list");
    await vi.waitFor(() => expect(history.runs.length).toBeGreaterThan(20));
    const before = history.runs.length;
    setHost(without("delete_runs"));
    await remove(["picture-run-0"]);
    expect([said(), history.runs.length]).toEqual(["The disk is full.", before]);
  });
});

describe("a star", () => {
  it("shows at once, and goes again where it could not be kept", async () => {
    const starred = () => gallery.slots[0]?.picture?.favourite;
    const starring = star(["picture-run-0"], true);
    expect(starred()).toBe(true);
    await starring;
    expect(told("mark_runs")).toEqual([{ ids: ["picture-run-0"], favourite: true }]);
    setHost(without("mark_runs"));
    await star(["picture-run-0"], false);
    expect([starred(), said()]).toEqual([true, "The disk is full."]);
  });
});

describe("a note", () => {
  it("is stored when the typing rests, once", async () => {
    vi.useFakeTimers();
    notes.type("picture-run-0", "a");
    notes.type("picture-run-0", "ab");
    await vi.advanceTimersByTimeAsync(600);
    expect(told("mark_runs")).toEqual([{ ids: ["picture-run-0"], note: "ab" }]);
  });

  it("is stored at once when the page goes away", async () => {
    notes.type("picture-run-1", "soon");
    notes.storeAll();
    await vi.waitFor(() => expect(told("mark_runs")).toEqual([{ ids: ["picture-run-1"], note: "soon" }]));
  });

  it("that could not be stored is still there, says why, and is stored at the next try", async () => {
    setHost(without("mark_runs"));
    notes.type("picture-run-2", "words");
    await notes.store("picture-run-2");
    notes.settle("picture-run-2");
    expect(notes.problems.get("picture-run-2")).toBe("The disk is full.");
    expect(notes.typed.get("picture-run-2")).toBe("words");
    setHost(fake);
    await notes.store("picture-run-2");
    notes.settle("picture-run-2");
    expect([notes.problems.size, notes.typed.has("picture-run-2")]).toEqual([0, false]);
  });
});

describe("an export", () => {
  it("goes where the person says, and says what was written and what was missing", async () => {
    await exportRuns(["picture-run-7", "picture-run-9"], "folder");
    expect(told("export_runs")).toEqual([
      { ids: ["picture-run-7", "picture-run-9"], path: "/home/someone/Pictures", form: "folder" },
    ]);
    expect(said()).toBe(
      "2 runs and 4 files written to /home/someone/Pictures/limerick. 1 file could no longer be found.",
    );
    expect(written({ path: "/x.zip", runs: 1, files: 1, missing: 0 })).toBe(
      "1 run and 1 file written to /x.zip.",
    );
  });

  it("is not begun when the person changes their mind", async () => {
    setHost({ ...fake, saveFile: async () => null });
    await exportRuns(["picture-run-1"], "zip");
    expect(told("export_runs")).toEqual([]);
  });
});

describe("a selection", () => {
  it("keeps the things, and only those that are still there", () => {
    const selection = new Selection<number>();
    selection.toggle("a", 1);
    selection.add([
      ["b", 2],
      ["c", 3],
    ]);
    selection.toggle("a", 1);
    selection.retain((key) => key !== "c");
    expect([...selection.kept]).toEqual([["b", 2]]);
  });
});
