// Tokens that were found, who can pay, and signing in, on the scripted host.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connections } from "../connections/connections.svelte";
import { layout } from "../frame/layout.svelte";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";
import SettingsTab from "./SettingsTab.svelte";
import { settings } from "./settings.svelte";

describe("the Hugging Face account", () => {
  let fake: Fake;
  beforeEach(async () => {
    fake = makeFake({ pace: 0 });
    setHost(fake);
    layout.settingsSection = undefined;
    await settings.load();
    await connections.load();
  });
  afterEach(cleanup);
  const called = (name: string) => fake.calls.filter((call) => call.name === name).map((call) => call.args);

  it("offers a token that was found, and keeps it only when told to", async () => {
    render(SettingsTab);
    await fireEvent.click(screen.getByRole("button", { name: "Replace" }));
    const offer = await screen.findByRole("button", {
      name: "Use the token from ~/.cache/huggingface/token",
    });
    expect(called("use_token")).toEqual([]);
    await fireEvent.click(offer);
    await waitFor(() => expect(called("use_token")).toHaveLength(1));
    expect(called("use_token")[0]).toEqual({ id: "~/.cache/huggingface/token", allow_file: false });
    expect(called("set_key")).toEqual([]);
  });

  it("lets an organisation pay", async () => {
    render(SettingsTab);
    const payer = await screen.findByLabelText<HTMLSelectElement>("Who pays");
    await fireEvent.change(payer, { target: { value: "acme" } });
    await waitFor(() => expect(called("save_connection")).toHaveLength(1));
    expect(called("save_connection")[0]).toMatchObject({ id: "hf", bill_to: "acme" });
  });

  it("signs in with a code where a client id is set, and nowhere else", async () => {
    const { unmount } = render(SettingsTab);
    await fireEvent.click(screen.getByRole("button", { name: "Replace" }));
    expect(screen.queryByRole("button", { name: "Sign in with Hugging Face" })).toBeNull();
    unmount();
    await settings.save({ sign_in_client: "client" });
    render(SettingsTab);
    await fireEvent.click(screen.getByRole("button", { name: "Replace" }));
    await fireEvent.click(screen.getByRole("button", { name: "Sign in with Hugging Face" }));
    await screen.findByText("AB-CD");
    await fireEvent.click(screen.getByRole("button", { name: "Open the page" }));
    expect(fake.opened).toEqual(["https://huggingface.co/device?code=AB-CD"]);
    await fireEvent.click(screen.getByRole("button", { name: "Stop" }));
    await screen.findByRole("button", { name: "Sign in with Hugging Face" });
  });
});
