// From History into the tab: what is opened is what was picked.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { layout } from "../frame/layout.svelte";
import { makeFake } from "../host/fake";
import { host, setHost } from "../host/host";
import { openRun, runAgain } from "./open";
import { chat } from "./text/chat.svelte";
import { text } from "./text/text.svelte";
import { how } from "./vision/how.svelte";
import { vision } from "./vision/vision.svelte";

async function answered(): Promise<string> {
  await vi.waitFor(() => expect(chat.turns.at(-1)?.message?.state).toBe("done"), { timeout: 5_000 });
  return chat.turns.at(-1)?.message?.run ?? "";
}

describe("a run about a picture", () => {
  beforeEach(() => {
    setHost(makeFake({ pace: 0, models: 10 }));
    vision.chat.fresh();
    vision.chat.pictures = [];
    how.values = {};
  });

  it("opens in its thread in Vision, and runs again there as a branch with the same parameters", async () => {
    await host().stream(
      "start_run",
      {
        ...{ id: "r1", connection: "builtin" },
        input: { task: "chat_completion", model: "labels", messages: [], temperature: 0.3 },
        turn: { text: "What is it?", pictures: ["media:cat-1-640x480.png"], kind: "vision" },
      },
      () => {},
    );
    await vi.waitFor(async () => expect((await host().call("run", { id: "r1" })).state).toBe("done"));
    const run = await host().call("run", { id: "r1" });
    await openRun(run);
    expect([layout.tab, vision.mode]).toEqual(["vision", "ask"]);
    expect(vision.chat.turns.map(({ message }) => message?.pictures?.length ?? 0)).toEqual([1, 0]);
    await runAgain(run);
    await vi.waitFor(() => expect(vision.chat.turns[1]?.message?.siblings).toHaveLength(2));
    expect(how.values).toEqual({ temperature: 0.3 });
  });

  it("is drafted in a new thread where it has none", async () => {
    const input = { task: "image_to_text", model: "", image: "media:cat-1-640x480.png" } as const;
    const whole = { ...input, generation_parameters: {}, extra_body: {} };
    await host().stream("start_run", { id: "r2", connection: "hf", input: whole }, () => {});
    await vi.waitFor(async () => expect((await host().call("run", { id: "r2" })).state).toBe("done"));
    const bring = vi.spyOn(vision, "bring").mockResolvedValue();
    await openRun(await host().call("run", { id: "r2" }));
    expect(bring).toHaveBeenCalledWith(["media:cat-1-640x480.png"]);
    bring.mockRestore();
  });
});

describe("a run of a chat", () => {
  beforeEach(() => {
    setHost(makeFake({ pace: 0, models: 10 }));
    chat.fresh();
  });

  it("opens on the branch that holds it, which is not the last one", async () => {
    chat.draft = "Hello";
    chat.send();
    const first = await answered();
    const [question] = chat.turns;
    if (question?.message) chat.sayInstead(question.message, "Good evening");
    const second = await answered();
    expect(second).not.toBe(first);
    text.mode = "completion";
    await openRun(await host().call("run", { id: first }));
    expect(text.mode).toBe("chat");
    expect(chat.turns.map((turn) => turn.message?.text)[0]).toBe("Hello");
    expect(chat.turns[1]?.message?.run).toBe(first);
  });
});
