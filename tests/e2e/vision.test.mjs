// Pictures are asked about in the real window at Hugging Face, as the recorder plays it: what is sent of each picture.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App, Key, until } from "./app.mjs";
import { png } from "./drawn.mjs";
import { drop, openPainter } from "./paint.mjs";
import { beginAnew, chip, chooseWay, fixture, jpeg, openVision, parts, show, shown, unpacked } from "./seeing.mjs";
import { answered, use } from "./talk.mjs";

const QUESTIONS = ["Caption", "Alt text", "Describe in detail", "Read the text", "Limerick", "List the objects"];
const run = (app) => app.click("[data-testid=run]", /./);

let stage, recorder, app;
before(async () => {
  ({ stage, recorder, app } = await openPainter());
  await openVision(app);
  await use(app, "Hugging Face");
  await app.click("button", /^Model: /);
  const search = await app.find("combobox", "Search models");
  await search.sendKeys("acme/vision-chat", Key.ENTER);
  await app.find("button", /^Model: .*vision-chat$/);
});
after(() => stage?.close());

/** Sends what is drafted, and gives what went out. */
async function sent(count = 1) {
  await recorder.forget();
  await run(app);
  await answered(app, ["done"], { count });
  const chats = (await recorder.heard()).filter(({ method }) => method === "POST");
  assert.equal(chats.length, 1);
  return chats[0].json;
}

for (const question of QUESTIONS) {
  test(`"${question}" sends the picture upright and small, and then its words`, async () => {
    await beginAnew(app);
    const tile = await show(app, fixture("turned.jpg"), "turned.jpg", "image/jpeg");
    assert.match(tile, /36 × 48, \d+ (kB|B), about \d+ tokens?/);
    const words = await chip(app, question);
    const [picture, text] = parts(await sent());
    assert.deepEqual(text, { type: "text", text: words });
    const { type, bytes } = unpacked(picture.image_url.url);
    assert.equal(type, "image/jpeg");
    assert.deepEqual(jpeg(bytes), { width: 36, height: 48, turned: false });
  });
}

test("several go in the order that they were given, and a follow-up needs none", async () => {
  await beginAnew(app);
  await show(app, png(1, 2400, 1200), "wide.png");
  await show(app, png(2, 60, 90), "tall.png");
  assert.match((await shown(app))[0], /2400 × 1200 → 1024 × 512/);
  await app.see(/2 pictures, .* tokens in all/);
  await app.click("button", "Move picture 2 forward");
  await app.type("Your message", "Which is taller?");
  const [first, second, text] = parts(await sent());
  assert.deepEqual(text, { type: "text", text: "Which is taller?" });
  assert.ok(unpacked(first.image_url.url).bytes.length < unpacked(second.image_url.url).bytes.length);
  await app.type("Your message", "And why?");
  const { messages } = await sent(2);
  assert.deepEqual(messages.map(({ role }) => role), ["user", "assistant", "user"]);
  assert.equal(messages[0].content.length, 3);
  assert.equal(messages[2].content, "And why?");
});

test("the longest side and the quality are the person's, and are there again after a restart with the draft", async () => {
  await beginAnew(app);
  const before = await show(app, png(3, 800, 400), "side.png");
  await app.type("Longest side", "200");
  await app.press(Key.TAB);
  await until(async () => /800 × 400 → 200 × 100/.test((await shown(app))[0]), "the smaller size");
  assert.notEqual((await shown(app))[0], before);
  await app.type("Your message", "half a thought");
  const { data, env } = app;
  // What is drafted is kept a moment after the last key.
  await until(async () => JSON.stringify(await kept(app)).includes("half a thought"), "the draft is kept");
  await app.close();
  app = await App.start(stage, { data, env });
  await openVision(app);
  await until(async () => /800 × 400 → 200 × 100/.test((await shown(app))[0] ?? ""), "the picture is ready again", 30_000);
  assert.equal(await app.page.executeScript("return document.querySelector('[data-testid=prompt]').value"), "half a thought");
  await app.click("button", "Reset all");
});

for (const [name, type] of [
  ["cat.cmyk.jpg", "image/jpeg"],
  ["cat.16bit.png", "image/png"],
  ["cat.palette.png", "image/png"],
  ["animated.gif", "image/gif"],
  ["cat.webp", "image/webp"],
]) {
  test(`${name} is sent as a picture that every model reads`, async () => {
    await beginAnew(app);
    assert.match(await show(app, fixture(name), name, type), /^36 × 48, /);
    await app.type("Your message", "What is it?");
    const { type: kind, bytes } = unpacked(parts(await sent())[0].image_url.url);
    assert.match(kind, /^image\/(jpeg|png)$/);
    if (kind === "image/jpeg") assert.deepEqual(jpeg(bytes), { width: 36, height: 48, turned: false });
  });
}

test("a huge picture is made small", async () => {
  await beginAnew(app);
  assert.match(await show(app, png(4, 5200, 3900), "huge.png"), /5200 × 3900 → 1024 × 768, \d+ kB/);
  await app.type("Your message", "What is it?");
  const { bytes } = unpacked(parts(await sent())[0].image_url.url);
  assert.deepEqual(jpeg(bytes), { width: 1024, height: 768, turned: false });
});

test("what is no picture, or claims to be a giant, is refused in words and stops nothing", async () => {
  await beginAnew(app);
  for (const name of ["empty.png", "claims.65535x65535.png", "bomb.30000x30000.png"]) {
    await drop(app, fixture(name), name, "image/png");
    const said = await until(
      () => app.page.executeScript("return document.querySelector('[data-testid=dropped] [role=alert], [data-testid=shown-picture] [role=alert]')?.innerText"),
      `${name} is refused`,
    );
    assert.match(said, /^[A-Z].{10,200}\.$/s, name);
    if (await app.has("button", "Remove the picture")) {
      await app.type("Your message", "What is it?");
      await app.see("Remove the picture that cannot be sent.");
      await app.click("button", "Remove the picture");
    } else await app.click("button", "Close", { within: "[data-testid=dropped]" });
  }
  await show(app, fixture("cat.jpg"), "cat.jpg", "image/jpeg");
  await app.type("Your message", "What is it?");
  await sent();
});

test("a caption and one question have ways of their own", async () => {
  const models = [
    ["Caption", "image-to-text", [{ generated_text: "a cat on a sofa" }], "a cat on a sofa"],
    ["One question", "visual-question-answering", [{ answer: "two", score: 0.9 }], "two"],
  ];
  for (const [way, task, json, words] of models) {
    const url = `^https://router\\.huggingface\\.co/hf-inference/models/acme/${task}$`;
    await recorder.answerFirst({ name: task, match: { method: "POST", url }, respond: { json } }, served(task));
    await beginAnew(app);
    await chooseWay(app, way);
    await app.click("button", /^Model: /);
    const search = await app.find("combobox", "Search models");
    await search.sendKeys(`acme/${task}`, Key.ENTER);
    await show(app, fixture("cat.jpg"), "cat.jpg", "image/jpeg");
    if (way !== "Caption") await app.type("Your message", "How many?");
    await run(app);
    const answer = await answered(app);
    assert.equal(answer.text, words);
  }
  await app.click("button", "Reset all");
});

/** What the page keeps of drafts, as it lies in the settings. */
const kept = (app) =>
  app.page.executeAsyncScript("window.__TAURI_INTERNALS__.invoke('call', { name: 'settings', args: {} }).then(arguments[0], () => arguments[0]({}))");

/** The Hub says that hf-inference serves a model for a task. */
function served(task) {
  const json = {
    ...{ _id: "1", id: `acme/${task}`, modelId: `acme/${task}`, pipeline_tag: task, tags: [], likes: 1, downloads: 1, private: false },
    inferenceProviderMapping: { "hf-inference": { providerId: `acme/${task}`, status: "live", task } },
  };
  return { name: `mapping of ${task}`, match: { url: `^https://huggingface\\.co/api/models/acme/${task}` }, respond: { json } };
}
