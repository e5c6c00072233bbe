// The gallery's window: pages where the person looks, ranges that reach beyond them, and what a new question does.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ListPictures, Picture, PicturePage } from "../bindings";
import { makeFake } from "../host/fake";
import { type Host, setHost } from "../host/host";
import { Gallery, keyOf } from "./gallery.svelte";

let asked: [offset: number, limit: number][];
let all: Picture[];
let broken: boolean;
let gallery: Gallery;

function picture(number: number): Picture {
  const facts = { width: 8, height: 8, bytes: 1, created_at: 0, prompt: "", model: "" };
  const flags = { favourite: false, blank: false, missing: false };
  return { ...facts, ...flags, address: `media:${number}`, run: `run${number}`, place: 0 };
}

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  broken = false;
  all = Array.from({ length: 20_000 }, (_, number) => picture(number));
  const call = async (_name: string, { offset, limit }: ListPictures): Promise<PicturePage> => {
    asked.push([offset, limit]);
    if (broken) throw { code: "internal", message: "The disk is gone." };
    return { pictures: all.slice(offset, offset + limit), total: all.length };
  };
  setHost({ ...makeFake({ models: 1 }), call: call as unknown as Host["call"] });
  gallery = new Gallery();
});

afterEach(() => vi.useRealTimers());

const rest = () => vi.advanceTimersByTimeAsync(100);

describe("the gallery", () => {
  it("has a place for each picture and fetches the first page only", async () => {
    await gallery.load();
    await rest();
    expect(gallery.slots.length).toBe(20_000);
    expect(asked).toEqual([[0, 100]]);
    expect([gallery.slots[99]?.picture?.run, gallery.slots[100]?.picture]).toEqual(["run99", undefined]);
  });

  it("fetches the pages of the tiles in sight, each once, and not those that flew past", async () => {
    await gallery.load();
    const gone = gallery.show(5_000);
    gone();
    for (const at of [10_450, 10_480, 10_510]) gallery.show(at);
    await rest();
    gallery.show(10_481);
    await rest();
    expect(asked.slice(1)).toEqual([
      [10_400, 100],
      [10_500, 100],
    ]);
    expect(gallery.slots[10_481]?.picture?.run).toBe("run10481");
  });

  it("fetches what a range needs and leaves out nothing", async () => {
    await gallery.load();
    const pictures = await gallery.range(90, 1_210);
    expect(pictures.length).toBe(1_121);
    expect(pictures.map(keyOf).at(-1)).toBe("run1210/0");
    expect(asked.length).toBeLessThan(6);
    expect((await gallery.range(0, 19_999)).length).toBe(20_000);
  });

  it("reads anew what is in sight after a deletion, and keeps what is there until then", async () => {
    await gallery.load();
    gallery.show(250);
    await rest();
    all = all.slice(1);
    const reading = gallery.load("here");
    expect(gallery.slots.length).toBe(20_000);
    await reading;
    expect(asked.at(-1)).toEqual([200, 100]);
    expect([gallery.slots.length, gallery.slots[250]?.picture?.run]).toEqual([19_999, "run251"]);
  });

  it("forgets an answer to a question that is no longer asked", async () => {
    await gallery.load();
    gallery.show(500);
    const [before, after] = [gallery.load(), gallery.load()];
    all = [];
    await Promise.all([before, after]);
    expect(gallery.slots.length).toBe(20_000);
    await gallery.load();
    expect([gallery.slots.length, gallery.known]).toEqual([0, true]);
  });

  it("says what went wrong, stops asking, and goes on when told to", async () => {
    await gallery.load();
    broken = true;
    gallery.show(300);
    await rest();
    expect(gallery.failure?.message).toBe("The disk is gone.");
    const before = asked.length;
    gallery.show(301);
    await rest();
    expect(asked.length).toBe(before);
    broken = false;
    gallery.retry();
    await rest();
    expect([gallery.failure, gallery.slots[300]?.picture?.run]).toEqual([undefined, "run300"]);
  });

  it("knows the pictures around one as far as they are here", async () => {
    await gallery.load();
    await gallery.range(300, 399);
    const { from, pictures } = gallery.around(350);
    expect([from, pictures.length, pictures[50]?.run]).toEqual([300, 100, "run350"]);
    expect(gallery.around(250).pictures).toEqual([]);
  });

  it("shows a mark at once, in its tile and in what is ticked", async () => {
    await gallery.load();
    gallery.ticked.toggle("run3/0", picture(3));
    gallery.patch(new Set(["run3"]), { favourite: true });
    expect(gallery.slots[3]?.picture?.favourite).toBe(true);
    expect(gallery.ticked.kept.get("run3/0")?.favourite).toBe(true);
    expect(gallery.slots[4]?.picture?.favourite).toBe(false);
  });
});
