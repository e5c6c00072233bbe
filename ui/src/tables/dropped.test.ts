// What is dropped where a table is begun: pictures, a CSV or JSONL file, and what is neither.
import { cleanup, fireEvent, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { toasts } from "../shared/toasts.svelte";
import { CAPTION, LABELS, show, soon } from "../testing/tables";
import { batch, folder } from "./desks";

let fake: Fake;

const made = () => fake.calls.filter(({ name }) => name === "make_table").map(({ args }) => args);

async function start() {
  await fireEvent.click(screen.getByText("Start"));
  await soon(() => expect(made()).toHaveLength(1));
}

function drop(...files: File[]) {
  const dataTransfer = { types: ["Files"], files, items: [] };
  return fireEvent.drop(screen.getByTestId("drop-rows"), { dataTransfer });
}

const lines = (name: string) => new File(["name,review"], name);
const refusal = (what: string) => soon(() => expect(screen.getByTestId("error").textContent).toContain(what));

beforeEach(() => {
  fake = makeFake({ pace: 0, models: 3 });
  setHost(fake);
});

afterEach(() => {
  cleanup();
  for (const desk of [folder, batch]) {
    Object.assign(desk, { current: undefined, list: undefined });
    desk.draft.lines = "";
    desk.draft.clear();
  }
});

describe("pictures that are dropped", () => {
  it("are taken in, for they have no path", async () => {
    show("image_to_text", CAPTION);
    const files = [10, 9, 1].map((number) => new File([`${number}`], `cat ${number}.png`));
    const put = fake.putPicture;
    fake.putPicture = async (bytes) => {
      if (bytes.length === 1 && bytes[0] === "1".charCodeAt(0))
        throw { code: "input", message: "No picture." };
      return put(bytes);
    };
    await drop(...files, new File(["x"], "notes.md"));
    await screen.findByText("2 pictures");
    expect(toasts.list.at(-1)?.text).toBe("1 file could not be read and is left out.");
    await start();
    expect(made()).toMatchObject([{ source: { names: ["cat 9.png", "cat 10.png"] } }]);
  });
});

describe("a file with lines that is dropped", () => {
  it("is taken as if it had been picked, and says so while it is dragged over", async () => {
    show("zero_shot_classification", LABELS);
    const over = { dataTransfer: { types: ["Files"] } };
    await fireEvent.dragEnter(screen.getByTestId("drop-rows"), over);
    expect(screen.getByText("Make a table of this file")).toBeTruthy();
    await drop(lines("Reviews.CSV"), lines("notes.txt"));
    expect(screen.queryByText("Make a table of this file")).toBeNull();
    const column = (await screen.findByLabelText("The column with the text")) as HTMLSelectElement;
    expect(column.value).toBe("review");
    await start();
    const path = "/home/someone/.limerick/dropped/0/Reviews.CSV";
    expect(made()).toMatchObject([{ source: { kind: "file", path, column: "review", pictures: false } }]);
  });

  it("is refused in words where it has no lines to take, and nothing is lost", async () => {
    show("zero_shot_classification", LABELS);
    await fireEvent.input(screen.getByLabelText("One text a line"), { target: { value: "A line." } });
    await drop(lines("cat.png"));
    await refusal("This is no CSV or JSONL file.");
    await drop(lines("one.csv"), lines("two.jsonl"));
    await refusal("Drop one at a time.");
    expect(screen.getByLabelText("One text a line")).toHaveProperty("value", "A line.");
    await drop(lines("one.jsonl"));
    await screen.findByLabelText("The column with the text");
    expect(screen.queryByTestId("error")).toBeNull();
    await drop(lines("notes.txt"));
    await refusal("This is no CSV or JSONL file.");
    expect(screen.getByText("one.jsonl"), "what was chosen stays").toBeTruthy();
  });

  it("is refused before it is read where it is huge", async () => {
    show("zero_shot_classification", LABELS);
    const huge = lines("huge.csv");
    Object.defineProperty(huge, "size", { value: 65_000_000 });
    await drop(huge);
    await refusal("larger than 64 MB");
  });

  it("makes a table of pictures by whole paths only, for where it lay is not known", async () => {
    show("image_to_text", CAPTION);
    await drop(lines("list.csv"));
    const column = (await screen.findByLabelText(/^The column with the pictures/)) as HTMLSelectElement;
    expect(screen.getByText(/Choose the file instead\./)).toBeTruthy();
    expect(screen.getByText("Start")).toHaveProperty("disabled", true);
    const whole = { columns: [column.value], rows: 1, sample: [{ [column.value]: "/home/a.png" }] };
    if (folder.draft.file) folder.draft.file = { ...folder.draft.file, found: whole };
    await soon(() => expect(screen.getByText("Start")).toHaveProperty("disabled", false));
    await drop(lines("notes.md"));
    await refusal("No picture is in what you dropped.");
  });
});
