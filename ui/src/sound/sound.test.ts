// Sounds without a screen: a line of several sounds, bars, captions in a text, and times as they are read.
import { describe, expect, it } from "vitest";
import { captionAt, linesOf } from "./captions";
import { heightOf } from "./draw";
import { barsOf, clock, GAP, piecesOf, placeAt, spokenPlace, startsOf } from "./track";

describe("several sounds", () => {
  it("lie one after the other, with a short silence between them", () => {
    expect(startsOf([2, 3])).toEqual([0, 2 + GAP, 5 + GAP]);
    expect(startsOf([])).toEqual([0]);
    expect(piecesOf(["a", "b"])).toEqual([{ sound: "run:a" }, { sound: "run:b", gap: GAP }]);
  });

  it("are found by a time: a silence belongs to what follows, and the end is the end", () => {
    const lengths = [2, 3, 1];
    expect(placeAt(lengths, 0)).toEqual({ piece: 0, at: 0 });
    expect(placeAt(lengths, 1.5)).toEqual({ piece: 0, at: 1.5 });
    expect(placeAt(lengths, 2.1)).toEqual({ piece: 1, at: 0 });
    expect(placeAt(lengths, 3.25)).toEqual({ piece: 1, at: 1 });
    expect(placeAt(lengths, 99)).toEqual({ piece: 2, at: 1 });
    expect(placeAt([], 4)).toEqual({ piece: 0, at: 0 });
  });
});

describe("the bars of a sound", () => {
  const loud = { low: [-127, -127], high: [127, 127] };
  const quiet = { low: [0, -12], high: [12, 0] };

  it("show the lowest and the highest of their time", () => {
    expect(barsOf([{ seconds: 1, peaks: { low: [-127, 0], high: [0, 127] } }], 1)).toEqual([
      { low: -1, high: 1 },
    ]);
    const [first, second] = barsOf([{ seconds: 1, peaks: quiet }], 2);
    expect([first?.high, second?.low]).toEqual([12 / 127, -12 / 127]);
  });

  it("are flat in a silence and where the shape is not known", () => {
    const bars = barsOf(
      [
        { seconds: 1, peaks: loud },
        { seconds: 1, peaks: undefined },
      ],
      9,
    );
    expect(bars.slice(0, 4).map(({ high }) => high)).toEqual([1, 1, 1, 1]);
    expect(bars.slice(5).every(({ low, high }) => low === 0 && high === 0)).toBe(true);
    expect(barsOf([], 5)).toEqual([]);
  });
});

it("a bar is as high as its loudness asks, against the loudest of the sound", () => {
  expect([heightOf(0.5, 0.5), heightOf(-0.5, 0.5), heightOf(0, 0.5)]).toEqual([1, 1, 0]);
  expect(heightOf(0.1, 1)).toBeGreaterThan(0.1);
  expect(heightOf(0.01, 0.01)).toBeLessThan(0.25);
});

describe("captions", () => {
  const captions = [
    { text: "One owl.", start: 0, end: 1 },
    { text: " Two owls! ", start: 1.2, end: 2 },
  ];

  it("are found again in the text as it was written, with all that stands between", () => {
    expect(linesOf("One owl.\n\nTwo owls! And a hen.", captions)).toEqual([
      { text: "One owl.", caption: 0 },
      { text: "\n\n" },
      { text: "Two owls!", caption: 1 },
      { text: " And a hen." },
    ]);
  });

  it("that are not in the text are left out, and none is looked for before the last", () => {
    expect(linesOf("Three.", [{ text: "Four.", start: 0, end: 1 }])).toEqual([{ text: "Three." }]);
    expect(
      linesOf("b a b", [
        { text: "b", start: 0, end: 1 },
        { text: "b", start: 1, end: 2 },
      ]),
    ).toEqual([{ text: "b", caption: 0 }, { text: " a " }, { text: "b", caption: 1 }]);
  });

  it("hold through the pause after them", () => {
    expect([0, 1.1, 1.2, 9].map((at) => captionAt(captions, at))).toEqual([0, 0, 1, 1]);
    expect(captionAt([], 1)).toBe(-1);
  });
});

it("a time is read as a clock, and said in seconds", () => {
  expect([0, 3.9, 62, 3600].map(clock)).toEqual(["0:00", "0:03", "1:02", "1:00:00"]);
  expect([spokenPlace(3.2, 12), spokenPlace(0, 1)]).toEqual(["3 of 12 seconds", "0 of 1 second"]);
});
