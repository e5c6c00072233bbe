// The law of runs, from the UI's side.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { RunEvent } from "../bindings";
import { type Host, setHost } from "../host/host";
import { allHanded } from "./handing";
import { underWay } from "./live.svelte";
import { Run } from "./run.svelte";

type Take = (event: RunEvent) => void;

const figures = { estimated: false };
let takes: Take[];
let calls: string[];
let asked: unknown[];
let refuse: unknown;

function delta(text: string, offset: number, reasoning = ""): RunEvent {
  return { kind: "delta", delta: { task: "chat_completion", text, reasoning }, offset, figures };
}

function output(text: string) {
  return { task: "chat_completion" as const, text, reasoning: "", tool_calls: [] };
}

function start(): { run: Run; take: Take } {
  const run = Run.start({
    connection: "builtin",
    input: { task: "chat_completion", model: "", messages: [] },
  });
  const take = takes.at(-1);
  if (!take) throw new Error("no stream was opened");
  return { run, take };
}

beforeEach(() => {
  takes = [];
  calls = [];
  asked = [];
  refuse = undefined;
  const host: Partial<Host> = {
    call: (name) => {
      calls.push(name);
      return Promise.resolve({} as never);
    },
    stream: (name, args, on) => {
      calls.push(name);
      asked.push(args);
      takes.push(on as Take);
      return refuse === undefined ? Promise.resolve() : Promise.reject(refuse);
    },
  };
  setHost(host as Host);
});

describe("a run", () => {
  it("joins its deltas in order and ends once", () => {
    const { run, take } = start();
    take({ kind: "started", conversation: "c", assistant_message: "a" });
    take(delta("Grüße", 0));
    take(delta(" an alle", 7));
    expect([run.phase, run.text, run.place.conversation]).toEqual(["running", "Grüße an alle", "c"]);
    take({ kind: "done", output: output("Grüße an alle"), figures });
    expect([run.phase, run.ended]).toEqual(["done", true]);
  });

  it("hears nothing after its ending", () => {
    const { run, take } = start();
    take(delta("a", 0));
    take({ kind: "cancelled", output: output("a"), figures });
    take(delta("b", 1));
    take({ kind: "failed", output: output("ab"), figures, code: "network", message: "No." });
    take({ kind: "done", output: output("ab"), figures });
    expect([run.phase, run.text, run.error]).toEqual(["cancelled", "a", undefined]);
  });

  it("keeps what came when it fails, with the error beside it", () => {
    const { run, take } = start();
    take(delta("half", 0));
    take({ kind: "failed", output: output("half"), figures, code: "incomplete", message: "It broke off." });
    expect([run.phase, run.text, run.error?.code]).toEqual(["failed", "half", "incomplete"]);
    expect(run.error).not.toHaveProperty("output");
  });

  it("fails when it cannot be started", async () => {
    refuse = { code: "offline", message: "Limerick is offline." };
    const { run } = start();
    await Promise.resolve();
    await Promise.resolve();
    expect([run.phase, run.error?.code]).toEqual(["failed", "offline"]);
  });

  it("makes an error of its own of whatever else is thrown at it", async () => {
    refuse = new DOMException("boom", "DataCloneError");
    const { run } = start();
    await Promise.resolve();
    await Promise.resolve();
    expect([run.error?.code, run.error?.detail]).toEqual(["internal", "DataCloneError: boom"]);
  });

  it("is stopped once, and only its ending ends it", async () => {
    const { run, take } = start();
    await Promise.all([run.stop(), run.stop()]);
    expect(calls.filter((name) => name === "stop_run")).toHaveLength(1);
    expect([run.ended, run.stopping]).toEqual([false, true]);
    take({ kind: "cancelled", output: output(""), figures });
    expect([run.phase, run.stopping]).toEqual(["cancelled", false]);
    await run.stop();
    expect(calls.filter((name) => name === "stop_run")).toHaveLength(1);
  });

  it("watches anew when a piece is missing, and ignores the old stream", () => {
    const { run, take } = start();
    take(delta("one ", 0));
    take(delta("three", 8));
    expect(calls).toEqual(["start_run", "watch_run"]);
    const watched = takes[1];
    watched?.(delta("one two three", 0));
    take(delta("late", 4));
    watched?.(delta(" four", 13));
    expect(run.text).toBe("one two three four");
  });

  it("collects notes once and forgets a status when words come", () => {
    const { run, take } = start();
    const note: RunEvent = { kind: "status", status: { state: "note", text: "Shortened." } };
    take({ kind: "status", status: { state: "loading", fraction: 0.4 } });
    take(note);
    take(note);
    expect([run.status?.state, run.notes]).toEqual(["loading", ["Shortened."]]);
    take(delta("a", 0));
    expect(run.status).toBeUndefined();
  });

  it("measures how long the model reasoned", () => {
    const { run, take } = start();
    take(delta("", 0, "hm"));
    expect([run.reasoning, run.reasoningMs, run.waiting]).toEqual(["hm", undefined, false]);
    take(delta("Yes", 0));
    expect(run.reasoningMs).toBeGreaterThanOrEqual(0);
  });

  it("asks with plain data, whatever the page's state is made of", () => {
    const stop = $state(["."]);
    Run.start({ connection: "c", input: { task: "chat_completion", model: "", messages: [], stop } });
    expect(() => structuredClone(asked.at(-1))).not.toThrow();
  });

  it("is counted as under way until it ends, and found again by its id", () => {
    const before = underWay();
    const { run, take } = start();
    expect(underWay()).toBe(before + 1);
    expect(Run.watch(run.id)).toBe(run);
    take({ kind: "done", output: output(""), figures });
    expect(underWay()).toBe(before);
  });
});

describe("a run in the queue", () => {
  it("is handed over when the one before is in it, or was refused", async () => {
    const prompts = ["one", "two", "three"];
    const answers: ((refused?: unknown) => void)[] = [];
    const names = () => asked.map((run) => (run as { input: { prompt: string } }).input.prompt);
    const stream: Host["stream"] = (_name, args) => {
      asked.push(args);
      return new Promise((resolve, reject) => {
        answers.push((refused) => (refused ? reject(refused) : resolve()));
      });
    };
    setHost({ stream } as Partial<Host> as Host);
    const runs = prompts.map((prompt) =>
      Run.start({ connection: "hf", queued: true, input: { task: "text_to_image", model: "m", prompt } }),
    );
    for (const at of prompts.keys()) {
      await vi.waitFor(() => expect(names()).toEqual(prompts.slice(0, at + 1)));
      answers[at]?.(at === 1 ? { code: "internal", message: "The disk is full." } : undefined);
    }
    await allHanded();
    expect(runs.map(({ phase }) => phase)).toEqual(["waiting", "failed", "waiting"]);
  });

  it("waits until an event says otherwise, and its clock starts then", () => {
    vi.useFakeTimers();
    const input = { task: "text_to_image" as const, model: "m", prompt: "p" };
    const run = Run.start({ connection: "hf", queued: true, input });
    const tell = takes.at(-1) as Take;
    const before = underWay();
    tell({ kind: "started" });
    tell({ kind: "status", status: { state: "queued", position: 2 } });
    tell({ kind: "status", status: { state: "note", text: "It rests." } });
    expect([run.phase, run.ended, underWay(), run.notes]).toEqual(["waiting", false, before, ["It rests."]]);
    const began = run.startedAt;
    vi.advanceTimersByTime(5_000);
    tell({ kind: "status", status: { state: "sent" } });
    expect([run.phase, underWay()]).toEqual(["running", before + 1]);
    expect(run.startedAt - began).toBeGreaterThanOrEqual(5_000);
    tell({ kind: "cancelled", output: { task: "text_to_image", images: [], filtered: false }, figures });
    expect([run.phase, underWay()]).toEqual(["cancelled", before]);
    vi.useRealTimers();
  });
});
