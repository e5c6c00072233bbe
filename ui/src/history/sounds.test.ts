// Sounds in History: played from the list, shown with a player, opened as a take.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { layout } from "../frame/layout.svelte";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { settings } from "../settings/settings.svelte";
import { player } from "../sound/player.svelte";
import { takes } from "../tasks/speech/takes.svelte";
import { faults } from "../testing/faults";
import RunDetail from "./RunDetail.svelte";
import RunRow from "./RunRow.svelte";

let fake: Fake;
const RUN = "sample-0";

beforeEach(async () => {
  fake = makeFake({ samples: true });
  setHost(fake);
  await settings.load();
  await player.start();
});

afterEach(() => {
  cleanup();
});

describe("a sound in History", () => {
  it("says in its row that it can be heard, and that it is", async () => {
    const page = await fake.call("runs", { query: "", limit: 1 });
    const [run] = page.runs;
    if (!run) throw new Error("There is a run.");
    render(RunRow, { run, query: "", ticked: false });
    expect(screen.getByTestId("hear").title).toBe("Play (P)");
    player.toggle([RUN]);
    await waitFor(() => expect(screen.getByTestId("hear").title).toBe("Pause (P)"));
  });

  it("has a player, its facts and ways to save it", async () => {
    render(RunDetail, { id: RUN });
    await fireEvent.click(await screen.findByTestId("play"));
    expect(player.holds([RUN])).toBe(true);
    fake.player.pass(1.1);
    await waitFor(() => expect(screen.getByTestId("time").textContent).toBe("0:01 / 0:03"));
    expect(await faults()).toEqual([]);
  }, 30_000);

  it("opens as a take of the Speech tab", async () => {
    render(RunDetail, { id: RUN });
    await fireEvent.click(await screen.findByRole("button", { name: "Open in Speech" }));
    await waitFor(() => expect(takes.open?.text).toBe("There was an old man with a beard."));
    expect(layout.tab).toBe("speech");
  });

  it("is said aloud where it is words", async () => {
    render(RunDetail, { id: "sample-1" });
    await screen.findByTestId("speak");
  });
});
