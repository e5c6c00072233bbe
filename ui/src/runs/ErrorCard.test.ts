// The error card's one action, and the provider it offers: the click that costs money stays the person's.
import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connections } from "../connections/connections.svelte";
import { makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { models } from "../models/models.svelte";
import ErrorCard from "./ErrorCard.svelte";

describe("an error with one thing to do", () => {
  afterEach(cleanup);

  it("opens the page of a model that wants its terms accepted, and never the keys", async () => {
    const fake = makeFake();
    setHost(fake);
    const page = "https://huggingface.co/acme/gated";
    const message = "The model wants its terms accepted: Access to model acme/gated is restricted.";
    render(ErrorCard, { error: { code: "gated", message, page } });
    expect(screen.getByText("Access to model acme/gated is restricted.")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Set the key" })).toBeNull();
    await fireEvent.click(screen.getByRole("button", { name: "Open its page" }));
    expect(fake.opened).toEqual([page]);
  });

  it("tries again where there is no page to open and nothing to go on from", async () => {
    setHost(makeFake());
    let runs = 0;
    const message = "The connection broke before the answer was whole.";
    for (const code of ["gated", "incomplete"] as const) {
      render(ErrorCard, { error: { code, message }, onretry: () => runs++ });
      await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
      expect(screen.queryByText("What came is kept; go on from there.")).toBeNull();
      cleanup();
    }
    expect(runs).toBe(2);
  });
});

describe("an error with another provider to offer", () => {
  beforeEach(async () => {
    setHost(makeFake());
    await connections.load();
  });
  afterEach(() => {
    cleanup();
    connections.use("builtin");
  });
  const error = { code: "credits", message: "No credit.", next_provider: "novita" } as const;

  it("picks it for the model at hand and runs nothing", async () => {
    connections.use("hf");
    models.pickModel("hf", "text_generation", "acme/raw");
    let runs = 0;
    render(ErrorCard, { error, task: "text_generation", onretry: () => runs++ });
    await fireEvent.click(screen.getByRole("button", { name: "Pick novita" }));
    expect(models.pick("hf", "text_generation")).toEqual({ model: "acme/raw", provider: "novita" });
    expect(runs).toBe(0);
  });

  it("only tells of it where it cannot be picked", () => {
    render(ErrorCard, { error, task: "text_generation" });
    expect(screen.queryByRole("button", { name: "Pick novita" })).toBeNull();
    expect(screen.getByText("novita serves this model, too.")).toBeTruthy();
  });
});
