// Search by meaning, and runs about pictures and of tables, as a person meets them in History.
import { cleanup, configure, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { MakeTable } from "../bindings";
import { layout } from "../frame/layout.svelte";
import { type Fake, makeFake } from "../host/fake";
import { host, setHost } from "../host/host";
import { folder } from "../tables/desks";
import { vision } from "../tasks/vision/vision.svelte";
import { faults } from "../testing/faults";
import { filters } from "./filters.svelte";
import HistoryTab from "./HistoryTab.svelte";
import { history } from "./history.svelte";
import { knowing } from "./meanings.svelte";
import { shelf } from "./shelf.svelte";
import { nearWords, runName } from "./words";

/** A busy machine takes its time; milliseconds. */
const PATIENCE = 20_000;
vi.setConfig({ testTimeout: PATIENCE });
configure({ asyncUtilTimeout: PATIENCE });
const soon = <T>(look: () => T) => vi.waitFor(look, { timeout: PATIENCE });

let fake: Fake;
const asked = () => fake.calls.filter(({ name }) => name === "runs").map(({ args }) => args);

beforeEach(() => {
  fake = makeFake({ pace: 0, models: 1, pictures: 30, samples: true });
  setHost(fake);
  filters.clear();
  filters.meaning = false;
  knowing.current = undefined;
  history.openId = undefined;
  shelf.view = "list";
});

afterEach(() => {
  cleanup();
});

async function searchByMeaning(words: string) {
  const page = render(HistoryTab);
  await fireEvent.click(await screen.findByRole("button", { name: "By meaning" }));
  await fireEvent.input(screen.getByRole("searchbox"), { target: { value: words } });
  await soon(() => expect(asked().at(-1)).toMatchObject({ query: words, by_meaning: true }));
  return page;
}

describe("search by meaning", () => {
  it("asks for it, and says how near each run is", async () => {
    const { container } = await searchByMeaning("lighthouse");
    await soon(() => expect(history.runs[0]?.nearness).toBe(1));
    expect(history.answered, "no letters are marked").toBe("");
    expect(await faults(container)).toEqual([]);
  });

  it("is not asked without words, nor in the gallery", async () => {
    filters.meaning = true;
    expect(filters.runs()).not.toHaveProperty("by_meaning");
    filters.query = "owl";
    expect(filters.runs()).toMatchObject({ by_meaning: true });
    expect(filters.pictures()).not.toHaveProperty("by_meaning");
  });

  it("leads to Settings where its model is not here", async () => {
    await host().call("remove_model", { id: "minilm" });
    await searchByMeaning("owl");
    await fireEvent.click(await screen.findByRole("button", { name: "Get it in Settings" }));
    expect(layout.tab).toBe("settings");
    expect(layout.settingsSection).toBe("models");
  });
});

describe("words", () => {
  it("name a chat about pictures Vision, and every other run by its task", () => {
    expect(runName("chat_completion", true)).toBe("Vision");
    expect(runName("chat_completion", false)).toBe("Chat");
    expect(runName("image_to_text", true)).toBe("Caption");
  });

  it("say how near a run is", () => {
    expect([0.9, 0.4, 0.1].map(nearWords)).toEqual(["Very near", "Near", "Loosely"]);
  });
});

describe("a run of a table", () => {
  it("says of which, and leads to it", async () => {
    const input: MakeTable["input"] = {
      task: "image_to_text",
      ...{ model: "", image: "media:", generation_parameters: {}, extra_body: {} },
    };
    const id = "table-1";
    const source = { kind: "pictures" as const, paths: ["/home/someone/12 cats"] };
    await host().call("make_table", { id, source, connection: "builtin", input, at_once: 4 });
    await host().stream("start_run", { id: "row-1", connection: "builtin", input, batch: id }, () => {});
    render(HistoryTab);
    history.openId = "row-1";
    await screen.findByText("One of 12 rows of “12 cats”.");
    await fireEvent.click(screen.getByRole("button", { name: "Open the table" }));
    expect(layout.tab).toBe("vision");
    expect(vision.mode).toBe("folder");
    await soon(() => expect(folder.current?.id).toBe(id));
  });
});
