// The seeds of several pictures that are asked for together.
import { drawSeed } from "../../parameters/request";

/** Seeds are safe everywhere up to here (32 bits); after the last comes 0. */
const SEEDS = 2 ** 32;

/** Pictures that are asked for at once, at most. */
export const MOST_PICTURES = 16;

/**
 * A seed for each of `count` pictures: counted up from `seed` where one is set, else drawn one each, so that every
 * picture can be made again. One picture without a seed is left to the model's own chance: nothing is sent.
 */
export function seedsFor(count: number, seed: number | undefined, draw = drawSeed): (number | undefined)[] {
  const many = Math.min(MOST_PICTURES, Math.max(1, Math.round(count)));
  if (seed !== undefined) return Array.from({ length: many }, (_, at) => (seed + at) % SEEDS);
  return many === 1 ? [undefined] : Array.from({ length: many }, () => draw());
}
