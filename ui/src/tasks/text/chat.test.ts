// A conversation against the scripted host: said, answered, branched, stopped, given back, taken up again.
import { beforeEach, describe, expect, it, vi } from "vitest";
import { textOf } from "../../conversations/turns";
import { type Fake, makeFake } from "../../host/fake";
import { setHost } from "../../host/host";
import { chat } from "./chat.svelte";

let fake: Fake;

function say(words: string): void {
  chat.draft = words;
  chat.send();
}

async function settled(): Promise<void> {
  await vi.waitFor(() => expect(chat.running).toBe(false), { timeout: 5_000 });
  await vi.waitFor(() => expect(chat.turns.every((turn) => turn.message?.state !== "running")).toBe(true));
}

function shown(): [string, string][] {
  return chat.turns.map((turn) => [turn.role, textOf(turn)]);
}

function asked(): unknown[] {
  return fake.calls.filter(({ name }) => name === "start_run").map(({ args }) => args);
}

beforeEach(() => {
  fake = makeFake({ pace: 0, models: 10 });
  setHost(fake);
  chat.fresh();
  chat.draft = "";
});

describe("a chat", () => {
  it("shows what was said before anything has come back", () => {
    say("Hello");
    expect(shown()[0]).toEqual(["user", "Hello"]);
    expect([chat.draft, chat.running]).toEqual(["", true]);
  });

  it("sends no parameter and no messages of its own", async () => {
    say("Hello");
    await settled();
    expect(asked()[0]).toMatchObject({
      connection: "builtin",
      input: { task: "chat_completion", model: "", messages: [] },
      turn: { text: "Hello", system: "" },
    });
    expect(Object.keys((asked()[0] as { input: object }).input)).toEqual(["task", "model", "messages"]);
  });

  it("goes on in the same conversation", async () => {
    say("Hello");
    await settled();
    say("And again");
    await settled();
    expect(chat.turns.map((turn) => turn.role)).toEqual(["user", "assistant", "user", "assistant"]);
  });

  it("keeps another answer as a branch, and opens the first again", async () => {
    say("Hello");
    await settled();
    const first = chat.turns[1]?.message;
    if (first) chat.again(first);
    await settled();
    expect(chat.turns[1]?.message?.siblings).toHaveLength(2);
    if (first) await chat.branch(first.id);
    expect(chat.turns[1]?.message?.id).toBe(first?.id);
  });

  it("continues an answer behind its own words", async () => {
    say("error:incomplete");
    await settled();
    const half = chat.turns[1]?.message;
    expect(half?.state).toBe("failed");
    if (half) chat.again(half, true);
    await settled();
    const [, answer] = chat.turns;
    expect(answer && textOf(answer).startsWith(half?.text ?? "?")).toBe(true);
    expect(answer && textOf(answer).length).toBeGreaterThan(half?.text.length ?? 0);
  });

  it("says something else in the place of an earlier message", async () => {
    say("Hello");
    await settled();
    const said = chat.turns[0]?.message;
    if (said) chat.sayInstead(said, "Good evening");
    await settled();
    expect(shown()[0]).toEqual(["user", "Good evening"]);
    expect(chat.turns).toHaveLength(2);
    expect(chat.turns[0]?.message?.siblings).toHaveLength(2);
  });

  it("gives the words back when the run is refused before it is stored", async () => {
    fake.stream = () => Promise.reject({ code: "input", message: "Too long." });
    say("Precious words");
    await settled();
    expect(chat.draft).toBe("Precious words");
    expect(chat.turns.at(-1)?.run?.error?.code).toBe("input");
  });

  it("follows a run that goes on after the conversation was left", async () => {
    setHost(makeFake({ pace: 5, models: 10 }));
    say("a long one");
    await vi.waitFor(() => expect(chat.conversation).toBeDefined());
    const { id } = chat.conversation ?? { id: "" };
    chat.fresh();
    expect(chat.running).toBe(false);
    await chat.open(id);
    await vi.waitFor(() => expect(chat.run?.text).toBeTruthy());
    await chat.run?.stop();
    await settled();
    expect(chat.run?.phase).toBe("cancelled");
    expect(textOf(chat.turns[1] ?? { key: "", role: "user", prefix: "" }).length).toBeGreaterThan(0);
  });

  it("keeps a draft for each conversation", async () => {
    say("Hello");
    await settled();
    chat.draft = "half a thought";
    const { id } = chat.conversation ?? { id: "" };
    chat.fresh();
    expect(chat.draft).toBe("");
    await chat.open(id);
    expect(chat.draft).toBe("half a thought");
  });
});
