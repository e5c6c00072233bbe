// Runs the scripts that are named, one after another and unchanged; a mark goes to the recorder before each.

import { request } from "node:http";
import { pathToFileURL } from "node:url";
import { EnvHttpProxyAgent, setGlobalDispatcher } from "undici";

// Node itself looks at HTTPS_PROXY from version 24 on, and only when it is told to.
setGlobalDispatcher(new EnvHttpProxyAgent());

const mark = (url) =>
  new Promise((done, failed) => {
    const sent = request(url, (answer) => answer.resume().on("end", done));
    sent.on("error", failed).end();
  });

const write = process.stdout.write.bind(process.stdout);
const [recorder, ...scripts] = process.argv.slice(2);
for (const [number, script] of scripts.entries()) {
  await mark(`${recorder}mark/${number}`);
  let told = "";
  let failed = null;
  process.stdout.write = (text) => {
    told += text;
    return true;
  };
  try {
    await import(pathToFileURL(script).href);
  } catch (error) {
    failed = String(error?.stack ?? error);
  }
  process.stdout.write = write;
  write(`${JSON.stringify({ told, failed })}\n`);
}
