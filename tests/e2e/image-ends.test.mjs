// How a picture's run ends when it does not end well: stopped in every state, and each failure as its card.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "./app.mjs";
import { png } from "./drawn.mjs";
import { ask, came, card, cells, choosePainter, FILE, HF, openPainter, picture, serveBy, set } from "./paint.mjs";

const FAL = "https://router\\.huggingface\\.co/fal-ai/fal-ai/text-to-image";
const STATUS = `${FAL}/requests/req-1/status`;
const REPLICATE = "https://router\\.huggingface\\.co/replicate/v1/models/acme/text-to-image/predictions$";
const PREDICTION = {
  ...{ id: "p1", model: "acme/text-to-image", version: "hidden", input: {}, logs: "", status: "processing" },
  ...{ error: null, output: null, created_at: "2025-01-01T00:00:00.000Z" },
  urls: {
    get: "https://api.replicate.com/v1/predictions/p1",
    cancel: "https://api.replicate.com/v1/predictions/p1/cancel",
  },
};
const NEVER = { delay_ms: 600_000 };

let stage, recorder, app;
before(async () => {
  ({ stage, recorder, app } = await openPainter());
  await choosePainter(app);
});
after(() => stage?.close());

/** Waits until such a request was heard. */
const heard = (method, url) =>
  until(async () => (await recorder.heard()).find((one) => one.method === method && new RegExp(url).test(one.url)), `${method} ${url}`);

/** What is stopped where, and how the provider hears of it. */
const STOPS = [
  {
    state: "queued at the provider",
    provider: "fal-ai",
    rules: [{ name: "queued", match: { url: STATUS }, respond: { json: { status: "IN_QUEUE", request_id: "req-1", queue_position: 3 } } }],
    reached: () => app.see(/3 before it/),
    told: ["PUT", `${FAL}/requests/req-1/cancel\\?_subdomain=queue$`],
  },
  {
    state: "asked after",
    provider: "fal-ai",
    rules: [{ name: "working", match: { url: STATUS }, respond: { json: { status: "IN_PROGRESS", request_id: "req-1", logs: null } } }],
    reached: () => until(async () => (await recorder.heard()).filter(({ path }) => path.endsWith("/status")).length > 2, "three looks"),
    told: ["PUT", `${FAL}/requests/req-1/cancel\\?_subdomain=queue$`],
  },
  {
    state: "predicted",
    provider: "replicate",
    rules: [
      { name: "predict", match: { url: REPLICATE }, respond: { status: 201, json: PREDICTION } },
      { name: "look", match: { url: "/replicate/v1/predictions/p1$" }, respond: { json: PREDICTION } },
    ],
    reached: () => heard("GET", "/replicate/v1/predictions/p1$"),
    told: ["POST", "https://router\\.huggingface\\.co/replicate/v1/predictions/p1/cancel$"],
  },
  {
    state: "downloaded",
    provider: "fal-ai",
    rules: [{ name: "file", match: { url: FILE }, respond: { ...picture(png(1)), body_delay_ms: 600_000 } }],
    reached: () => heard("GET", FILE),
  },
  {
    state: "painted at once",
    provider: "hf-inference",
    rules: [{ name: "slow", match: { url: HF }, respond: NEVER }],
    reached: () => heard("POST", HF),
  },
];

describe("Stop", () => {
  for (const { state, provider, rules, reached, told } of STOPS) {
    test(`ends a picture that is ${state}`, async () => {
      await serveBy(app, provider);
      await recorder.answerFirst(...rules);
      await recorder.forget();
      await ask(app, `a fox ${state}`);
      await reached();
      await app.click("[data-testid=stop]", /./);
      const [cell] = await came(app, `a fox ${state}`, { state: "cancelled" });
      assert.match(cell.text, /^Stopped\./);
      await app.find("button", "Try again");
      if (told) await heard(...told);
      else await until(async () => (await recorder.heard()).some(({ answer }) => answer.client_left), "the connection is left");
    });
  }

  test("ends a picture that waits in the queue, and nothing is asked for it", async () => {
    await serveBy(app, "hf-inference");
    await recorder.answerFirst({ name: "slow", match: { url: HF }, respond: NEVER });
    await recorder.forget();
    await set(app, "Pictures", 2);
    await ask(app, "two foxes");
    await until(async () => (await cells(app)).some(({ state }) => state === "waiting"), "one waits");
    await app.see(/Next in the queue/);
    await heard("POST", HF);
    await app.press("\uE00C");
    await came(app, "two foxes", { state: "cancelled", count: 2 });
    assert.equal((await recorder.heard()).filter(({ method }) => method === "POST").length, 1);
    await set(app, "Pictures", 1);
  });
});

const refuses = (status, error, headers = {}) => ({ status, json: { error }, headers: { "Retry-After": "3600", ...headers } });
const HTML = { headers: { "Content-Type": "text/html" }, text: "<html><body>Please sign in to this network</body></html>" };
const GATED = { "X-Error-Code": "GatedRepo", "X-Error-Message": "Access to model acme/text-to-image is restricted" };

/** What hf-inference answers, and the card: its code, its words, its one action. */
const FAILURES = [
  ["400, not served", refuses(400, { message: "The requested model is not supported by any provider you have enabled.", code: "model_not_supported" }), "model", /not supported/, "Pick a model"],
  ["401", refuses(401, "Invalid credentials in Authorization header"), "auth", /key was not accepted/, "Set the key"],
  ["402", refuses(402, "You have depleted your monthly included credits."), "credits", /No credit left/, "Open billing"],
  ["403, no right", refuses(403, "This authentication method does not have sufficient permissions to call Inference Providers on behalf of user X"), "auth", /sufficient permissions/, "Set the key"],
  ["403, gated", refuses(403, "Access to model acme/text-to-image is restricted.", GATED), "gated", /wants its terms accepted[^]*Access to model acme\/text-to-image is restricted/, "Open its page"],
  ["404", refuses(404, "Model acme/text-to-image does not exist"), "model", /cannot answer here/, "Pick a model"],
  ["408", refuses(408, "Request timed out"), "timeout", /No answer in time/, "Try again"],
  ["410", refuses(410, "The requested model is deprecated and no longer supported by provider hf-inference"), "model", /deprecated/, "Pick a model"],
  ["413", { status: 413, text: "Payload Too Large" }, "input", /refused/i, "Change it"],
  ["422", refuses(422, ["Error in `parameters.width`: ensure this value is greater than 64"]), "input", /greater than 64/, "Change it"],
  ["424", refuses(424, "Request failed during generation"), "provider", /failed/, "Try again"],
  ["429", refuses(429, "Rate limit reached"), "limit", /Too many requests/, "Try again"],
  ["500", refuses(500, "CUDA out of memory"), "provider", /CUDA out of memory/, "Try again"],
  ["502, a web page", { ...HTML, status: 502, headers: { "Retry-After": "3600", ...HTML.headers } }, "provider", /The provider failed/, "Try again"],
  ["503, loading", { status: 503, json: { error: "Model acme/text-to-image is currently loading", estimated_time: 0.1 } }, "loading", /still starting/, "Try again"],
  ["504", refuses(504, "Gateway Time-out"), "provider", /The provider failed/, "Try again"],
  ["a declined prompt", refuses(400, { message: "Your request was rejected by our safety system", code: "content_policy_violation" }), "refused", /declined/, "Change it"],
  ["a web page for a picture", HTML, "format", /could not be read/, "Open connections"],
  ["bytes that are no picture", { ...picture(Buffer.alloc(512, 7)) }, "format", /could not be read/, "Open connections"],
  ["half a picture", { ...picture(png(1)), truncate: 500, end: "fin" }, "incomplete", /ended too early[^]*Try again\./, "Try again"],
  ["a connection that drops", { action: "drop" }, "network", /No connection/, "Try again"],
];

describe("a failure is a card with its one action:", () => {
  before(() => serveBy(app, "hf-inference"));
  for (const [what, respond, code, words, action] of FAILURES) {
    test(what, async () => {
      await recorder.answerFirst({ name: "fails", match: { url: HF }, respond });
      await ask(app, `a fox, ${what}`);
      const said = await card(app, code);
      assert.match(said, words);
      await app.find("button", action, { within: "[data-testid=error]" });
      assert.equal((await app.page.findElements({ css: "[data-testid=error]" })).length, 1);
    });
  }

  test("a prediction that failed for its content", async () => {
    await serveBy(app, "replicate");
    const respond = { status: 201, json: { ...PREDICTION, status: "failed", error: "NSFW content detected" } };
    await recorder.answerFirst({ name: "declines", match: { url: REPLICATE }, respond });
    await ask(app, "a fox that is declined");
    assert.match(await card(app, "refused"), /NSFW content detected[^]*Change it/);
  });

  test("a picture that the provider's filter blackened is named as such", async () => {
    await serveBy(app, "fal-ai");
    const json = { images: [{ url: "https://files.canned.test/image.png" }], has_nsfw_concepts: [true], seed: 1 };
    await recorder.answerFirst({ name: "filtered", match: { method: "GET", url: `${FAL}/requests/req-1(\\?.*)?$` }, respond: { json } });
    await ask(app, "a fox that is filtered");
    await came(app, "a fox that is filtered");
    await app.see("The provider's filter struck: the picture is blank.");
  });

  test("Try again asks the same once more, and the card goes", async () => {
    await serveBy(app, "hf-inference");
    await recorder.answerFirst({ name: "fails once", match: { url: HF }, respond: [refuses(500, "Boom"), picture(png(5))] });
    await ask(app, "a fox at last");
    await card(app, "provider");
    await app.click("button", "Try again", { within: "[data-testid=error]" });
    await came(app, "a fox at last");
    assert.equal((await app.page.findElements({ css: "[data-testid=error]" })).length, 0);
  });
});
