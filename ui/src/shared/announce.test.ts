// What a screen reader is told while an answer streams, and how long toasts stay.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { settings } from "../settings/settings.svelte";
import { announcements, answerFinished, answerStarted, answerText } from "./announce.svelte";
import { toast, toasts } from "./toasts.svelte";

describe("announcements", () => {
  it("say start and end only, unless the person wants the sentences", () => {
    settings.current.announce = "finish";
    answerStarted();
    expect(announcements.polite).toBe("Answer started.");
    answerText("One. Two. ");
    expect(announcements.polite).toBe("Answer started.");
    answerFinished(2);
    expect(announcements.polite).toBe("Answer finished, 2 words.");
  });

  it("say whole sentences, and the rest at the end", () => {
    settings.current.announce = "sentences";
    answerStarted();
    answerText("One is done. Two is");
    expect(announcements.polite).toBe("One is done.");
    answerFinished(5);
    expect(announcements.polite).toBe("Two is Answer finished, 5 words.");
  });

  it("say nothing when they are off", () => {
    settings.current.announce = "off";
    announcements.polite = "";
    answerStarted();
    answerText("One. ");
    answerFinished(1);
    expect(announcements.polite).toBe("");
  });
});

describe("toasts", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("stay at least eight seconds when they offer something, and as long as they are held", () => {
    toast("Run deleted.", { action: { label: "Undo", run: () => {} } });
    vi.advanceTimersByTime(8_000);
    expect(toasts.list).toHaveLength(1);
    toasts.hold();
    vi.advanceTimersByTime(60_000);
    expect(toasts.list).toHaveLength(1);
    toasts.release();
    vi.advanceTimersByTime(11_000);
    expect(toasts.list).toHaveLength(0);
  });
});
