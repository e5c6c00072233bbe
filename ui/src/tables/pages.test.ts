// The pages of a table: what came last counts, wherever it came from.
import { describe, expect, it } from "vitest";
import type { RowState, TableRow } from "../bindings";
import { PAGE, Pages } from "./pages";

const row = (place: number, state: RowState = "waiting"): TableRow => ({
  ...{ place, name: `cat ${place}`, fields: {}, state, answer: "", labels: [], edited: false },
});
const page = (number: number) => Array.from({ length: PAGE }, (_, at) => row(number * PAGE + at));

describe("pages of rows", () => {
  it("ask for a page once, and again after it did not come", () => {
    const pages = new Pages();
    expect([pages.wants(3), pages.wants(3)]).toEqual([true, false]);
    pages.miss(3);
    expect(pages.wants(3)).toBe(true);
    pages.keep(3, page(3));
    expect(pages.wants(3)).toBe(false);
    expect(pages.at(305)?.name).toBe("cat 305");
  });

  it("keep a change that was heard while the page was on its way", () => {
    const pages = new Pages();
    pages.wants(0);
    pages.put([row(7, "done")], true);
    pages.keep(0, page(0));
    expect(pages.at(7)?.state).toBe("done");
  });

  it("find a row by its place, under a filter too", () => {
    const pages = new Pages();
    pages.keep(0, [row(4, "failed"), row(90, "failed")]);
    pages.put([row(90, "done")], false);
    expect(pages.find(90, false)?.state).toBe("done");
    expect(pages.at(1)?.place).toBe(90);
    expect(pages.find(5, false)).toBeUndefined();
  });

  it("let go of what was looked at longest ago", () => {
    const pages = new Pages();
    for (let number = 0; number < 70; number++) pages.keep(number, page(number));
    expect(pages.at(0)).toBeUndefined();
    expect(pages.at(69 * PAGE)?.place).toBe(69 * PAGE);
    expect(pages.numbers).toHaveLength(60);
  });
});
