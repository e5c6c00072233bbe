// Draws a labelled grid of pictures as one picture, light in either theme: it leaves the app.
import type { Picture } from "../bindings";
import { host } from "../host/host";
import { layOut, type Place, type SheetLayout, type SheetWords } from "./sheetLayout";

/** What is drawn. */
export interface Sheet extends SheetWords {
  /** Row by row; undefined where there is no picture. */
  cells: (Picture | undefined)[][];
}

/** The longest side of a picture's small form: a smaller cell needs no more. */
const SMALL = 384;

/** The bytes of a PNG. Rejects when no picture of it can be read. */
export async function drawSheet(sheet: Sheet): Promise<Uint8Array> {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) throw new Error("This window cannot draw pictures.");
  const { family, colour } = look();
  await document.fonts?.load(`16px ${family}`);
  const face = (type: number, bold = false) => `${bold ? 600 : 400} ${type}px ${family}`;
  const layout = layOut(sheet, cellOf(sheet.cells), (text, type, bold) => {
    context.font = face(type, bold);
    return context.measureText(text).width;
  });
  start(context, layout, colour("--paper"));
  context.fillStyle = colour("--paper-ink");
  for (const line of layout.lines) {
    context.font = face(layout.type, line.bold);
    write(context, line);
  }
  context.font = face(layout.type);
  await fill(context, layout, sheet.cells, [colour("--paper-sunken"), colour("--paper-ink-soft")]);
  return bytesOf(context.canvas);
}

/** One size for all cells: the widest and the highest. */
function cellOf(cells: Sheet["cells"]): { width: number; height: number } {
  const known = cells.flat().filter((cell) => cell !== undefined && cell.width > 0 && cell.height > 0);
  return {
    width: Math.max(0, ...known.map((cell) => cell?.width ?? 0)) || 512,
    height: Math.max(0, ...known.map((cell) => cell?.height ?? 0)) || 512,
  };
}

/** The app's type, and its tokens. */
function look(): { family: string; colour: (token: string) => string } {
  const tokens = getComputedStyle(document.documentElement);
  const family = getComputedStyle(document.body).fontFamily;
  return { family, colour: (token) => tokens.getPropertyValue(token).trim() };
}

function start(context: CanvasRenderingContext2D, layout: SheetLayout, ground: string): void {
  context.canvas.width = Math.max(1, Math.floor(layout.width * layout.scale));
  context.canvas.height = Math.max(1, Math.floor(layout.height * layout.scale));
  context.scale(layout.scale, layout.scale);
  context.imageSmoothingQuality = "high";
  context.textBaseline = "middle";
  context.fillStyle = ground;
  context.fillRect(0, 0, layout.width, layout.height);
}

function write(context: CanvasRenderingContext2D, line: SheetLayout["lines"][number]): void {
  context.save();
  context.translate(line.x, line.y);
  if (line.turned) context.rotate(-Math.PI / 2);
  context.textAlign = line.align;
  context.fillText(line.text, 0, 0);
  context.restore();
}

/** One picture after the other: a hundred at once would need hundreds of megabytes. */
async function fill(
  context: CanvasRenderingContext2D,
  layout: SheetLayout,
  cells: Sheet["cells"],
  none: [ground: string, ink: string],
): Promise<void> {
  const small = Math.max(layout.cell.width, layout.cell.height) * layout.scale <= SMALL;
  let [wanted, failure]: [number, unknown] = [0, undefined];
  let drawn = 0;
  for (const place of layout.places) {
    const picture = cells[place.row]?.[place.column];
    if (!picture) mark(context, layout, place, none, "no picture");
    else if (picture.missing) mark(context, layout, place, none, "file gone");
    else {
      wanted += 1;
      try {
        put(context, layout, place, await load(picture.address, small ? "small" : "whole"));
        drawn += 1;
      } catch (reason) {
        failure = reason;
        mark(context, layout, place, none, "not readable");
      }
    }
  }
  if (wanted > 0 && drawn === 0) throw failure;
}

async function load(address: string, form: "small" | "whole"): Promise<HTMLImageElement> {
  const image = new Image();
  // Else the canvas could not be read: the media scheme is another origin than the page.
  image.crossOrigin = "anonymous";
  image.src = host().mediaUrl(address, form);
  await image.decode();
  return image;
}

/** Whole and in the middle of its cell; never cut or stretched. */
function put(
  context: CanvasRenderingContext2D,
  { cell }: SheetLayout,
  place: Place,
  image: HTMLImageElement,
): void {
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(cell.width / naturalWidth, cell.height / naturalHeight);
  const [width, height] = [naturalWidth * scale, naturalHeight * scale];
  context.drawImage(
    image,
    place.x + (cell.width - width) / 2,
    place.y + (cell.height - height) / 2,
    width,
    height,
  );
}

function mark(
  context: CanvasRenderingContext2D,
  { cell }: SheetLayout,
  place: Place,
  [ground, ink]: [string, string],
  text: string,
): void {
  context.fillStyle = ground;
  context.fillRect(place.x, place.y, cell.width, cell.height);
  context.fillStyle = ink;
  context.textAlign = "center";
  context.fillText(text, place.x + cell.width / 2, place.y + cell.height / 2);
}

function bytesOf(canvas: HTMLCanvasElement): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (!blob) reject(new Error("The grid is too large to be drawn."));
      else blob.arrayBuffer().then((bytes) => resolve(new Uint8Array(bytes)), reject);
    }, "image/png");
  });
}
