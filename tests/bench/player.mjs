// From a click on Play to its first sound, and what playing costs: the real window, a sink that leads nowhere, and a
// recording of it. Prints one JSON line a figure. Needs Linux and PulseAudio.
import { App, Key, quickModelOnly, until } from "../e2e/app.mjs";
import { RATE, Room, tone } from "../e2e/room.mjs";
import { ChatServer } from "../e2e/server.mjs";
import { Stage } from "../e2e/stage.mjs";
import { addServer, openTab } from "../e2e/talk.mjs";
import { median, print, progress } from "./figures.mjs";
import { timeOf, timeOfOne } from "./tree.mjs";

const CLICKS = 11;
/** Seconds over which the processor is watched. */
const WATCHED = 10;
const ENV = { WEBKIT_DISABLE_DMABUF_RENDERER: "1" };

const wait = (ms) => new Promise((then) => setTimeout(then, ms));

/** Clicks in the page; gives the time of the clock. */
async function press(app, name) {
  const button = await app.find("button", name);
  return app.page.executeScript("const now = Date.now(); arguments[0].click(); return now;", button);
}

/** Lets go of what is played, and of its device where it is to `rest`. */
async function letGo(app, room, rest) {
  const stop = `const done = arguments[0];
    window.__TAURI_INTERNALS__.invoke("sound", { order: { do: "stop" } }).then(done);`;
  await app.page.executeAsyncScript(stop);
  if (rest) await until(() => !room.used, "the device's rest");
}

/** Milliseconds from each click on Play to its first sound in the recording. The player holds nothing before. */
async function clicks(app, room, recording, rest) {
  const times = [];
  for (let n = 0; n < CLICKS; n++) {
    await letGo(app, room, rest);
    await recording.wait(recording.now, 0.3);
    const before = recording.now;
    const clicked = await press(app, "Play");
    const first = await recording.begins(before);
    times.push(recording.cameAt(first) - clicked);
    await recording.wait(first, 0.3);
  }
  return times;
}

/** Milliseconds of processor time a second: of the app's own process, and of the window's. */
async function cost(app) {
  const before = [timeOfOne(app.pid), timeOf(app.pid)];
  await wait(WATCHED * 1000);
  const [own, all] = [timeOfOne(app.pid) - before[0], timeOf(app.pid) - before[1]];
  return { own: own / WATCHED, window: (all - own) / WATCHED };
}

const stage = await Stage.open();
try {
  const room = await Room.open(stage);
  const server = stage.keep(await ChatServer.open());
  server.sounds = [tone(120)];
  const app = await App.start(stage, { env: { LIMERICK_MODELS: quickModelOnly(stage), ...ENV, ...room.env } });
  await addServer(app, server.url);
  await openTab(app, "Speech");
  const recording = await room.record();
  const box = await app.type("What the voice says", "A tone of two minutes.");
  await box.sendKeys(Key.chord(Key.CONTROL, Key.ENTER));
  await recording.begins(0);

  progress(`${2 * CLICKS} clicks`);
  const note = `${CLICKS} clicks, a clip of two minutes from the disk, PulseAudio's null sink, as its monitor hears it`;
  for (const [name, rest] of [["the device at rest", true], ["the device open", false]]) {
    const times = await clicks(app, room, recording, rest);
    const longest = `median, the longest ${Math.max(...times)} ms`;
    print(`sound: click to first sound, ${name}`, median(times), "ms", `${longest}; ${note}`);
  }

  progress("the processor's time");
  const share = (milliseconds) => milliseconds / 10;
  const playing = await cost(app);
  const both = ({ window }) => `of one core, over ${WATCHED} s; the window takes another ${share(window).toFixed(1)} %`;
  print("sound: CPU while it plays", share(playing.own), "%", both(playing));
  await letGo(app, room, true);
  const still = await cost(app);
  print("sound: CPU while it is still", share(still.own), "%", both(still));
} finally {
  await stage.close();
}
