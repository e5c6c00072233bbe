// Memory of the whole process tree (proportional set size): idle, after a long chat, and with the quick built-in
// model loaded. Prints one JSON line a figure. Needs Linux.
import { App, quickModelOnly } from "../e2e/app.mjs";
import { ChatServer } from "../e2e/server.mjs";
import { Stage } from "../e2e/stage.mjs";
import { addServer, prompt, say } from "../e2e/talk.mjs";
import { print, progress } from "./figures.mjs";
import { treeOf } from "./tree.mjs";

const TURNS = 20;
const ENV = { WEBKIT_DISABLE_DMABUF_RENDERER: "1" };
const PARAGRAPH =
  "A paragraph with **bold words**, `code` and [a link](https://example.org/page), as models write them.\n\n" +
  "- a list\n- of two items\n\n```rust\nfn main() {\n    let answer = 42;\n}\n```\n\n";

/** A chat of `TURNS` answers from a server that writes a word each millisecond. */
async function longChat(app, server) {
  await addServer(app, server.url);
  const words = Array.from({ length: 25 }, () => PARAGRAPH.match(/\S+\s*/g)).flat();
  server.say({ words, pause: 1 });
  for (let turn = 0; turn < TURNS; turn++) {
    if (turn % 5 === 0) progress(`turn ${turn + 1} of ${TURNS}`);
    await say(app, `Turn ${turn}`);
  }
  return Math.round((TURNS * words.join("").length) / 1000);
}

const settle = () => new Promise((then) => setTimeout(then, 5000));

const stage = await Stage.open();
const server = await ChatServer.open();
try {
  progress("idle");
  const app = await App.start(stage, { env: ENV });
  await prompt(app);
  await settle();
  print("memory: idle", treeOf(app.pid), "MiB", "whole process tree, 5 s after the start");
  const characters = await longChat(app, server);
  await settle();
  print("memory: after a long chat", treeOf(app.pid), "MiB", `${TURNS} turns, ${characters} kB of markdown`);
  await app.close();

  progress("with the quick model");
  const other = await App.start(stage, { env: { ...ENV, LIMERICK_MODELS: quickModelOnly(stage) } });
  await say(other, "Hello!");
  await settle();
  print("memory: with the quick model loaded", treeOf(other.pid), "MiB", "after one answer; the model's file is 98 MB");
  await other.close();
} finally {
  await server.close();
  await stage.close();
}
