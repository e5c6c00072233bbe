// Texts and pictures get their labels in the real window: by hf-inference as the recorder plays it, and built in.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { App, Key, until } from "./app.mjs";
import {
  answers,
  asked,
  bars,
  chooseBuiltin,
  chooseKind,
  chooseLabels,
  dropCat,
  dropPicture,
  ended,
  openLabels,
  run,
  write,
} from "./labels.mjs";
import { card } from "./paint.mjs";
import { rows, stands } from "./rows.mjs";
import { fixture } from "./seeing.mjs";
import { openTab } from "./talk.mjs";

let stage, recorder, app, env;
before(async () => {
  ({ stage, recorder, app, env } = await openLabels());
});
after(() => stage?.close());

/** Where words stand as Python counts: in code points. */
function at(text, word, from = 0) {
  const start = [...text.slice(0, text.indexOf(word, from))].length;
  return { word, start, end: start + [...word].length };
}

/** The marks: their words, kinds, and whether each begins and ends between whole signs, has a place, and how deep it is. */
const marks = () =>
  app.page.executeScript(() => {
    const root = document.querySelector("[data-testid=marked]");
    const text = root.textContent;
    const edges = new Set([...new Intl.Segmenter().segment(text)].map(({ index }) => index).concat(text.length));
    return [...root.querySelectorAll("mark")].map((mark) => {
      const range = document.createRange();
      range.selectNodeContents(root);
      range.setEnd(mark, 0);
      const from = range.toString().length;
      const whole = edges.has(from) && edges.has(from + mark.textContent.length);
      const { left, width, height } = mark.getBoundingClientRect();
      const depth = mark.parentElement.closest("mark") ? 1 : 0;
      return { words: mark.textContent, kind: mark.dataset.kind, name: mark.dataset.name, whole, left, drawn: width > 4 && height > 8, depth };
    });
  });

/** What the window remembers across its starts. */
const kept = () =>
  app.page.executeAsyncScript((done) =>
    window.__TAURI_INTERNALS__.invoke("call", { name: "settings", args: {} }).then(({ ui }) => done(ui)));

const words = async () => (await marks()).map(({ words, kind }) => [words, kind]);

/** The boxes in shares of the picture, whether their words stay on it, and which is lit. */
const look = () =>
  app.page.executeScript(() => {
    const picture = document.querySelector("[data-testid=boxes]")?.getBoundingClientRect();
    const inside = ({ left, top, right, bottom }) =>
      left >= picture.left - 1 && top >= picture.top - 1 && right <= picture.right + 1 && bottom <= picture.bottom + 1;
    const share = (box) => {
      const { left, top, width, height } = box.getBoundingClientRect();
      const parts = [(left - picture.left) / picture.width, (top - picture.top) / picture.height, width / picture.width, height / picture.height];
      return [box.dataset.label, ...parts.map((part) => Math.round(part * 100) / 100)];
    };
    return {
      boxes: [...document.querySelectorAll("[data-testid=box]")].map(share),
      inside: [...document.querySelectorAll("[data-testid=box-words]")].map((words) => inside(words.getBoundingClientRect())),
      lit: document.querySelector("[data-testid=box].lit")?.dataset.label ?? "",
    };
  });

describe("at Hugging Face", () => {
  test("a text gets bars, the best first, and is sent with what is set alone", async () => {
    await chooseKind(app, "text-classification");
    const labels = [["NEUTRAL", 0.2], ["POSITIVE", 0.7], ["NEGATIVE", 0.1]].map(([label, score]) => ({ label, score }));
    await recorder.answerFirst(answers("text-classification", { json: [labels] }));
    await write(app, "What a lovely lantern.");
    await run(app);
    assert.deepEqual((await asked(recorder, "text-classification")).json, { inputs: "What a lovely lantern.", parameters: {} });
    assert.deepEqual(await bars(app), [["POSITIVE", "70.0%"], ["NEUTRAL", "20.0%"], ["NEGATIVE", "10.0%"]]);
    await app.type("Top-k", "2");
    await run(app);
    assert.deepEqual((await asked(recorder, "text-classification")).json.parameters, { top_k: 2 });
    await app.click("button", "Reset Top-k to default");
    await app.click("[data-testid=json]", /./);
    await app.see(/"label": "POSITIVE"/);
    await app.see("text-classification");
    await app.see("hf-inference");
  });

  test("many labels show a share for the others, as many as are wanted", async () => {
    const labels = Array.from({ length: 40 }, (_, n) => ({ label: `label ${n}`, score: 1 / 40 }));
    await recorder.answerFirst(answers("text-classification", { json: [labels] }));
    await run(app);
    assert.deepEqual((await bars(app)).at(-1), ["Other (35)", "87.5%"]);
    await app.click("radio", "3");
    assert.deepEqual((await bars(app)).at(-1), ["Other (37)", "92.5%"]);
    await app.click("radio", "All 40");
    assert.equal((await bars(app)).length, 40);
    await app.click("radio", "5");
  });

  test("entities are marked by characters: after emoji, with accents, in four scripts", async () => {
    await chooseKind(app, "token-classification");
    const text = "👩‍🚀 Zoe\u0301 met 王小明 🇫🇷 and דונה in القاهرة.";
    const entities = [
      { entity_group: "PER", score: 0.99, ...at(text, "Zoe\u0301") },
      { entity_group: "PER", score: 0.9, ...at(text, "王小明") },
      { entity_group: "FLAG", score: 0.8, word: "🇫", start: at(text, "🇫🇷").start, end: at(text, "🇫🇷").start + 1 },
      { entity_group: "PER", score: 0.97, ...at(text, "דונה") },
      { entity_group: "LOC", score: 0.96, ...at(text, "القاهرة") },
      { entity_group: "JOB", score: 0.5, word: "👩", start: 0, end: 1 },
    ];
    // Whoever leaves out its accent.
    entities[0].end -= 1;
    await recorder.answerFirst(answers("token-classification", { json: entities }));
    await write(app, text);
    await run(app);
    assert.equal((await asked(recorder, "token-classification")).json.inputs, text);
    const seen = await marks();
    assert.deepEqual(
      seen.map(({ words, kind }) => [words, kind]),
      [
        ["👩‍🚀", "JOB"],
        ["Zoe\u0301", "PER"],
        ["王小明", "PER"],
        ["🇫🇷", "FLAG"],
        ["דונה", "PER"],
        ["القاهرة", "LOC"],
      ],
    );
    assert.ok(seen.every(({ whole, drawn }) => whole && drawn), JSON.stringify(seen));
    const shown = await app.page.executeScript("return document.querySelector('[data-testid=marked]').textContent");
    assert.equal(shown, text);
    assert.equal(await app.page.executeScript("return document.querySelectorAll('[data-testid=legend] li').length"), 4);
  });

  test("a text from right to left is read from the right, its marks too", async () => {
    const text = "דונה פגשה את Bob בחיפה";
    const entities = ["דונה", "Bob", "בחיפה"].map((word, n) => ({ entity_group: ["PER", "PER", "LOC"][n], score: 0.9, ...at(text, word) }));
    await recorder.answerFirst(answers("token-classification", { json: entities }));
    await write(app, text);
    await run(app);
    assert.deepEqual(await words(), [["דונה", "PER"], ["Bob", "PER"], ["בחיפה", "LOC"]]);
    const places = (await marks()).map(({ left }) => left);
    assert.deepEqual(places, places.toSorted((a, b) => b - a));
  });

  test("entities lie in each other, cross, are told in pieces, without places, or not in the text", async () => {
    const text = "New York University in Manhattan, says Sarah Jessica Parker.";
    const piece = (entity, word, shown = word) => ({ entity, score: 0.9, ...at(text, word), word: shown });
    await recorder.answerFirst(
      answers("token-classification", {
        json: [
          { entity_group: "ORG", score: 0.95, ...at(text, "New York University") },
          { entity_group: "LOC", score: 0.94, ...at(text, "New York") },
          { entity_group: "CAMPUS", score: 0.6, ...at(text, "University in Manhattan") },
          piece("B-PER", "Sarah"),
          piece("I-PER", "Jessica"),
          piece("I-PER", "Par"),
          piece("I-PER", "ker", "##ker"),
          { entity_group: "LOC", score: 0.4, word: "Atlantis" },
          { entity_group: "O", score: 0.4, ...at(text, "says") },
        ],
      }),
    );
    await write(app, text);
    await run(app);
    assert.deepEqual(
      (await marks()).map(({ words, kind, name, depth }) => [words, kind, name, depth]),
      [
        ["New York University", "ORG", "ORG", 0],
        ["New York", "LOC", "LOC", 1],
        ["University", "CAMPUS", "", 1],
        [" in Manhattan", "CAMPUS", "CAMPUS", 0],
        ["Sarah Jessica Parker", "PER", "PER", 0],
      ],
    );
    await app.see("not in the text");
  });

  test("labels of one's own are typed, pasted and sent, with the switch and the sentence", async () => {
    await chooseKind(app, "zero-shot-classification");
    await recorder.answerFirst(
      answers("zero-shot-classification", { json: { sequence: "x", labels: ["billing", "sales"], scores: [0.8, 0.7] } }),
    );
    await write(app, "I was charged twice.");
    await app.see("Add a label to choose from.");
    await chooseLabels(app, "billing", "sales", "billing");
    await app.see("“billing” is there already.");
    await app.type("Hypothesis", "About it.");
    await app.see("The hypothesis needs a {} for the label.");
    await app.type("Hypothesis", "It is about {}.");
    await app.page.executeScript(() => {
      const select = document.querySelector("select[aria-label='Multi-label']");
      select.value = "on";
      select.dispatchEvent(new Event("change", { bubbles: true }));
    });
    await run(app);
    assert.deepEqual((await asked(recorder, "zero-shot-classification")).json, {
      inputs: "I was charged twice.",
      parameters: { candidate_labels: ["billing", "sales"], multi_label: true, hypothesis_template: "It is about {}." },
    });
    assert.deepEqual(await bars(app), [["billing", "80.0%"], ["sales", "70.0%"]]);
  });

  test("a picture is made ready, sent and named", async () => {
    await chooseKind(app, "image-classification");
    await recorder.answerFirst(answers("image-classification", { json: [{ label: "lynx", score: 0.4 }, { label: "tabby", score: 0.6 }] }));
    await dropCat(app);
    await run(app);
    const { headers, json } = await asked(recorder, "image-classification");
    const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
    assert.ok(json || /^image\//.test(type), type);
    assert.deepEqual(await bars(app), [["tabby", "60.0%"], ["lynx", "40.0%"]]);
    assert.ok(await app.page.executeScript("return document.querySelector('[data-testid=answer] img').naturalWidth > 0"));
  });

  test("labels for a picture are at least two", async () => {
    await chooseKind(app, "zero-shot-image-classification");
    await recorder.answerFirst(answers("zero-shot-image-classification", { json: [{ label: "a cat", score: 0.9 }, { label: "a dog", score: 0.1 }] }));
    await chooseLabels(app, "a cat");
    await app.see("Add one more label to choose from.");
    await chooseLabels(app, "a cat", "a dog");
    await run(app);
    const { json } = await asked(recorder, "zero-shot-image-classification");
    assert.deepEqual(json.parameters, { candidate_labels: ["a cat", "a dog"] });
    assert.match(json.inputs, /^\/9j\/|^iVBOR/);
    assert.deepEqual((await bars(app))[0], ["a cat", "90.0%"]);
  });

  test("objects are boxes in their places, cut at the edges, and lit with their rows", async () => {
    await chooseKind(app, "object-detection");
    const box = (xmin, ymin, xmax, ymax) => ({ xmin, ymin, xmax, ymax });
    const [width, height] = await dropCat(app);
    await recorder.answerFirst(
      answers("object-detection", {
        json: [
          { label: "eye", score: 0.5, box: box(width / 2, height / 4, (3 * width) / 4, height / 2) },
          { label: "cat with a very long name that goes on and on", score: 0.9, box: box(-50, -50, width + 80, height + 9) },
          { label: "nothing", score: 0.8, box: box(width + 5, 0, width + 9, 5) },
          { label: "edge", score: 0.7, box: box(width - 4, height - 4, width, height) },
        ],
      }),
    );
    await run(app);
    await until(async () => (await look()).boxes.length === 3, "three boxes");
    const { boxes, inside } = await look();
    assert.deepEqual(boxes.slice(0, 2), [
      ["cat with a very long name that goes on and on", 0, 0, 1, 1],
      ["eye", 0.5, 0.25, 0.25, 0.25],
    ]);
    assert.deepEqual(inside, [true, true, true]);
    await app.page.executeScript(() => [...document.querySelectorAll("[data-testid=found] button")].at(-1).focus());
    await until(async () => (await look()).lit === "eye", "the box is lit");
    const slider = await app.find("slider", "Least score that is shown");
    await app.page.executeScript(
      (slider) => {
        slider.value = "0.75";
        slider.dispatchEvent(new Event("input", { bubbles: true }));
      },
      slider,
    );
    await app.see("2 of 4 shown");
    assert.equal((await look()).boxes.length, 1);
  });

  test("a picture that was turned is upright before it is asked about, and so are its boxes", async () => {
    const size = await dropPicture(app, fixture("turned.jpg"), "turned.jpg", "image/jpeg");
    assert.deepEqual(size, [36, 48]);
    const box = { xmin: 0, ymin: 24, xmax: 18, ymax: 48 };
    await recorder.answerFirst(answers("object-detection", { json: [{ label: "chin", score: 0.5, box }] }));
    await run(app);
    await until(async () => (await look()).boxes.length === 1, "a box");
    assert.deepEqual((await look()).boxes, [["chin", 0, 0.5, 0.5, 0.5]]);
  });

  test("a failure is its card, and Stop stops", async () => {
    await chooseKind(app, "text-classification");
    await write(app, "a failure");
    await recorder.answerFirst(answers("text-classification", { status: 401, json: { error: "no" } }));
    await run(app, "failed");
    await card(app, "auth");
    await recorder.answerFirst(answers("text-classification", { delay_ms: 600_000, json: [] }));
    await write(app, "wait for me");
    await app.click("[data-testid=run]", /./);
    await app.click("[data-testid=stop]", /./);
    await ended(app, "cancelled");
    await app.see("Stopped.");
  });

  test("a run under way is found again after a reload, with what was typed", async () => {
    await recorder.answerFirst(answers("text-classification", { delay_ms: 6_000, json: [[{ label: "LATE", score: 1 }]] }));
    await write(app, "later");
    await app.click("[data-testid=run]", /./);
    await ended(app, "running");
    await until(async () => (await kept()).classifyText === "later", "what was typed is kept");
    await app.page.executeScript("location.reload()");
    await app.find("textbox", "Text to classify");
    await ended(app, "running");
    await ended(app);
    assert.deepEqual(await bars(app), [["LATE", "100.0%"]]);
  });

  test("a run of History is opened again, here", async () => {
    await openTab(app, "History");
    await app.type(/Search/, "charged twice");
    await until(async () => (await app.page.findElements({ css: "[role=option]" })).length === 1, "one run is found");
    await app.click("[role=option]", /charged twice/);
    await app.click("button", "Open in Classify");
    await app.find("button", "Remove billing");
    assert.deepEqual(await bars(app), [["billing", "80.0%"], ["sales", "70.0%"]]);
  });

  test("kind, text and answer are there after a restart", async () => {
    await until(async () => (await kept()).classifyKind === "zero_shot_classification", "the kind is kept");
    const { data } = app;
    await app.close();
    app = await App.start(stage, { data, env });
    await app.find("textbox", "Text to classify");
    await ended(app);
    assert.deepEqual(await bars(app), [["billing", "80.0%"], ["sales", "70.0%"]]);
  });
});

describe("built in, without a network,", () => {
  const best = async () => (await bars(app))[0][0];

  test("the cat is a cat", async () => {
    await chooseBuiltin(app, "image-classification");
    await dropCat(app);
    await run(app);
    assert.equal((await bars(app)).length, 5);
    assert.match(await best(), /cat|tabby|lynx/i);
    await app.type("Top-k", "1000");
    await run(app);
    assert.match(await best(), /cat|tabby|lynx/i);
    assert.equal((await bars(app)).at(-1)[0], "Other (995)");
  });

  test("the cat is one by labels of one's own", async () => {
    await chooseBuiltin(app, "zero-shot-image-classification");
    await chooseLabels(app, "a cat", "a rocket", "a cup of coffee");
    await run(app);
    assert.equal(await best(), "a cat");
  });

  test("a text is sorted by its labels", async () => {
    await chooseBuiltin(app, "zero-shot-classification");
    await app.click("button", "Reset all");
    await write(app, "The new telescope has taken pictures of a galaxy.");
    await chooseLabels(app, "astronomy", "cooking", "football");
    await run(app);
    assert.equal(await best(), "astronomy");
  });

  test("many texts are sorted in a table", async () => {
    await app.click("radio", "Batch");
    const box = await app.find("textbox", "One text a line");
    for (const line of ["We won three to nil.", "Stir the soup slowly.", "The comet comes back in 76 years."])
      await box.sendKeys(line, Key.ENTER);
    await app.click("[data-testid=start-table]", /./);
    await stands(app, /3 rows done/, 30_000);
    const found = (await rows(app)).map(({ text }) => /astronomy|cooking|football/.exec(text)?.[0]);
    assert.deepEqual(found, ["football", "cooking", "astronomy"]);
    await app.click("radio", "One");
  });

  test("praise and complaint are told apart", async () => {
    await chooseBuiltin(app, "text-classification");
    await write(app, "What a wonderful, lovely gift! I am so happy with it.");
    await run(app);
    assert.match(await best(), /^positive$/i);
    await write(app, "Terrible. It broke at once, and nobody answers. I want my money back.");
    await run(app);
    assert.match(await best(), /^negative$/i);
  });

  test("where no built-in model does it, the way to one that does is shown", async () => {
    await chooseBuiltin(app, "token-classification");
    await app.press(Key.CONTROL, Key.SHIFT, "o");
    await app.see("No built-in model does this");
    await app.find("button", "Use Hugging Face");
  });
});
