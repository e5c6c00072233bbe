// Pictures that are decoded before they are shown, so that one follows the other without a flicker.
import { host } from "../host/host";

/** How many are kept decoded: the one in sight, its neighbours, and the small forms of all three, with room. */
const MOST = 10;

/** Which form of a picture. */
export type Form = "whole" | "small";

/** The decoded pictures of one viewer. */
export class Frames {
  readonly #kept = new Map<string, Promise<HTMLImageElement>>();

  /** A picture, decoded; rejects where its file does not come or is none. */
  get(address: string, form: Form): Promise<HTMLImageElement> {
    const key = `${form} ${address}`;
    const kept = this.#kept.get(key) ?? decoded(host().mediaUrl(address, form));
    this.#kept.delete(key);
    this.#kept.set(key, kept);
    kept.catch(() => this.#kept.delete(key));
    for (const oldest of [...this.#kept.keys()].slice(0, -MOST)) this.#kept.delete(oldest);
    return kept;
  }

  /** Fetches pictures that will soon be looked at. */
  prepare(addresses: string[]): void {
    for (const address of addresses) this.get(address, "whole").catch(() => {});
  }
}

async function decoded(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.draggable = false;
  image.src = url;
  await image.decode();
  return image;
}
