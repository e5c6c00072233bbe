// Vision in both themes by axe's rules of WCAG 2.0 to 2.2, A and AA: no violation.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { App, Key, until } from "./app.mjs";
import { violationsIn } from "./axe.mjs";
import { png } from "./drawn.mjs";
import { beginAnew, fixture, labelsInWords, openVision, show } from "./seeing.mjs";
import { ChatServer } from "./server.mjs";
import { Stage } from "./stage.mjs";
import { addServer, answered, ask, written } from "./talk.mjs";

let stage, server, app;
before(async () => {
  stage = await Stage.open();
  server = stage.keep(await ChatServer.open());
  app = await App.start(stage, { env: { LIMERICK_MODELS: labelsInWords(stage) } });
});
after(() => stage?.close());

const assertNoViolation = (what) => violationsIn(app, what).then((found) => assert.deepEqual(found, []));

test("Vision, empty", async () => {
  await openVision(app);
  await app.see("Show it a picture");
  await assertNoViolation("empty");
});

test("Vision, with pictures to send, and one of them whole", async () => {
  await addServer(app, server.url);
  await openVision(app);
  await show(app, fixture("cat.jpg"), "cat.jpg", "image/jpeg");
  await show(app, png(1, 1800, 900), "wide.png");
  await app.click("button", "Limerick");
  await assertNoViolation("drafted");
  await app.click("button", "Show picture 2 whole");
  await app.find("button", "Close", { within: "[data-testid=look]" });
  await assertNoViolation("whole");
  await app.press(Key.ESCAPE);
  await until(async () => !(await app.has("[data-testid=look]", /./)), "it is closed");
});

test("Vision, answering, answered and failed", async () => {
  server.say({ words: Array.from({ length: 400 }, () => " word"), pause: 30 });
  await app.click("[data-testid=run]", /./);
  await written(app, 20);
  await assertNoViolation("answering");
  await app.press(Key.ESCAPE);
  await answered(app, ["cancelled"]);
  await assertNoViolation("stopped");
  await beginAnew(app);
  await show(app, fixture("cat.jpg"), "cat.jpg", "image/jpeg");
  server.say({ status: 401, json: { error: { message: "No such key" } } });
  await ask(app, "What is it?");
  await answered(app, ["failed"]);
  await assertNoViolation("failed");
});

test("Vision, its threads and the pictures of History", async () => {
  await app.click("[data-testid=conversations]", /./);
  await app.find("textbox", "Find a conversation");
  await assertNoViolation("threads");
  await app.press(Key.ESCAPE);
  await app.click("[data-testid=add-from-history]", /./);
  await app.find("button", "Cancel");
  await assertNoViolation("from History");
  await app.press(Key.ESCAPE);
});

test("Vision, a folder", async () => {
  await app.click("radio", "Folder");
  await app.find("textbox", "What to ask about each picture");
  await assertNoViolation("folder");
});
