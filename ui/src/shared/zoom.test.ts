// Looking at a picture: what is pointed at stays put, edges leave no gaps, fit is the way out.
import { describe, expect, it } from "vitest";
import { boxOf, canPan, FIT, fitScale, pan, scaleOf, type View, zoomBy, zoomTo } from "./zoom";

const picture = { width: 1024, height: 512 };
const pane = { width: 512, height: 512 };

/** The part of the picture that lies at a point of the pane. */
function partAt(view: View, x: number, y: number) {
  const box = boxOf(view, picture, pane);
  return [(x - box.left) / box.width, (y - box.top) / box.height];
}

describe("looking at a picture", () => {
  it("fits the whole picture, and never enlarges one that is smaller than the pane", () => {
    expect(fitScale(picture, pane)).toBe(0.5);
    expect(fitScale({ width: 64, height: 64 }, pane)).toBe(1);
    expect(boxOf(FIT, picture, pane)).toEqual({ left: 0, top: 128, width: 512, height: 256 });
  });

  it("keeps the point under the cursor where it is while it zooms", () => {
    const at = { x: 300, y: 256 };
    const before = partAt(FIT, at.x, at.y);
    const view = zoomTo(FIT, 4, at, picture, pane);
    const after = partAt(view, at.x, at.y);
    expect(after[0]).toBeCloseTo(before[0] ?? 0);
    expect(after[1]).toBeCloseTo(before[1] ?? 0);
  });

  it("leaves no gap at an edge, however far it is panned", () => {
    const close = zoomTo(FIT, 2, { x: 256, y: 256 }, picture, pane);
    const right = pan(close, -1e6, -1e6, picture, pane);
    const box = boxOf(right, picture, pane);
    expect(box.left + box.width).toBeCloseTo(pane.width);
    expect(box.top + box.height).toBeCloseTo(pane.height);
    expect(boxOf(pan(right, 1e6, 1e6, picture, pane), picture, pane)).toMatchObject({ left: 0, top: 0 });
  });

  it("goes on from the edge at once when it is panned back", () => {
    const close = zoomTo(FIT, 2, { x: 256, y: 256 }, picture, pane);
    const edge = pan(close, 1e6, 0, picture, pane);
    expect(boxOf(pan(edge, -10, 0, picture, pane), picture, pane).left).toBeCloseTo(-10);
  });

  it("goes back to fit when it is made as small as that", () => {
    expect(zoomTo({ scale: 2, x: 0.1, y: 0.1 }, 0.2, { x: 0, y: 0 }, picture, pane)).toEqual(FIT);
  });

  it("stops at 100 % on the way past it", () => {
    const at = { x: 256, y: 256 };
    const below = zoomTo(FIT, 0.9, at, picture, pane);
    const whole = zoomBy(below, 1.25, at, picture, pane);
    expect(whole.scale).toBe(1);
    expect(zoomBy(whole, 1.25, at, picture, pane).scale).toBe(1.25);
  });

  it("counts the pixels of a dense screen as pixels", () => {
    expect(fitScale({ width: 200, height: 200 }, pane, 0.5)).toBe(0.5);
    expect(scaleOf({ scale: 0.5, x: 0, y: 0 }, picture, pane, 0.5)).toBe(0.5);
  });

  it("never zooms past 32 times, and pans only where something is out of sight", () => {
    const view = zoomTo(FIT, 1e9, { x: 0, y: 0 }, picture, pane);
    expect(view.scale).toBe(32);
    expect(canPan(view, picture, pane)).toBe(true);
    expect(canPan(FIT, picture, pane)).toBe(false);
    expect(pan(FIT, 5, 5, picture, pane)).toBe(FIT);
  });
});
