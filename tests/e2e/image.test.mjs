// Pictures are made in the real window: by every kind of provider as the recorder plays it, by a server, by a Space.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App, quickModelOnly, until } from "./app.mjs";
import { png } from "./drawn.mjs";
import { startGradio } from "./gradio.mjs";
import { ask, came, cells, choosePainter, FILE, HF, openPainter, paint, picture, serveBy, set, TOKEN } from "./paint.mjs";
import { Stage } from "./stage.mjs";
import { openTab, use } from "./talk.mjs";

/** What the column is set to. */
const SET = { "Width in pixels": 768, "Height in pixels": 512, Steps: 12, Guidance: 4.5, Seed: 42 };
const NEGATIVE = "blurry, text";

/** Which provider is asked where, what its request must hold, and which rows of the column are off. */
const PROVIDERS = [
  {
    name: "fal-ai",
    url: "https://router.huggingface.co/fal-ai/fal-ai/text-to-image?_subdomain=queue",
    body: {
      prompt: "a fox by fal-ai",
      negative_prompt: NEGATIVE,
      image_size: { width: 768, height: 512 },
      num_inference_steps: 12,
      guidance_scale: 4.5,
      seed: 42,
    },
    off: [],
  },
  {
    name: "replicate",
    url: "https://router.huggingface.co/replicate/v1/models/acme/text-to-image/predictions",
    body: {
      input: {
        prompt: "a fox by replicate",
        negative_prompt: NEGATIVE,
        ...{ width: 768, height: 512, num_inference_steps: 12, guidance_scale: 4.5, seed: 42 },
      },
    },
    off: [],
  },
  {
    name: "together",
    url: "https://router.huggingface.co/together/v1/images/generations",
    body: {
      ...{ model: "vendor/text-to-image", prompt: "a fox by together", response_format: "base64" },
      ...{ negative_prompt: NEGATIVE, width: 768, height: 512, steps: 12, guidance_scale: 4.5, seed: 42 },
    },
    off: ["Scheduler"],
  },
  {
    name: "nscale",
    url: "https://router.huggingface.co/nscale/v1/images/generations",
    body: {
      ...{ model: "vendor/text-to-image", prompt: "a fox by nscale", response_format: "b64_json" },
      ...{ negative_prompt: NEGATIVE, size: "768x512", seed: 42 },
    },
    off: ["Steps", "Guidance", "Scheduler"],
  },
  {
    name: "hf-inference",
    url: "https://router.huggingface.co/hf-inference/models/acme/text-to-image",
    body: {
      inputs: "a fox by hf-inference",
      parameters: {
        negative_prompt: NEGATIVE,
        ...{ width: 768, height: 512, num_inference_steps: 12, guidance_scale: 4.5, seed: 42 },
      },
    },
    off: [],
  },
];

/** Sets the column and the negative prompt; what is off cannot be set. */
async function setAll(app, off = []) {
  for (const [name, value] of Object.entries(SET)) if (!off.includes(name)) await set(app, name, value);
  if (!(await app.has("textbox", "Negative prompt"))) await app.click("[data-testid=negative]", /./);
  await app.type("Negative prompt", NEGATIVE);
}

/** The boxes of the column that cannot be set. */
const offIn = (app) =>
  app.page.executeScript((names) =>
    names.filter((name) => document.querySelector(`fieldset[aria-label="${name}"] input`)?.disabled), [...Object.keys(SET), "Scheduler"]);

/** The picture is the data folder's, by its hash, and nothing else. */
function assertFromMedia({ source, width }) {
  assert.match(source, /^media:\/\/localhost\/(small%2F)?[0-9a-f]{64}\.png$/);
  assert.equal(width, 96);
}

describe("at Hugging Face, with a token that was pasted,", () => {
  let stage, recorder, app;
  before(async () => {
    ({ stage, recorder, app } = await openPainter({ env: { HF_TOKEN: "" } }));
    await openTab(app, "Settings");
    await app.type("Token", TOKEN);
    await app.click("button", "Save");
    await app.see(/canned-user/);
    await choosePainter(app);
  });
  after(() => stage?.close());

  for (const { name, url, body, off } of PROVIDERS) {
    test(`${name} paints, is sent what it takes, and what it ignores is off`, async () => {
      await recorder.answerFirst(
        { name: "file", match: { url: FILE }, respond: picture(png(1)) },
        { name: "hf", match: { url: HF }, respond: picture(png(2)) },
        {
          name: "base64",
          match: { method: "POST", url: "/images/generations$" },
          respond: { json: { created: 1, data: [{ index: 0, b64_json: png(3).toString("base64") }] } },
        },
      );
      await serveBy(app, name);
      await setAll(app, off);
      assert.deepEqual(await offIn(app), off);
      await recorder.forget();
      assertFromMedia(await paint(app, `a fox by ${name}`));
      const asked = (await recorder.heard()).find((one) => one.method === "POST");
      assert.equal(asked.url, url);
      assert.deepEqual(asked.json, body);
      assert.deepEqual(asked.headers.find(([name]) => name.toLowerCase() === "authorization"), ["authorization", `Bearer ${TOKEN}`]);
    });
  }

  test("no token goes to the host of the files", async () => {
    await serveBy(app, "fal-ai");
    await recorder.forget();
    await paint(app, "a fox for its file");
    const files = (await recorder.heard()).filter(({ host }) => host === "files.canned.test");
    assert.equal(files.length, 1);
    assert.doesNotMatch(JSON.stringify(files), new RegExp(TOKEN));
  });

  test("several pictures are a grid of several runs, each with a seed of its own", async () => {
    await serveBy(app, "hf-inference");
    await set(app, "Pictures", 4);
    await recorder.forget();
    await ask(app, "four foxes");
    await came(app, "four foxes", { count: 4 });
    const seeds = (await recorder.heard()).flatMap(({ json }) => json?.parameters?.seed ?? []);
    assert.deepEqual(seeds.sort(), [42, 43, 44, 45]);
    await set(app, "Pictures", 1);
  });
});

test("a server with OpenAI's route paints", async (t) => {
  const { stage, recorder, app } = await openPainter();
  t.after(() => stage.close());
  await openTab(app, "Settings");
  await app.click("button", /Add a server/);
  await app.type("Address", recorder.env.http_proxy);
  await app.type("Name", "My painter");
  await app.click("button", "Save and test");
  await until(async () => !(await app.has("textbox", "Address")), "the form is closed");
  await recorder.answerFirst({
    name: "base64",
    match: { method: "POST", path: "^/v1/images/generations$" },
    respond: { json: { data: [{ b64_json: png(3).toString("base64") }] } },
  });
  await openTab(app, "Image");
  await use(app, "My painter");
  await setAll(app);
  await recorder.forget();
  assertFromMedia(await paint(app, "a fox by a server"));
  const asked = (await recorder.heard()).find(({ path }) => path === "/v1/images/generations");
  const { prompt, negative_prompt, size, num_inference_steps, guidance_scale, seed } = asked.json;
  assert.deepEqual({ prompt, negative_prompt, size }, { prompt: "a fox by a server", negative_prompt: NEGATIVE, size: "768x512" });
  assert.deepEqual([num_inference_steps, guidance_scale, seed], [12, 4.5, 42]);
});

test("a real Gradio Space paints, tells its steps, and stops when it is told", async (t) => {
  const stage = await Stage.open();
  t.after(() => stage.close());
  const gradio = stage.keep(await startGradio(stage.makeFolder("gradio")));
  const app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage) } });
  await openTab(app, "Settings");
  await app.click("button", "Add a Space");
  await app.type("Space", gradio.url);
  await app.type("Name", "My Space");
  await app.click("button", "Save and test");
  await until(async () => !(await app.has("textbox", "Space")), "the form is closed");
  await openTab(app, "Image");
  await use(app, "My Space");
  await set(app, "Width in pixels", 256);
  await set(app, "Height in pixels", 256);
  await set(app, "Steps", 40);
  await set(app, "Seed", 7);
  await ask(app, "SLOW 4");
  await app.see(/Step \d+ of 40/, { patience: 30_000 });
  const [first] = await came(app, "SLOW 4");
  assert.equal(first.width, 256);
  assert.match(first.source, /^media:/);
  await ask(app, "SLOW 60");
  await app.see(/Step \d+ of 40/, { patience: 30_000 });
  await app.click("[data-testid=stop]", /./);
  await came(app, "SLOW 60", { state: "cancelled" });
  assert.match((await cells(app))[0].text, /Stopped/);
});
