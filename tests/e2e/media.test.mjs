// Pictures between the window and the data folder: the media scheme and the bytes that cross the border as they are.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { crc32, deflateSync } from "node:zlib";
import { App, quickModelOnly } from "./app.mjs";
import { Stage } from "./stage.mjs";

let stage, app;
before(async () => {
  stage = await Stage.open();
  app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage) } });
});
after(() => stage?.close());

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A PNG of one colour. */
function png(side, [red, green, blue]) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(side * 3, Buffer.from([red, green, blue]))]);
  const pixels = deflateSync(Buffer.concat(Array(side).fill(row)));
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk("IHDR", head),
    chunk("IDAT", pixels),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** Runs an async function in the page; gives what it gives, or `{ failed }` with why. */
function inPage(work, ...args) {
  const script = `const done = arguments[arguments.length - 1];
    (${work})(...[...arguments].slice(0, -1)).then(done, (cause) => done({ failed: cause?.message ?? String(cause) }));`;
  return app.page.executeAsyncScript(script, ...args);
}

const invoke = async (name, bytes, headers) =>
  window.__TAURI_INTERNALS__.invoke(name, Uint8Array.from(bytes), headers && { headers });

/** Loads a picture and reads its first pixel from a canvas, as grids do. */
const pixel = async (url) => {
  const image = new Image();
  image.crossOrigin = "anonymous";
  image.src = url;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0, 1, 1);
  return [image.naturalWidth, ...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
};

test("a dropped picture is kept by its hash, and shown whole and small on a canvas", async () => {
  const bytes = png(500, [200, 40, 10]);
  const hash = createHash("sha256").update(bytes).digest("hex");
  const facts = await inPage(invoke, "put_picture", [...bytes]);
  assert.deepEqual(facts, {
    address: `media:${hash}.png`,
    media_type: "image/png",
    width: 500,
    height: 500,
    bytes: bytes.length,
  });
  assert.deepEqual(readFileSync(join(app.data, "files", `${hash}.png`)), bytes);
  assert.deepEqual(await inPage(pixel, `media://localhost/${hash}.png`), [500, 200, 40, 10]);
  const small = await inPage(pixel, `media://localhost/small%2F${hash}.png`);
  assert.equal(small[0], 384);
  assert.ok(readFileSync(join(app.data, "thumbs", `${hash}.jpg`)).length <= 40_000);
});

test("what is no picture is refused in plain words", async () => {
  const refused = await inPage(invoke, "put_picture", [
    ...Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
  ]);
  assert.match(refused.failed, /SVG/);
});

test("no address leads to anything but a picture or a sound of the data folder", async () => {
  const load = async (url) => {
    const image = new Image();
    image.src = url;
    return image.decode().then(
      () => "shown",
      () => "refused",
    );
  };
  const name = `${"0".repeat(64)}.png`;
  mkdirSync(join(app.data, "files"), { recursive: true });
  const file = join(app.data, "files", name);
  writeFileSync(
    file,
    "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='9' height='9'/></svg>",
  );
  for (const path of [name, `small/${name}`, "..%2Fhistory.sqlite", "%2Fetc%2Fpasswd", ""]) {
    assert.equal(await inPage(load, `media://localhost/${path}`), "refused", path);
  }
  rmSync(file);
});

test("the page writes only where a dialog said", async () => {
  const path = join(app.data, "mine.png");
  const bytes = [...png(8, [1, 2, 3])];
  const refused = await inPage(invoke, "write_picture", bytes, { path: encodeURIComponent(path) });
  assert.match(refused.failed, /only where you told it to/);
  const call = async (name, args) => window.__TAURI_INTERNALS__.invoke("call", { name, args });
  const saving = { address: `media:${"0".repeat(64)}.png`, path, form: "png" };
  assert.match((await inPage(call, "save_picture", saving)).failed, /only where you told it to/);
  assert.match(
    (await inPage(call, "export_runs", { ids: ["a"], path: app.data, form: "folder" })).failed,
    /only where/,
  );
  assert.ok(!existsSync(path));
});
