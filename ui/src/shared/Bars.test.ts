// Bars of very many labels, and of odd ones.
import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";
import Bars from "./Bars.svelte";

afterEach(cleanup);

describe("bars", () => {
  it("of ten thousand labels are drawn in part, until all are asked for", () => {
    const rows = Array.from({ length: 10_000 }, (_, at) => ({ label: `l${at}`, score: 1 / 10_000 }));
    const { container } = render(Bars, { rows, caption: "Labels", most: 0 });
    expect(container.querySelectorAll("tbody tr")).toHaveLength(501);
    expect(screen.getByText("Other (9500)")).toBeTruthy();
    expect(screen.getByText("Show all 10000")).toBeTruthy();
  });

  it("say where a label has no name or no number", () => {
    render(Bars, { rows: [{ label: "", score: Number.NaN }], caption: "Labels", most: 5 });
    expect(screen.getByText("no number")).toBeTruthy();
    expect(screen.getByText("(no name)")).toBeTruthy();
  });

  it("of what is no share are drawn by their range", () => {
    const rows = [
      { label: "low", score: -2 },
      { label: "high", score: 6 },
    ];
    const { container } = render(Bars, { rows, caption: "Labels", most: 5 });
    const widths = [...container.querySelectorAll<HTMLElement>(".bar")].map((bar) => bar.style.width);
    expect(widths).toEqual(["100%", "0%"]);
    expect(screen.getByText("6.00")).toBeTruthy();
  });
});
