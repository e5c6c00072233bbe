// History as a person uses it, on the scripted host.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Commands, RunSummary } from "../bindings";
import { makeFake } from "../host/fake";
import { type Host, setHost } from "../host/host";
import { toasts } from "../shared/toasts.svelte";
import { faults } from "../testing/faults";
import { remove } from "./doing.svelte";
import { filters } from "./filters.svelte";
import HistoryTab from "./HistoryTab.svelte";
import { history } from "./history.svelte";

const summary = (id: string, prompt: string): RunSummary => ({
  ...{ id, prompt, task: "chat_completion", state: "done", created_at: 0 },
  ...{ connection_name: "Built-in", model: "tiny", answer: `Answer to ${prompt}` },
  ...{ favourite: false, pictures: 0 },
});

/** A host with these runs; deleting and restoring work. */
function hostWith(runs: RunSummary[]): Host {
  const fake = makeFake();
  const gone = new Set<string>();
  const answer = (name: string, args: unknown): unknown => {
    if (name === "filter_choices" || name === "storage") return fake.call(name, {});
    if (name === "runs") {
      const { query } = args as Commands["runs"]["args"];
      const found = runs.filter((run) => !gone.has(run.id) && run.prompt.includes(query));
      return { runs: found, total: found.length };
    }
    for (const id of (args as { ids?: string[] }).ids ?? []) {
      if (name === "delete_runs") gone.add(id);
      else gone.delete(id);
    }
    return {};
  };
  const call = async (name: string, args: unknown) =>
    name === "run" ? Promise.reject({ code: "input", message: "gone" }) : answer(name, args);
  return { ...fake, call: call as Host["call"] };
}

describe("History", () => {
  beforeEach(async () => {
    setHost(hostWith([summary("a", "first question"), summary("b", "second question")]));
    history.openId = undefined;
    history.ticked.clear();
    filters.clear();
    await history.load();
  });
  afterEach(cleanup);

  it("says how many runs there are, and passes axe", async () => {
    const { container } = render(HistoryTab);
    await screen.findByText("2 runs");
    expect(await faults(container)).toEqual([]);
  });

  it("searches when the typing rests, and offers a way back when nothing is found", async () => {
    render(HistoryTab);
    await fireEvent.input(screen.getByRole("searchbox"), { target: { value: "nowhere" } });
    await screen.findByText("Nothing found");
    await fireEvent.click(screen.getByRole("button", { name: "Show all" }));
    await screen.findByText("2 runs");
  });

  it("deletes with a way back, and opens the next run", async () => {
    history.openId = "a";
    await remove(["a"]);
    expect(history.runs.map(({ id }) => id)).toEqual(["b"]);
    expect(history.openId).toBe("b");
    const toast = toasts.list.at(-1);
    expect(toast?.text).toBe("Run deleted.");
    if (toast) toasts.act(toast);
    await waitFor(() => expect(history.runs.map(({ id }) => id)).toEqual(["a", "b"]));
    expect(history.openId).toBe("a");
  });

  it("says what to do when there are no runs", async () => {
    setHost(hostWith([]));
    await history.load();
    render(HistoryTab);
    await screen.findByText("No runs yet");
  });
});
