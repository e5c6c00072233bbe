// Vision against the scripted host: pictures are drafted, made ready, sent, given back, asked about again, in every way.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PictureFacts, StartRun } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { picturesOf, textOf } from "../../conversations/turns";
import { type Fake, makeFake } from "../../host/fake";
import { setHost } from "../../host/host";
import { models } from "../../models/models.svelte";
import { how } from "./how.svelte";
import { preparations } from "./preparations.svelte";
import { vision } from "./vision.svelte";

const { chat } = vision;
let fake: Fake;

function picture(name: string, width = 4032, height = 3024): PictureFacts {
  return {
    address: `media:fake-${name}-${width}x${height}.png`,
    media_type: "image/png",
    width,
    height,
    bytes: 9,
  };
}

async function ready(...pictures: PictureFacts[]): Promise<void> {
  for (const each of pictures) {
    vision.add(each);
    await preparations.want(each.address, vision.to);
  }
}

async function settled(): Promise<void> {
  await vi.waitFor(() => expect(chat.running).toBe(false), { timeout: 5_000 });
  await vi.waitFor(() => expect(chat.turns.every((turn) => turn.message?.state !== "running")).toBe(true));
}

function asked(): StartRun[] {
  return fake.calls.filter(({ name }) => name === "start_run").map(({ args }) => args as StartRun);
}

async function use(connection: string): Promise<void> {
  connections.use(connection);
  for (const task of ["image_text_to_text", "image_to_text", "visual_question_answering"])
    await models.load(connections.current, task);
}

beforeEach(async () => {
  fake = makeFake({ pace: 0, models: 10 });
  setHost(fake);
  await connections.load();
  await use("builtin");
  how.values = {};
  chat.fresh();
  chat.draft = "";
  chat.pictures = [];
});

describe("a picture that is drafted", () => {
  it("is made ready at the size and quality that are set, and keeps its words and the run until it is", async () => {
    chat.draft = "What is it?";
    how.values = { max_side: 512, quality: 60 };
    vision.add(picture("1"));
    expect(vision.obstacle).toBe("Making the pictures ready…");
    chat.send();
    expect(asked()).toEqual([]);
    await preparations.want(picture("1").address, vision.to);
    expect(fake.calls.at(-1)).toMatchObject({
      name: "prepare_picture",
      args: { max_side: 512, quality: 60 },
    });
    expect(vision.obstacle).toBe("");
  });

  it("is asked for once for the same size, and anew for another", async () => {
    await ready(picture("2"), picture("2"));
    await preparations.want(picture("2").address, vision.to);
    expect(fake.calls.filter(({ name }) => name === "prepare_picture")).toHaveLength(1);
    how.values = { max_side: 300 };
    await preparations.want(picture("2").address, vision.to);
    expect(fake.calls.filter(({ name }) => name === "prepare_picture")).toHaveLength(2);
  });

  it("stands in the way where it cannot be read, until it is taken away", async () => {
    await ready({ ...picture("3"), address: "media:missing-3.png" });
    chat.draft = "What is it?";
    expect(chat.asking.obstacle).toBe("Remove the picture that cannot be sent.");
    vision.remove("media:missing-3.png");
    expect(chat.asking.obstacle).toBe("Add a picture first.");
  });

  it("moves among the others, and stays with its own thread", async () => {
    await ready(picture("4"), picture("5"), picture("6"));
    vision.move(picture("6").address, -1);
    vision.move(picture("4").address, -1);
    expect(chat.pictures.map(({ address }) => address.slice(11, 12))).toEqual(["4", "6", "5"]);
    chat.draft = "Which is larger?";
    chat.send();
    await settled();
    expect(chat.pictures).toEqual([]);
    await ready(picture("7"));
    const { id = "" } = chat.conversation ?? {};
    chat.fresh();
    expect(chat.pictures).toEqual([]);
    await chat.open(id);
    expect(chat.pictures).toHaveLength(1);
    chat.pictures = [];
  });
});

describe("a question about pictures", () => {
  it("sends the prepared pictures in their order, in a thread of its own kind", async () => {
    await ready(picture("8"), picture("9", 64, 64));
    chat.draft = "What are these?";
    chat.send();
    expect(chat.turns[0] && picturesOf(chat.turns[0])).toHaveLength(2);
    await settled();
    const [{ turn, input } = {} as StartRun] = asked();
    expect(turn).toMatchObject({ kind: "vision", text: "What are these?" });
    expect(turn?.pictures?.[0]).toContain("1024x768");
    expect(turn?.pictures?.[1]).toBe(picture("9", 64, 64).address);
    expect(input).toEqual({ task: "chat_completion", model: "", messages: [] });
    expect(chat.list.all.map(({ title }) => title)).toEqual(["What are these?"]);
  });

  it("goes on in the same thread without a new picture, and keeps the pictures where a question is changed", async () => {
    await ready(picture("10"));
    chat.draft = "What is it?";
    chat.send();
    await settled();
    chat.draft = "And what colour?";
    chat.send();
    await settled();
    expect(asked()[1]?.turn).toMatchObject({ text: "And what colour?" });
    expect(asked()[1]?.turn?.pictures).toBeUndefined();
    const said = chat.turns[0]?.message;
    if (said) chat.sayInstead(said, "What animal?");
    await settled();
    expect(asked()[2]?.turn?.pictures).toEqual(asked()[0]?.turn?.pictures);
  });

  it("gives words and pictures back where the run is refused before it is stored", async () => {
    await ready(picture("11"));
    fake.stream = () => Promise.reject({ code: "input", message: "Too large." });
    chat.draft = "Precious";
    chat.send();
    await settled();
    expect([chat.draft, chat.pictures.length]).toEqual(["Precious", 1]);
  });

  it("shows what the classifier saw as the way to the words", async () => {
    models.pickModel("builtin", "image_text_to_text", "labels");
    await ready(picture("12"));
    chat.draft = "What is it?";
    chat.send();
    await settled();
    const answer = chat.turns[1];
    expect(answer?.message?.reasoning).toContain("tabby cat");
    expect(answer && textOf(answer)).not.toBe("");
    models.pickModel("builtin", "image_text_to_text", "");
  });
});

describe("a way", () => {
  it("asks one question with the picture of the thread, and knows no parameter of a chat", async () => {
    await use("hf");
    how.values = { way: "question", temperature: 0.4 };
    models.pickModel("hf", "visual_question_answering", "dandelin/vilt-b32-finetuned-vqa");
    await ready(picture("13"));
    chat.draft = "How many?";
    chat.send();
    await settled();
    expect(asked()[0]).toMatchObject({
      connection: "hf",
      input: { task: "visual_question_answering", model: "dandelin/vilt-b32-finetuned-vqa", extra_body: {} },
      turn: { text: "How many?", kind: "vision" },
    });
    expect(chat.turns[1] && textOf(chat.turns[1])).not.toBe("");
  });

  it("captions without a word", async () => {
    await use("s1");
    how.values = { way: "caption", max_tokens: 20, temperature: 0.2 };
    await ready(picture("14"));
    expect(chat.idle).toBe(false);
    chat.send();
    await settled();
    expect(asked()[0]).toMatchObject({
      input: { task: "image_to_text", max_new_tokens: 20, generation_parameters: { temperature: 0.2 } },
      turn: { text: "", kind: "vision" },
    });
    await ready(picture("15"), picture("16"));
    expect(chat.asking.obstacle).toBe("This way takes one picture at a time.");
  });

  it("is the one that fits where none is set", async () => {
    await use("s1");
    expect(how.way).toBe("chat");
    models.pickModel("s1", "image_text_to_text", "HuggingFaceM4/idefics2-8b-chatty");
    expect([how.way, how.destination.task]).toEqual(["prompt", "text_generation"]);
    models.pickModel("s1", "image_text_to_text", "");
    how.values = { way: "prompt" };
    await use("builtin");
    expect(how.way).toBe("chat");
  });
});

describe("a picture from elsewhere", () => {
  it("begins a thread of its own", async () => {
    vision.mode = "folder";
    fake.call = (async (_: string, { address }: { address: string }) => ({
      ...picture("17"),
      address,
      settings: { prompt: "an owl" },
    })) as unknown as Fake["call"];
    vision.take(["media:owl.png"]);
    await vi.waitFor(() => expect(chat.pictures).toHaveLength(1));
    expect([vision.mode, chat.conversation, "settings" in (chat.pictures[0] ?? {})]).toEqual([
      "ask",
      undefined,
      false,
    ]);
  });
});
