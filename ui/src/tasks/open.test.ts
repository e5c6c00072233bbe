// From History into the tab: what is opened is what was picked.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { makeFake } from "../host/fake";
import { host, setHost } from "../host/host";
import { openRun } from "./open";
import { chat } from "./text/chat.svelte";
import { text } from "./text/text.svelte";

async function answered(): Promise<string> {
  await vi.waitFor(() => expect(chat.turns.at(-1)?.message?.state).toBe("done"), { timeout: 5_000 });
  return chat.turns.at(-1)?.message?.run ?? "";
}

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
