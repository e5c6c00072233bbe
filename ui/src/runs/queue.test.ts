// The queue as a person works with it: order, rest, stopping, and what waits since last time.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { faults } from "../testing/faults";
import { freshId } from "./id";
import LeftLine from "./LeftLine.svelte";
import QueuePanel from "./QueuePanel.svelte";
import { queue } from "./queue.svelte";
import { Run } from "./run.svelte";

let fake: Fake;

beforeEach(async () => {
  fake = makeFake({ pace: 0, models: 1 });
  setHost(fake);
  await queue.pause(true);
  for (const prompt of ["one", "two", "three"])
    Run.start({
      ...{ connection: "hf", queued: true, batch: freshId() },
      input: { task: "text_to_image", model: "m", prompt },
    });
  await waitFor(async () => {
    await queue.load();
    expect(queue.waiting).toHaveLength(3);
  });
});

afterEach(async () => {
  cleanup();
  await queue.clear();
});

const order = () => queue.waiting.map((run) => run.prompt);

describe("the queue", () => {
  it("is put in another order, by buttons and by keys", async () => {
    render(QueuePanel);
    const [, second] = screen.getAllByRole("listitem");
    await fireEvent.click(screen.getAllByRole("button", { name: "Earlier" })[1] as HTMLElement);
    await waitFor(() => expect(order()).toEqual(["two", "one", "three"]));
    await fireEvent.keyDown(second as HTMLElement, { key: "ArrowDown", altKey: true });
    await waitFor(() => expect(order()).toEqual(["one", "two", "three"]));
    expect(await faults()).toEqual([]);
  });

  it("loses one, or all", async () => {
    render(QueuePanel);
    await fireEvent.click(screen.getAllByRole("button", { name: "Take out of the queue" })[1] as HTMLElement);
    await waitFor(() => expect(order()).toEqual(["one", "three"]));
    await fireEvent.click(screen.getByRole("button", { name: "Stop all" }));
    await screen.findByText(/Nothing waits/);
  });

  it("waits since last time until the person says go on", async () => {
    await queue.start();
    render(LeftLine);
    expect(screen.getByTestId("left").textContent).toContain("3 pictures wait from last time.");
    await fireEvent.click(screen.getByRole("button", { name: "Resume" }));
    await waitFor(() => expect(screen.queryByTestId("left")).toBeNull());
    await waitFor(() => expect(queue.waiting).toEqual([]), { timeout: 5_000 });
  });

  it("lets a waiting run wait, and its clock stand, until its turn", async () => {
    const [first] = queue.waiting;
    const run = Run.watch(first?.id ?? "", {}, "waiting");
    expect([run.phase, run.ended]).toEqual(["waiting", false]);
    await queue.pause(false);
    await waitFor(() => expect(run.phase).toBe("done"), { timeout: 5_000 });
  });
});
