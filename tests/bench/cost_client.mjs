// What @huggingface/inference does in the comparison of `cost.py`: `TASK BASE COUNT`.
import { createRequire } from "node:module";

const { InferenceClient } = createRequire(new URL("../code/package.json", import.meta.url))("@huggingface/inference");
const [task, base, count] = process.argv.slice(2);

async function tokens() {
  let got = 0;
  const messages = [{ role: "user", content: "Count." }];
  const answer = new InferenceClient().chatCompletionStream({ endpointUrl: `${base}/v1`, model: "m", messages });
  for await (const event of answer) got += event.choices[0].delta.content?.length ?? 0;
  return got;
}

async function pictures(client, model, options) {
  let got = 0;
  for (let n = 0; n < count; n++) got += (await client.textToImage({ ...model, inputs: "a cat" }, options)).size;
  return got;
}

function inBase64() {
  // A provider that answers so, at this address.
  const inferenceProviderMapping = { together: { providerId: "m", status: "live", task: "text-to-image" } };
  const here = (url, init) =>
    init.method === "POST" ? fetch(base + new URL(url).pathname, init) : Response.json({ inferenceProviderMapping });
  return pictures(new InferenceClient("hf_none"), { provider: "together", model: "m" }, { fetch: here });
}

const asBytes = () => pictures(new InferenceClient(), { endpointUrl: `${base}/models/m` });

const got = await { tokens, base64: inBase64, bytes: asBytes }[task]();
process.stdout.write(`${JSON.stringify({ got })}\n`);
// Until it was looked at.
process.stdin.resume();
