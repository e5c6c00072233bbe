// Pictures to begin with. The cat is a part of "Chelsea the cat", CC0 by its photographer (Stefan van der Walt), as
// scikit-image has it; the others are drawn for Limerick.
import type { PictureFacts } from "../bindings";
import { host } from "../host/host";
import cat from "./examples/cat.jpg";
import chart from "./examples/chart.svg";
import harbour from "./examples/harbour.svg";
import sign from "./examples/sign.svg";

/** A picture to begin with. */
export interface ExamplePicture {
  name: string;
  /** Where the page finds it. */
  src: string;
}

/** The pictures. */
export const CAT: ExamplePicture = { name: "A cat", src: cat };
export const HARBOUR: ExamplePicture = { name: "A harbour", src: harbour };
export const SIGN: ExamplePicture = { name: "A sign", src: sign };
export const CHART: ExamplePicture = { name: "A chart", src: chart };

/** Takes one in, as if it had been dropped: drawn at its own size. */
export async function bring({ src }: ExamplePicture): Promise<PictureFacts> {
  const image = new Image();
  image.src = src;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, "image/png"));
  return host().putPicture(new Uint8Array(png ? await png.arrayBuffer() : []));
}
