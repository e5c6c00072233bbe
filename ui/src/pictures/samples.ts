// Pictures, their runs, and a host that knows them: for the tests of this folder.
import type { Commands, Picture, Run } from "../bindings";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";

/** A picture; what is named differs from the usual. */
export function picture(name: string, more: Partial<Picture> = {}): Picture {
  return {
    ...{
      address: `media:${name}.png`,
      run: `run-${name}`,
      place: 0,
      width: 1024,
      height: 768,
      bytes: 1_200_000,
    },
    ...{ created_at: 0, prompt: `prompt of ${name}`, model: "org/flux", favourite: false, blank: false },
    ...{ missing: false, ...more },
  };
}

/** The run of a picture of that name. */
export function imageRun(name: string, more: Partial<Run> = {}): Run {
  const input: Run["input"] = {
    ...{
      task: "text_to_image",
      model: "org/flux",
      prompt: `whole prompt of ${name}`,
      width: 1024,
      height: 768,
    },
    ...{ num_inference_steps: 28, seed: 7 },
  };
  return {
    ...{ id: `run-${name}`, state: "done", created_at: 0, connection: "hf", connection_name: "Hugging Face" },
    ...{ provider: "fal-ai", model: "org/flux", input, figures: { estimated: false, total_ms: 2_400 } },
    output: { task: "text_to_image", images: [`media:${name}.png`], filtered: false },
    ...{ marks: { favourite: false, tags: ["owl"], note: "" }, ...more },
  };
}

/** Sets a host that has these runs and every picture's file; what else is called is answered with nothing. */
export function hostWithRuns(runs: Run[]): Fake {
  const fake = makeFake();
  const call = async (name: string, args: unknown): Promise<unknown> => {
    fake.calls.push({ name, args });
    if (name === "run") {
      const run = runs.find(({ id }) => id === (args as Commands["run"]["args"]).id);
      return run ?? Promise.reject({ code: "input", message: "This run is no longer here." });
    }
    if (name !== "picture") return {};
    const { address } = args as Commands["picture"]["args"];
    return { address, media_type: "image/png", width: 1024, height: 768, bytes: 1_200_000 };
  };
  const host = { ...fake, call: call as Fake["call"] };
  setHost(host);
  return host;
}
