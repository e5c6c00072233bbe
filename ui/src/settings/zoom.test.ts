// The steps of the zoom.
import { expect, it } from "vitest";
import { nextZoom, USUAL } from "./zoom";

it("goes from step to step, from wherever it is, and ends at the ends", () => {
  expect(nextZoom(USUAL, "larger")).toBe(110);
  expect(nextZoom(USUAL, "smaller")).toBe(90);
  expect(nextZoom(105, "larger")).toBe(110);
  expect(nextZoom(300, "larger")).toBe(300);
  expect(nextZoom(50, "smaller")).toBe(50);
});
