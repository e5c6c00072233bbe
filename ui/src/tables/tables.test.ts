// Tables as a person meets them: begun, filled, filtered, edited, tried again, stopped and gone on with.
import { cleanup, fireEvent, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { faults } from "../testing/faults";
import { CAPTION, LABELS, show, soon } from "../testing/tables";
import { batch, folder } from "./desks";

let fake: Fake;

const rows = () => screen.queryAllByRole("row").filter((row) => row.dataset.index !== undefined);
const said = (what: RegExp) => soon(() => expect(progress().textContent).toMatch(what));
const progress = () => screen.getByTestId("table-progress");
const called = (name: string) => fake.calls.filter((call) => call.name === name).map(({ args }) => args);

async function begin(lines: string) {
  show("zero_shot_classification", LABELS);
  await fireEvent.input(screen.getByLabelText("One text a line"), { target: { value: lines } });
  await fireEvent.click(screen.getByText("Start"));
  await soon(progress);
}

beforeEach(() => {
  fake = makeFake({ pace: 0, models: 3 });
  setHost(fake);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(900);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(480);
});

afterEach(() => {
  cleanup();
  for (const desk of [folder, batch]) Object.assign(desk, { current: undefined, list: undefined });
  batch.draft.lines = "";
  batch.draft.clear();
  folder.draft.clear();
  vi.restoreAllMocks();
});

describe("a table of lines", () => {
  it("is made of what holds something, one row at a time on this machine, and fills itself", async () => {
    await begin("A lovely lantern.\n\n  It broke.  \n");
    await said(/2 rows done/);
    expect(called("make_table")).toMatchObject([
      { source: { kind: "texts", texts: ["A lovely lantern.", "It broke."] }, at_once: 1, input: LABELS },
    ]);
    expect(rows().map((row) => row.dataset.state)).toEqual(["done", "done"]);
    expect(rows()[0]?.textContent).toMatch(/(praise|blame).*\d+\s?%/s);
  });

  it("shows a failed row's reason, and tries it alone again", async () => {
    await begin("Well.\nerror:limit");
    await said(/1 row done, 1 failed/);
    const [, failed] = rows();
    expect(failed?.textContent).toContain("This is how “limit” looks.");
    await fireEvent.click(within(failed as HTMLElement).getByLabelText("Try this row again"));
    expect(called("run_table").at(-1)).toMatchObject({ which: { places: [1] } });
    await soon(() => screen.getByText("Try failed again"));
    await fireEvent.click(screen.getByText("Try failed again"));
    expect(called("run_table").at(-1)).toMatchObject({ which: "failed" });
  });

  it("shows the rows that stand so, with how many there are", async () => {
    await begin("Well.\nerror:limit\nGood.");
    await said(/2 rows done, 1 failed/);
    await fireEvent.click(screen.getByLabelText("Failed 1"));
    await soon(() => expect(rows()).toHaveLength(1));
    expect(rows()[0]?.dataset.state).toBe("failed");
    await fireEvent.click(screen.getByLabelText("Waiting 0"));
    await screen.findByText("No row stands so now.");
  });

  it("rests when told to, says where it stopped, and goes on", async () => {
    fake = makeFake({ pace: 20, models: 3 });
    setHost(fake);
    await begin(Array.from({ length: 30 }, (_, at) => `Line ${at}.`).join("\n"));
    await said(/[3-9] of 30/);
    await fireEvent.click(screen.getByText("Pause"));
    await said(/Stopped at \d+ of 30/);
    await fireEvent.click(screen.getByText("Resume"));
    expect(called("run_table").at(-1)).toMatchObject({ which: "open" });
    await said(/30 rows done/);
  });
});

describe("an answer", () => {
  const box = () => screen.getByLabelText("Answer") as HTMLTextAreaElement;

  it("is edited in its place: Enter keeps it and the model's can be taken again", async () => {
    await begin("Well.");
    await said(/1 row done/);
    const row = rows()[0] as HTMLElement;
    row.focus();
    await fireEvent.keyDown(row, { key: "F2" });
    await fireEvent.input(box(), { target: { value: "mine" } });
    await fireEvent.keyDown(box(), { key: "Enter" });
    await soon(() => expect(rows()[0]?.textContent).toMatch(/mine.*Edited/s));
    await fireEvent.keyDown(rows()[0] as HTMLElement, { key: "Enter" });
    await fireEvent.click(await screen.findByText(/Take the model’s again/));
    await soon(() => expect(rows()[0]?.textContent).not.toContain("Edited"));
    expect(called("edit_row")).toMatchObject([
      { place: 0, text: "mine" },
      { place: 0, text: null },
    ]);
  });

  it("stays as it was after Esc", async () => {
    await begin("Well.");
    await said(/1 row done/);
    await fireEvent.click(screen.getByLabelText("Edit (F2)"));
    await fireEvent.input(box(), { target: { value: "mine" } });
    await fireEvent.keyDown(box(), { key: "Escape" });
    expect(screen.queryByLabelText("Answer")).toBeNull();
    expect(called("edit_row")).toEqual([]);
  });
});

describe("a table of pictures", () => {
  async function beginFolder(path: string) {
    fake.pickFolder = async () => path;
    show("image_to_text", CAPTION);
    await fireEvent.click(screen.getByText(/Folder…/));
    await soon(() => expect(screen.getByText("Start").closest("button")?.disabled).toBe(false));
    await fireEvent.click(screen.getByText("Start"));
    await soon(progress);
  }

  it("mounts only what is in sight of 100,000 rows, and follows the keys to the last", async () => {
    fake = makeFake({ pace: 60_000, models: 3 });
    setHost(fake);
    await beginFolder("/home/someone/100000 cats");
    expect(screen.getByRole("grid").getAttribute("aria-rowcount")).toBe("100001");
    expect(rows().length).toBeLessThan(40);
    const [first] = rows();
    first?.focus();
    await fireEvent.keyDown(first as HTMLElement, { key: "End" });
    await soon(() => expect((document.activeElement as HTMLElement).dataset.index).toBe("99999"));
    await soon(() => expect(document.activeElement?.textContent).toContain("photo 100000.jpg"));
  });

  it("is left for another, opened again, and deleted with a way back", async () => {
    await beginFolder("/home/someone/6 cats");
    await said(/6 rows done/);
    await fireEvent.click(screen.getByLabelText("All tables"));
    await fireEvent.click(await screen.findByText("6 cats"));
    await soon(progress);
    await fireEvent.click(screen.getByLabelText("Delete this table"));
    await soon(() => expect(called("delete_table")).toHaveLength(1));
    await soon(() => expect(screen.queryByText("6 cats")).toBeNull());
  });

  it("shows a row in full by Enter, and Esc closes that before it would stop anything", async () => {
    await beginFolder("/home/someone/6 cats");
    await said(/6 rows done/);
    const [first] = rows();
    first?.focus();
    await fireEvent.keyDown(first as HTMLElement, { key: "Enter" });
    const full = await screen.findByLabelText("The row in full");
    expect(full.textContent).toContain("photo 1.jpg");
    await fireEvent.keyDown(first as HTMLElement, { key: "ArrowDown" });
    await soon(() => expect(full.textContent).toContain("photo 2.jpg"));
    await fireEvent.keyDown(rows()[1] as HTMLElement, { key: "F2" });
    expect(screen.getAllByLabelText("Answer"), "edited in one place").toHaveLength(1);
    expect(full.contains(screen.getByLabelText("Answer"))).toBe(true);
    await fireEvent.keyDown(screen.getByLabelText("Answer"), { key: "Escape" });
    expect(screen.queryByLabelText("Answer")).toBeNull();
    expect(screen.queryByLabelText("The row in full"), "it stays").not.toBeNull();
    await fireEvent.keyDown(full, { key: "Escape" });
    await soon(() => expect(screen.queryByLabelText("The row in full")).toBeNull());
    expect(called("rest_table")).toEqual([]);
  });

  it("shows which column of a file counts, with its first lines", async () => {
    fake.pickFile = async () => "/home/someone/reviews.csv";
    show("zero_shot_classification", LABELS);
    await fireEvent.click(screen.getByText(/CSV or JSONL…/));
    const column = (await screen.findByLabelText("The column with the text")) as HTMLSelectElement;
    expect(screen.getByText("It broke after a week.")).toBeTruthy();
    expect(column.value, "the longest texts").toBe("review");
    await fireEvent.click(screen.getByText("Start"));
    await said(/2 rows done, 1 failed/);
    expect(called("make_table")).toMatchObject([
      { source: { kind: "file", column: "review", pictures: false } },
    ]);
  });

  it("passes axe with a row in full beside the others", async () => {
    await beginFolder("/home/someone/9 cats");
    await said(/8 rows done, 1 failed/);
    await fireEvent.keyDown(rows()[0] as HTMLElement, { key: "Enter" });
    await screen.findByLabelText("The row in full");
    expect(await faults()).toEqual([]);
  });
});
