// Pictures that the played providers answer with, drawn here: small ones for tests, landscapes for the tour.
import { crc32, deflateSync } from "node:zlib";

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG whose pixels are `colour(x, y)`: red, green and blue, 0 to 255. */
export function encoded(width, height, colour) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc(height * (1 + 3 * width));
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) rows.set(colour(x, y), y * (1 + 3 * width) + 1 + 3 * x);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A picture that is not of one colour; another `tint`, another picture. */
export function png(tint, width = 96, height = width) {
  const blue = (x) => (tint * 40 + 128 + 100 * Math.sin(x / 9)) & 255;
  return encoded(width, height, (x, y) => [(255 * x) / width, (255 * y) / height, blue(x)]);
}

const mixed = (from, to, share) => from.map((part, at) => part + (to[at] - part) * share);

/** Sky above, sky below, and the nearest hill, each by its red, green and blue. */
const LIGHTS = [
  [[38, 70, 131], [247, 178, 133], [24, 34, 58]],
  [[108, 166, 214], [240, 236, 214], [30, 74, 62]],
  [[66, 36, 92], [244, 128, 108], [34, 16, 44]],
  [[20, 38, 66], [120, 176, 186], [8, 20, 30]],
];

/** Hills under a low sun; another `seed`, another view. */
export function landscape(seed, width = 768, height = 512) {
  const [above, below, near] = LIGHTS[seed % LIGHTS.length];
  const phase = (n) => (seed * 37 + n * 71) % 19;
  const sun = { x: width * (0.25 + 0.5 * ((seed * 0.37) % 1)), y: height * 0.42, r: height * 0.09 };
  const wave = (x, n) => Math.sin(x / (90 - 9 * n) + phase(n)) + 0.5 * Math.sin(x / (31 - 2 * n) + phase(n + 3));
  const ridge = (x, n) => height * (0.52 + 0.1 * n + 0.035 * wave((x * 768) / width, n));
  const sky = (x, y) => {
    const light = mixed(above, below, Math.min(1, y / (height * 0.6)));
    const far = Math.hypot(x - sun.x, y - sun.y) / sun.r;
    return mixed(light, [255, 246, 224], far < 1 ? 0.95 : 0.6 / far ** 2);
  };
  return encoded(width, height, (x, y) => {
    for (let n = 4; n >= 0; n--) if (y > ridge(x, n)) return mixed(below, near, 0.3 + 0.7 * (n / 4) - (y - ridge(x, n)) / height / 3);
    return sky(x, y);
  });
}
