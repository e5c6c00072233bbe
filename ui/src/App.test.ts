// The whole window on the scripted host: an example runs, an error has its card, nothing breaks a rule of access.
import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import App from "./App.svelte";
import { type Fake, makeFake } from "./host/fake";
import { setHost } from "./host/host";
import { toasts } from "./shared/toasts.svelte";
import { start } from "./start";
import { chat } from "./tasks/text/chat.svelte";
import { faults } from "./testing/faults";

let fake: Fake;

beforeEach(async () => {
  // What jsdom lacks.
  vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener: () => {} }));
  fake = makeFake({ pace: 0, models: 20 });
  setHost(fake);
  await start();
  render(App, {});
  await screen.findByTestId("prompt", {}, { timeout: 15_000 });
});

afterEach(() => {
  cleanup();
  chat.fresh();
  vi.unstubAllGlobals();
});

describe("the window", { timeout: 40_000 }, () => {
  it("answers an example at one click, and says which model answered", async () => {
    const [example] = screen.getAllByTestId("example");
    example?.click();
    await vi.waitFor(
      () => expect(screen.getByTestId("answered-by").textContent).toContain("SmolLM2"),
      15_000,
    );
    expect(screen.getByTestId("answer").dataset.state).toBe("done");
    expect(document.activeElement).toBe(screen.getByTestId("prompt"));
    expect(await faults()).toEqual([]);
  });

  it("shows an error as a card with one action where the answer would be", async () => {
    chat.draft = "error:auth";
    chat.send();
    const card = await screen.findByTestId("error", {}, { timeout: 15_000 });
    expect(card.dataset.code).toBe("auth");
    expect(card.textContent).toContain("Set the key");
    expect(await faults()).toEqual([]);
  });

  it("takes a press beside the words as a press on the prompt, in Chat and in Completion", async () => {
    for (const mode of ["Completion", "Chat"]) {
      await fireEvent.click(screen.getByRole("radio", { name: mode }));
      const foot = screen.getByTestId("run").parentElement as HTMLElement;
      (document.activeElement as HTMLElement).blur();
      await fireEvent.mouseDown(screen.getByTestId("run"));
      expect(document.activeElement).toBe(document.body);
      await fireEvent.mouseDown(foot);
      expect(document.activeElement).toBe(screen.getByTestId("prompt"));
    }
  });

  it("begins a new chat by its shortcut and opens the tabs by theirs", async () => {
    chat.draft = "Hello";
    chat.send();
    await screen.findByTestId("answered-by", {}, { timeout: 15_000 });
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "O", ctrlKey: true, shiftKey: true }));
    await screen.findByText("Ask it anything");
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "9", ctrlKey: true }));
    await screen.findByTestId("stage-history");
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "1", ctrlKey: true }));
    await screen.findByTestId("stage-text");
  });
});

describe("a window that could not be opened in full", () => {
  it("says why, and opens when trying again helps", async () => {
    cleanup();
    const wrong = { code: "internal" as const, message: "Limerick cannot write to its folder." };
    let usable = false;
    fake.openAgain = () => (usable ? Promise.resolve() : Promise.reject(wrong));
    render(App, { problem: wrong });
    const card = await screen.findByTestId("error");
    expect(card.textContent).toContain(wrong.message);
    await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await vi.waitFor(() => expect(toasts.list.at(-1)?.text).toBe("It still does not work."));
    expect(screen.queryByTestId("prompt")).toBeNull();
    usable = true;
    await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByTestId("prompt");
    expect(screen.queryByTestId("error")).toBeNull();
    expect(toasts.list).toEqual([]);
  });
});
