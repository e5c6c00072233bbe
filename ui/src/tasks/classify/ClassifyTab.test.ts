// The Classify tab on the scripted host: each kind asks, shows, is stopped, fails and comes back.
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Run } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { stage } from "../../frame/stage.svelte";
import { type Fake, makeFake } from "../../host/fake";
import { setHost } from "../../host/host";
import { faults } from "../../testing/faults";
import { openClassified } from "./answers.svelte";
import ClassifyTab from "./ClassifyTab.svelte";
import { classify } from "./classify.svelte";
import { openLabels, startedAt, use } from "./testing";

const TEXT = "👩‍🚀 Ada met Zoë\u0301 Brontë in קהיר.";
const PICTURE = "media:fake-3-800x600.png";

let fake: Fake;

beforeEach(async () => {
  fake = await openLabels();
});

afterEach(() => {
  cleanup();
});

const started = () => startedAt(fake);

async function run(phase = "done") {
  await fireEvent.click(screen.getByTestId("run"));
  await waitFor(() => expect(screen.getByTestId("answer").dataset.state).toBe(phase), { timeout: 5_000 });
}

describe("the Classify tab", () => {
  it("asks for the tone of a text, offline, and shows bars", async () => {
    render(ClassifyTab);
    expect(await faults()).toEqual([]);
    await fireEvent.input(screen.getByTestId("prompt"), { target: { value: "What a lovely lantern." } });
    await run();
    expect(started()[0]?.input).toEqual({
      ...{ task: "text_classification", model: "", text: "What a lovely lantern.", extra_body: {} },
    });
    const rows = within(screen.getByTestId("bars")).getAllByRole("row").slice(1);
    const scores = rows.map((row) => Number.parseFloat(row.querySelector(".number")?.textContent ?? ""));
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(screen.getByText("minilm")).toBeTruthy();
    await fireEvent.click(screen.getByTestId("json"));
    expect(JSON.parse(screen.getByLabelText("The answer as JSON").textContent ?? "")).toHaveLength(3);
    expect(await faults()).toEqual([]);
  }, 30_000);

  it("marks entities in the text, letter by letter as it was asked", async () => {
    use("token_classification");
    classify.text = TEXT;
    render(ClassifyTab);
    await run();
    const marked = screen.getByTestId("marked");
    expect(marked.textContent).toBe(TEXT);
    const marks = [...marked.querySelectorAll("mark")].map((mark) => [mark.textContent, mark.dataset.kind]);
    expect(marks).toEqual([
      ["Ada", "PER"],
      ["Zoë\u0301 Brontë", "LOC"],
    ]);
    expect(within(screen.getByTestId("legend")).getAllByRole("listitem")).toHaveLength(2);
    const row = within(screen.getByTestId("found")).getByRole("button", { name: "Ada" });
    row.focus();
    await waitFor(() => expect(marked.querySelector("mark")?.classList.contains("lit")).toBe(true));
    await fireEvent.click(screen.getByText("Copy as text"));
    expect(fake.copied.at(-1)?.split("\n")[0]).toBe("Ada\tPER\t99.0%\t4\t7");
    expect(await faults()).toEqual([]);
  }, 30_000);

  it("chooses among labels, which are typed, pasted, refused twice and removed", async () => {
    use("zero_shot_classification", "builtin");
    classify.text = "A galaxy far away";
    render(ClassifyTab);
    expect(screen.getByText("Add a label to choose from.")).toBeTruthy();
    const box = screen.getByLabelText("Add a label");
    await fireEvent.input(box, { target: { value: " astronomy " } });
    await fireEvent.keyDown(box, { key: "," });
    await fireEvent.paste(box, {
      clipboardData: { types: ["text/plain"], files: [], getData: () => "food, music\nastronomy" },
    });
    expect(classify.labels).toEqual(["astronomy", "food", "music"]);
    expect(screen.getByText("“astronomy” is there already.")).toBeTruthy();
    await fireEvent.keyDown(screen.getByRole("button", { name: "Remove food" }), { key: "Delete" });
    expect(classify.labels).toEqual(["astronomy", "music"]);
    await run();
    expect(started()[0]?.input).toMatchObject({ candidate_labels: ["astronomy", "music"] });
    expect(await faults()).toEqual([]);
  }, 30_000);

  it("keeps a hypothesis without a place for the label from being sent", async () => {
    use("zero_shot_classification", "builtin");
    Object.assign(classify, { text: "x", labels: ["a"] });
    classify.values.hypothesis_template = "This is it.";
    render(ClassifyTab);
    expect(screen.getByText("The hypothesis needs a {} for the label.")).toBeTruthy();
    expect(screen.getByTestId<HTMLButtonElement>("run").disabled).toBe(true);
  });

  it("makes a picture ready, and names what is on it", async () => {
    use("image_classification", "builtin");
    render(ClassifyTab);
    expect(await faults()).toEqual([]);
    await classify.take(PICTURE);
    await run();
    expect(started()[0]?.input).toMatchObject({ task: "image_classification", image: PICTURE });
    expect(screen.getByTestId("bars")).toBeTruthy();
  }, 30_000);

  it("wants two labels for a picture", async () => {
    use("zero_shot_image_classification", "builtin");
    classify.labels = ["cat"];
    expect(classify.obstacle).toBe("Add one more label to choose from.");
    classify.labels = ["cat", "dog"];
    expect(classify.obstacle).toBe("");
  });

  it("draws a box for each object, and lights box and row together", async () => {
    use("object_detection");
    await classify.take(PICTURE);
    render(ClassifyTab);
    await run();
    await waitFor(() => expect(screen.getAllByTestId("box")).toHaveLength(3));
    const table = within(screen.getByTestId("found"));
    const last = table.getAllByRole("button").at(-1);
    last?.focus();
    await waitFor(() => expect(screen.getAllByTestId("box").at(-1)?.classList.contains("lit")).toBe(true));
    await fireEvent.input(screen.getByRole("slider", { name: "Least score that is shown" }), {
      target: { value: "0.9" },
    });
    expect(screen.getAllByTestId("box")).toHaveLength(2);
    expect(screen.getByText("2 of 3 shown")).toBeTruthy();
    expect(await faults()).toEqual([]);
  }, 30_000);

  it("says what to choose where no built-in model does it", async () => {
    use("token_classification", "builtin");
    render(ClassifyTab);
    await screen.findByText("No built-in model does this");
    expect(await faults()).toEqual([]);
    await fireEvent.click(screen.getByRole("button", { name: "Use Hugging Face" }));
    expect(connections.current.id).toBe("hf");
  }, 30_000);

  it("is stopped by the frame, and asks again", async () => {
    classify.text = "slow";
    fake = makeFake({ pace: 5, models: 10 });
    setHost(fake);
    render(ClassifyTab);
    await fireEvent.click(screen.getByTestId("run"));
    await waitFor(() => expect(screen.getByTestId("answer").dataset.state).toBe("running"));
    expect(stage.current?.running).toBe(true);
    stage.current?.stop();
    await waitFor(() => expect(screen.getByTestId("answer").dataset.state).toBe("cancelled"));
    expect(screen.getByText("Stopped.")).toBeTruthy();
    await fireEvent.click(screen.getByText("Ask again"));
    await waitFor(() => expect(started()).toHaveLength(2));
    expect(started()[1]?.anew).toBe(true);
    stage.current?.stop();
    await waitFor(() => expect(screen.getByTestId("answer").dataset.state).toBe("cancelled"));
  });

  it("shows a failure as its card", async () => {
    classify.text = "error:refused";
    render(ClassifyTab);
    await run("failed");
    expect((await screen.findByTestId("error")).dataset.code).toBe("refused");
  });

  it("keeps the answer of each kind, and asks an example at a click", async () => {
    render(ClassifyTab);
    await fireEvent.click(screen.getAllByTestId("example")[0] as HTMLElement);
    await waitFor(() => expect(screen.getByTestId("bars")).toBeTruthy(), { timeout: 5_000 });
    await fireEvent.click(screen.getByRole("radio", { name: "Labels for a text" }));
    await fireEvent.click(screen.getAllByTestId("example")[3] as HTMLElement);
    await waitFor(() => expect(started()).toHaveLength(2));
    expect(started()[1]?.input).toMatchObject({ multi_label: true });
    await fireEvent.click(screen.getByRole("radio", { name: "Text" }));
    expect(started()).toHaveLength(2);
    expect(screen.getByTestId("bars").textContent).toContain("POSITIVE");
  });

  it("opens a run of History with what it was asked", async () => {
    const labels = [
      { label: "cat", score: 0.9 },
      { label: "dog", score: 0.1 },
    ];
    const run: Run = {
      ...{ id: "r1", state: "done", created_at: 0, connection: "hf", connection_name: "Hugging Face" },
      ...{ provider: "hf-inference", model: "acme/zero", figures: { estimated: false } },
      marks: { favourite: false, tags: [], note: "" },
      input: {
        ...{ task: "zero_shot_classification", model: "acme/zero", text: "Meow" },
        ...{ candidate_labels: ["cat", "dog"], extra_body: {} },
      },
      output: { task: "zero_shot_classification", labels },
    };
    openClassified(run);
    render(ClassifyTab);
    expect(screen.getByTestId<HTMLTextAreaElement>("prompt").value).toBe("Meow");
    expect(classify.labels).toEqual(["cat", "dog"]);
    expect(screen.getByTestId("bars").textContent).toContain("90.0%");
    expect(screen.getByText("acme/zero")).toBeTruthy();
  });

  it("keeps the labels when the parameters go back to default", async () => {
    use("zero_shot_classification", "builtin");
    classify.labels = ["a", "b"];
    classify.values.multi_label = true;
    classify.presets.save("Mine", classify.values);
    classify.reset();
    expect(classify.values).toEqual({ candidate_labels: ["a", "b"] });
    classify.labels = ["c"];
    classify.presets.apply("Mine", classify.values);
    expect(classify.values).toEqual({ candidate_labels: ["a", "b"], multi_label: true });
  });
});
