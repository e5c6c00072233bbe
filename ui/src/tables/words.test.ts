// The words and figures of tables.
import { describe, expect, it } from "vitest";
import type { Table } from "../bindings";
import { beside } from "./exporting";
import { stepOf } from "./lines";
import { Pace } from "./pace.svelte";
import { leftOut, standing } from "./words";

const table = (change: Partial<Table>): Table => ({
  ...{ id: "1", title: "cats", created_at: 0, task: "image_to_text", connection: "builtin", at_once: 1 },
  input: { task: "image_to_text", model: "", image: "media:", generation_parameters: {}, extra_body: {} },
  ...{ pictures: true, fields: [], left_out: 0, running: false, rows: 500, done: 0, failed: 0 },
  ...change,
});

describe("how a table stands", () => {
  it("is said in one short sentence", () => {
    expect(standing(table({}))).toBe("Not started");
    expect(standing(table({ running: true, done: 310, failed: 2 }))).toBe("312 of 500, 2 failed");
    expect(standing(table({ done: 212 }))).toBe("Stopped at 212 of 500");
    expect(standing(table({ done: 499, failed: 1 }))).toBe("499 rows done, 1 failed");
  });

  it("tells what of its source is no row", () => {
    expect(leftOut(table({ left_out: 1 }))).toBe("1 file of its source was left out.");
    expect(leftOut(table({ left_out: 3, pictures: false }))).toBe("3 lines of its source were left out.");
  });
});

describe("the pace", () => {
  it("guesses the rest from what was done since it went on, and not too early", () => {
    const pace = new Pace();
    pace.follow(table({ running: true, done: 200 }), 0);
    pace.follow(table({ running: true, done: 201 }), 1_000);
    expect(pace.left(table({ running: true, done: 201 }), 1_000)).toBe(Number.POSITIVE_INFINITY);
    pace.follow(table({ running: true, done: 300 }), 100_000);
    expect(pace.left(table({ running: true, done: 300 }), 100_000)).toBe(200);
    pace.follow(table({ done: 300 }), 110_000);
    expect(pace.took).toBe(110_000);
  });
});

describe("what an export wrote", () => {
  it("says what was there already, and what is gone", () => {
    expect(beside({ rows: 500, kept: 0, left_out: 0 })).toBe("500 files written beside the pictures.");
    expect(beside({ rows: 498, kept: 1, left_out: 1 })).toBe(
      "498 files written beside the pictures. 1 file that was there already stays. 1 picture was no longer there.",
    );
  });
});

describe("a key", () => {
  it("leads up and down and to the ends, and leaves the row's buttons to the others", () => {
    expect(stepOf("ArrowDown", 3, 10, 5)).toBe(4);
    expect(stepOf("PageDown", 3, 10, 5)).toBe(8);
    expect(stepOf("End", 3, 10, 5)).toBe(9);
    expect(stepOf("Home", 3, 10, 5)).toBe(0);
    expect(stepOf("ArrowRight", 3, 10, 5)).toBeUndefined();
  });
});
