// Settings as a person uses them, on the scripted host.
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connections } from "../connections/connections.svelte";
import { layout } from "../frame/layout.svelte";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { faults } from "../testing/faults";
import { app } from "./app.svelte";
import SettingsTab from "./SettingsTab.svelte";
import { settings } from "./settings.svelte";

describe("Settings", () => {
  let fake: Fake;
  beforeEach(async () => {
    fake = makeFake();
    setHost(fake);
    app.info = undefined;
    layout.settingsSection = undefined;
    await settings.load();
    await connections.load();
  });
  afterEach(cleanup);
  const called = (name: string) => fake.calls.filter((call) => call.name === name).map((call) => call.args);

  for (const section of ["connections", "models", "general", "about"]) {
    it(`${section}: passes axe`, async () => {
      layout.settingsSection = section;
      const { container } = render(SettingsTab);
      await waitFor(() => expect(called("app_info")).toHaveLength(1));
      expect(await faults(container)).toEqual([]);
    });
  }

  it("says what happens with a question that was asked before", async () => {
    layout.settingsSection = "general";
    render(SettingsTab);
    expect(screen.getByRole<HTMLInputElement>("radio", { name: "Ask" }).checked).toBe(true);
    await fireEvent.click(screen.getByRole("radio", { name: "Use history" }));
    await waitFor(() => expect(called("set_settings")).toHaveLength(1));
    expect(called("set_settings")[0]).toMatchObject({ answers: "keep" });
  });

  it("offers to remove what was fetched, not what was installed with Limerick", async () => {
    layout.settingsSection = "models";
    render(SettingsTab);
    const offers = async (name: string) =>
      within(await screen.findByRole("region", { name })).queryByRole("button", { name: "Remove" }) !== null;
    expect(await offers("all-MiniLM-L6-v2")).toBe(true);
    expect(await offers("Limerick Painter 10M")).toBe(false);
  });

  it("keeps a token, empties the box and tests the connection", async () => {
    render(SettingsTab);
    await fireEvent.click(screen.getByRole("button", { name: "Replace" }));
    const box = screen.getByLabelText<HTMLInputElement>("Token");
    expect(box.type).toBe("password");
    await fireEvent.input(box, { target: { value: " hf_secret " } });
    await fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Token found in your keychain.");
    expect(called("set_key")).toEqual([{ connection: "hf", key: " hf_secret ", allow_file: false }]);
    expect(called("test_connection")).toEqual([{ id: "hf" }]);
    expect(document.body.innerHTML).not.toContain("hf_secret");
  });

  it("asks where to keep a key when no keychain works", async () => {
    app.info = { version: "1", platform: "linux", data_folder: "", models_folder: "", key_storage: "memory" };
    render(SettingsTab);
    await fireEvent.click(screen.getByRole("button", { name: "Replace" }));
    await fireEvent.click(screen.getByLabelText("Save it in a file only I can read"));
    await fireEvent.input(screen.getByLabelText("Token"), { target: { value: "hf_x" } });
    await fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(called("set_key")).toHaveLength(1));
    expect(called("set_key")[0]).toMatchObject({ allow_file: true });
  });

  it("adds a server in one click and says what it found", async () => {
    render(SettingsTab);
    await fireEvent.click(screen.getByRole("button", { name: "Ollama" }));
    await screen.findByText("It answers, 1 model.");
    expect(called("save_connection")).toEqual([
      { name: "Ollama", url: "http://localhost:11434/v1", headers: [] },
    ]);
  });

  it("refuses an address that is none, in plain words", async () => {
    render(SettingsTab);
    await fireEvent.click(screen.getByRole("button", { name: "Add a server" }));
    await fireEvent.input(screen.getByLabelText("Address"), { target: { value: "localhost" } });
    await fireEvent.click(screen.getByRole("button", { name: "Save and test" }));
    await screen.findByText(/This is not an address|It must begin with/);
    expect(called("save_connection")).toEqual([]);
  });

  it("keeps voices apart from language models, and adds a voice of the person's own", async () => {
    layout.settingsSection = "models";
    render(SettingsTab);
    const voices = within(await screen.findByRole("region", { name: "Voices" }));
    const language = within(screen.getByRole("region", { name: "Language models" }));
    await voices.findByRole("heading", { name: "Kokoro 82M" });
    expect(language.queryByRole("heading", { name: "Kokoro 82M" })).toBeNull();
    fake.pickFile = async () => "/home/someone/voices/joe.onnx";
    await fireEvent.click(voices.getByRole("button", { name: "Add a Piper voice of your own" }));
    await voices.findByRole("heading", { name: "joe.onnx" });
    expect(called("add_model")).toEqual([{ path: "/home/someone/voices/joe.onnx" }]);
  });

  it("says which models see, and keeps those that only label apart", async () => {
    layout.settingsSection = "models";
    render(SettingsTab);
    const labels = within(await screen.findByRole("region", { name: "Labels and meaning" }));
    const language = within(screen.getByRole("region", { name: "Language models" }));
    expect(await language.findAllByText("Sees pictures")).toHaveLength(1);
    await labels.findByRole("heading", { name: "all-MiniLM-L6-v2" });
    expect(labels.queryByText("Sees pictures")).toBeNull();
    expect(language.getByText(/mmproj-model.gguf beside it/)).toBeTruthy();
  });

  it("stores a choice at once", async () => {
    layout.settingsSection = "general";
    render(SettingsTab);
    await fireEvent.click(screen.getByRole("switch", { name: "Offline" }));
    await waitFor(() => expect(called("set_settings")).toHaveLength(1));
    expect(called("set_settings")[0]).toMatchObject({ offline: true });
  });
});
