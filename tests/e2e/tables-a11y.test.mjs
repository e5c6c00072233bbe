// Tables in both themes by axe's rules of WCAG 2.0 to 2.2, A and AA: no violation, wide and narrow.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App, Key, quickModelOnly, until } from "./app.mjs";
import { violationsIn } from "./axe.mjs";
import { png } from "./drawn.mjs";
import { progress, rows, stands } from "./rows.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, openTab } from "./talk.mjs";

let stage, server, app;
before(async () => {
  stage = await Stage.open();
  server = stage.keep(await ChatServer.open());
  let asked = 0;
  server.say(() =>
    ++asked === 2
      ? { status: 400, json: { error: { message: "Too strange." } } }
      : { words: ["A very long answer. ".repeat(asked === 3 ? 200 : 1)], pause: 50 },
  );
  app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage) } });
  await addServer(app, server.url);
});
after(() => stage?.close());

const assertNoViolation = (what) => violationsIn(app, what).then((found) => assert.deepEqual(found, []));

/** Drops pictures where a table is begun, as the desktop would. */
function drop(count) {
  const files = Array.from({ length: count }, (_, at) => [`cat ${at + 1}.png`, png(at, 40).toString("base64")]);
  return app.page.executeScript((files) => {
    const dataTransfer = new DataTransfer();
    for (const [name, text] of files) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], name, { type: "image/png" }));
    }
    const on = document.querySelector("[data-testid=drop-rows]");
    for (const event of ["dragenter", "dragover", "drop"])
      on.dispatchEvent(new DragEvent(event, { dataTransfer, bubbles: true, cancelable: true }));
  }, files);
}

test("where a table is begun", async () => {
  await openTab(app, "Vision");
  await app.click("radio", "Folder");
  await app.find("button", "Folder…");
  await assertNoViolation("begun");
});

test("a table of dropped pictures, with a row that failed and a long answer in full", async () => {
  await drop(6);
  await app.see("6 pictures");
  await app.type("What to ask about each picture", "Which cat is this?");
  await app.click("[data-testid=start-table]", /./);
  await stands(app, /5 rows done, 1 failed/);
  await until(
    () => app.page.executeScript("return document.querySelector('[data-index=\"0\"] img')?.naturalWidth > 0"),
    "the thumbnail of a picture",
  );
  await assertNoViolation("rows");
  await app.page.executeScript("document.querySelector('[data-index=\"2\"]').focus()");
  await app.press(Key.ENTER);
  await app.find("region", "The row in full");
  await assertNoViolation("a row in full");
  await app.press(Key.F2);
  await app.find("textbox", "Answer");
  await assertNoViolation("edited");
  await app.press(Key.ESCAPE);
});

test("in a narrow window the row in full takes the place of the others, and gives it back", async () => {
  const wide = await app.page.manage().window().getRect();
  await app.page.manage().window().setRect({ width: 420, height: 800 });
  await app.find("region", "The row in full");
  await assertNoViolation("narrow, in full");
  await app.click("button", "Close", { within: "[aria-label='The row in full']" });
  await until(async () => (await rows(app)).length > 2, "the rows");
  const focused = () => app.page.executeScript("return document.activeElement.dataset.index");
  await until(async () => (await focused()) !== undefined, "the focus on a row");
  await assertNoViolation("narrow");
  await app.page.manage().window().setRect(wide);
});

test("the earlier tables", async () => {
  assert.match(await progress(app), /5 rows done/);
  await app.click("button", "All tables");
  await app.see("Earlier tables");
  await assertNoViolation("earlier");
});
