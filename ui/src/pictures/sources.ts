// Fetches what is known of a picture: its run and its file. What cannot be had is left out, for a run may be deleted
// and a file gone.
import type { Picture } from "../bindings";
import { host } from "../host/host";
import type { Sources } from "./facts";

/** Everything that is known of a picture. Never rejects. */
export async function sourcesOf(picture: Picture): Promise<Sources> {
  const [run, file] = await Promise.all([
    known(host().call("run", { id: picture.run })),
    picture.missing ? undefined : known(host().call("picture", { address: picture.address })),
  ]);
  return { picture, ...(run && { run }), ...(file && { file }) };
}

function known<T>(asked: Promise<T>): Promise<T | undefined> {
  return asked.catch(() => undefined);
}
