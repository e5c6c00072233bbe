// The error card offers the provider that comes next, and leaves the click that costs money to the person.
import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { connections } from "../connections/connections.svelte";
import { makeFake } from "../host/fake";
import { setHost } from "../host/host";
import { models } from "../models/models.svelte";
import ErrorCard from "./ErrorCard.svelte";

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
