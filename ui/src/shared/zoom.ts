// The maths of looking at a picture: fit, 100 %, zoom to a point, pan. Pure.

/** Width and height; the picture's in its own pixels, the pane's in CSS px. */
export interface Size {
  width: number;
  height: number;
}

/** A point in CSS px from the pane's top left corner. */
export interface Point {
  x: number;
  y: number;
}

/** What is looked at. */
export interface View {
  /** CSS px per pixel of the picture; `fit` keeps the whole picture in sight, whatever the pane's size. */
  scale: number | "fit";
  /** The part of the picture in the pane's middle, 0 to 1 from the left. */
  x: number;
  /** The same from the top. */
  y: number;
}

/** Where the picture lies in the pane, CSS px. */
export interface Box extends Size {
  left: number;
  top: number;
}

/** The whole picture. */
export const FIT: View = { scale: "fit", x: 0.5, y: 0.5 };
/** The largest scale: one pixel of the picture as a square of so many. */
const MOST = 32;
/** How much one press of + enlarges. */
export const STEP = 1.25;

/** The scale at which the whole picture is in sight; never more than `natural`, for that shows no more. */
export function fitScale(picture: Size, pane: Size, natural = 1): number {
  if (picture.width <= 0 || picture.height <= 0) return natural;
  const most = Math.min(pane.width / picture.width, pane.height / picture.height);
  return Math.max(0.001, Math.min(natural, most));
}

/** A view's scale as a number. */
export function scaleOf(view: View, picture: Size, pane: Size, natural = 1): number {
  return view.scale === "fit" ? fitScale(picture, pane, natural) : view.scale;
}

/** Where the picture lies: in the middle where it is smaller than the pane, else without a gap at any edge. */
export function boxOf(view: View, picture: Size, pane: Size, natural = 1): Box {
  const scale = scaleOf(view, picture, pane, natural);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return {
    width,
    height,
    left: edge(view.x, width, pane.width),
    top: edge(view.y, height, pane.height),
  };
}

function edge(middle: number, length: number, room: number): number {
  if (length <= room) return (room - length) / 2;
  return Math.min(0, Math.max(room - length, room / 2 - middle * length));
}

/** The view whose middle is what the pane really shows: without what lay past an edge. */
function settle(scale: number, left: number, top: number, picture: Size, pane: Size): View {
  const width = picture.width * scale;
  const height = picture.height * scale;
  return { scale, x: middle(left, width, pane.width), y: middle(top, height, pane.height) };
}

function middle(start: number, length: number, room: number): number {
  if (length <= room) return 0.5;
  const half = room / 2 / length;
  return Math.min(1 - half, Math.max(half, (room / 2 - start) / length));
}

/** Sets the scale and keeps the point of the picture that lies at `at` where it is. */
export function zoomTo(view: View, scale: number, at: Point, picture: Size, pane: Size, natural = 1): View {
  const fit = fitScale(picture, pane, natural);
  const next = Math.min(MOST * natural, Math.max(Math.min(fit, natural), scale));
  if (next <= fit) return FIT;
  const box = boxOf(view, picture, pane, natural);
  const part = { x: (at.x - box.left) / box.width, y: (at.y - box.top) / box.height };
  const left = at.x - clamp(part.x) * picture.width * next;
  const top = at.y - clamp(part.y) * picture.height * next;
  return settle(next, left, top, picture, pane);
}

function clamp(part: number): number {
  return Math.min(1, Math.max(0, part));
}

/** Enlarges by `factor` at a point; on the way past 100 % it stops there once. */
export function zoomBy(view: View, factor: number, at: Point, picture: Size, pane: Size, natural = 1): View {
  const now = scaleOf(view, picture, pane, natural);
  const next = now * factor;
  const passes = (now - natural) * (next - natural) < 0 && Math.abs(now / natural - 1) > 0.001;
  return zoomTo(view, passes ? natural : next, at, picture, pane, natural);
}

/** Moves the picture by so many CSS px, as far as its edges allow. */
export function pan(view: View, dx: number, dy: number, picture: Size, pane: Size): View {
  if (view.scale === "fit") return view;
  const box = boxOf(view, picture, pane);
  return settle(view.scale, box.left + dx, box.top + dy, picture, pane);
}

/** Whether a part of the picture is out of sight. */
export function canPan(view: View, picture: Size, pane: Size): boolean {
  if (view.scale === "fit") return false;
  return picture.width * view.scale > pane.width + 0.5 || picture.height * view.scale > pane.height + 0.5;
}
