// The Vision tab on the screen: the empty stage, pictures with what is sent of them, answers, the parameters, access.
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { connections } from "../../connections/connections.svelte";
import { layout } from "../../frame/layout.svelte";
import { stage } from "../../frame/stage.svelte";
import { type Fake, makeFake } from "../../host/fake";
import { setHost } from "../../host/host";
import { models } from "../../models/models.svelte";
import { settings } from "../../settings/settings.svelte";
import { faults } from "../../testing/faults";
import { how } from "./how.svelte";
import VisionTab from "./VisionTab.svelte";
import { vision } from "./vision.svelte";

const { chat } = vision;
let fake: Fake;

beforeEach(async () => {
  fake = makeFake({ pace: 0, models: 10, pictures: 5 });
  setHost(fake);
  await settings.load();
  await connections.load();
  connections.use("builtin");
  await models.load(connections.current, "image_text_to_text");
  how.values = {};
  how.mode = "ask";
  chat.fresh();
  chat.draft = "";
  chat.pictures = [];
  vi.spyOn(fake, "putPicture").mockImplementation(async () => ({
    ...{
      address: "media:fake-7-4032x3024.png",
      media_type: "image/png",
      width: 4032,
      height: 3024,
      bytes: 9,
    },
  }));
});

afterEach(() => {
  cleanup();
});

async function drop(...names: string[]): Promise<void> {
  const files = names.map((name) => new File(["abcd"], name, { type: "image/png" }));
  await fireEvent.drop(screen.getByTestId("drop-picture"), { dataTransfer: { files, types: ["Files"] } });
}

describe("the Vision tab", { timeout: 30_000 }, () => {
  it("begins with one sentence, pictures with questions, and the model that sees by itself", async () => {
    render(VisionTab);
    await screen.findByText("Show it a picture");
    expect(screen.getAllByTestId("example")).toHaveLength(4);
    const offer = screen.getByTestId("get-eyes");
    expect(offer.textContent).toContain("a classifier names what it sees");
    await fireEvent.click(within(offer).getByRole("button", { name: /^Get it, \d+ MB…$/ }));
    expect([layout.tab, layout.settingsSection]).toEqual(["settings", "models"]);
    expect(await faults()).toEqual([]);
  });

  it("says what will be sent of a picture, takes a question from a chip, and answers in a thread", async () => {
    render(VisionTab);
    await drop("cat.png");
    const tile = await screen.findByTestId("shown-picture");
    await waitFor(() => expect(tile.textContent).toContain("4032 × 3024 → 1024 × 768"));
    expect(tile.textContent).toMatch(/134 kB, about 1\D?049 tokens/);
    await fireEvent.click(screen.getByRole("button", { name: "Limerick" }));
    expect((screen.getByTestId("prompt") as HTMLTextAreaElement).value).toContain("AABBA");
    expect(await faults()).toEqual([]);
    stage.current?.run();
    await waitFor(() => expect(screen.getByTestId("answer").dataset.state).toBe("done"), { timeout: 15_000 });
    expect(screen.getByTestId("said").textContent).toContain("AABBA");
    expect(screen.getAllByTestId("said-picture")).toHaveLength(1);
    expect(screen.queryByTestId("shown-picture")).toBeNull();
    await fireEvent.click(screen.getByTestId("said-picture"));
    expect(screen.getByTestId("look")).toBeTruthy();
    expect(await faults()).toEqual([]);
  });

  it("takes several at once, and counts them in all", async () => {
    let at = 0;
    vi.spyOn(fake, "putPicture").mockImplementation(async () => ({
      ...{ address: `media:fake-${at++}-800x600.png`, media_type: "image/png", width: 800, height: 600 },
      bytes: 9,
    }));
    render(VisionTab);
    await drop("a.png", "b.png");
    await waitFor(() => expect(screen.getByTestId("shown").textContent).toContain("2 pictures, 163 kB"));
    await fireEvent.click(screen.getByRole("button", { name: "Move picture 2 forward" }));
    expect(chat.pictures[0]?.address).toContain("fake-1");
    await fireEvent.click(screen.getByRole("button", { name: "Remove picture 1" }));
    expect(chat.pictures).toHaveLength(1);
  });

  it("takes pictures from History", async () => {
    render(VisionTab);
    await fireEvent.click(screen.getByTestId("add-from-history"));
    const shelf = await screen.findByTestId("from-history");
    await waitFor(() => expect(within(shelf).getAllByRole("button").length).toBeGreaterThan(1));
    expect(await faults()).toEqual([]);
    for (const tile of within(shelf).getAllByRole("button").slice(0, 2)) await fireEvent.click(tile);
    await fireEvent.click(screen.getByRole("button", { name: "Use 2 pictures" }));
    await waitFor(() => expect(chat.pictures).toHaveLength(2));
  });

  it("says in plain words why a way is not open, and which is taken", async () => {
    how.values = { way: "caption" };
    render(VisionTab);
    expect(screen.getByText(/Built-in models answer in a chat. Chat is taken./)).toBeTruthy();
    connections.use("hf");
    await waitFor(() => expect(screen.getByTestId("way").textContent).toContain("It takes no question"));
    expect((screen.getByTestId("prompt") as HTMLTextAreaElement).readOnly).toBe(true);
    expect(screen.queryByTestId("question")).toBeNull();
    expect(await faults()).toEqual([]);
  });

  it("asks a folder the same question, and says what is missing", async () => {
    how.mode = "folder";
    render(VisionTab);
    await fireEvent.click(screen.getByRole("button", { name: "Alt text" }));
    expect((screen.getByTestId("folder-question") as HTMLTextAreaElement).value).toContain("alt text");
    expect(await faults()).toEqual([]);
  });
});
