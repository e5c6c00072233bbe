// The Speech tab's rules: families and their voices, cues in a text, what is sent, and how long it lasts.
import { describe, expect, it } from "vitest";
import { BARK_CUES, changeOf, DIA_CUES, insert } from "./cues";
import { examplesFor } from "./examples";
import { FAMILIES, familyOf } from "./families";
import { lengthWords } from "./length";
import { type Asked, askedBy, countSet, inputOf } from "./request";
import { type Destination, ignored, numbersOf, type Values } from "./specs";
import { grouped, languageName, voiceName } from "./voices.svelte";

const to = (model: string, more: Partial<Destination> = {}): Destination => ({
  ...{ kind: "hugging_face", family: familyOf(model), name: "fal-ai", ignored: [] },
  ...more,
});
const ask = (values: Values, more: Partial<Asked> = {}): Asked => ({
  ...{ model: "suno/bark", text: "Hello.", voice: "", values },
  ...more,
});
const cue = (label: string) => {
  const found = [...BARK_CUES, ...DIA_CUES].find((each) => each.label === label);
  if (!found) throw new Error(label);
  return found;
};

describe("a family", () => {
  it.each([
    ["suno/bark", "bark"],
    ["suno/bark-small", "bark"],
    ["hexgrad/Kokoro-82M", "kokoro"],
    ["kokoro", "kokoro"],
    ["canopylabs/orpheus-3b-0.1-ft", "orpheus"],
    ["nari-labs/Dia-1.6B", "dia"],
    ["ResembleAI/chatterbox", "chatterbox"],
    ["sesame/csm-1b", "csm"],
    ["tts-1-hd", "openai"],
    ["gpt-4o-mini-tts", "openai"],
    ["file:/home/someone/en_US-amy.onnx", "piper"],
    ["microsoft/speecht5_tts", "unknown"],
    ["nvidia/mediafast", "unknown"],
    ["", "unknown"],
  ])("of %s is %s", (model, id) => {
    expect(familyOf(model).id).toBe(id);
  });

  it("knows Bark's presets, ten in each of 13 languages and the announcer", () => {
    const { voices } = familyOf("suno/bark");
    expect(voices).toHaveLength(131);
    expect(voices.map(({ id }) => id)).toContain("v2/pt_speaker_9");
    expect(new Set(voices.map(({ language }) => language)).size).toBe(13);
  });

  it("names no voice twice, and Kokoro's 54 with their languages", () => {
    for (const { voices } of FAMILIES) expect(new Set(voices.map(({ id }) => id)).size).toBe(voices.length);
    const { voices } = familyOf("kokoro");
    expect(voices).toHaveLength(54);
    expect(voices.find(({ id }) => id === "bf_emma")).toEqual({
      ...{ id: "bf_emma", name: "Emma", language: "en-GB", about: "woman" },
    });
  });

  it("has examples that show what it can do", () => {
    expect(examplesFor("dia")[0]?.prompt).toContain("[S2]");
    for (const { id } of FAMILIES) expect(examplesFor(id).length).toBeGreaterThan(2);
  });
});

describe("voices", () => {
  const { voices } = familyOf("suno/bark");

  it("stand by language, and are found by every word", () => {
    expect(grouped(voices, "").map(({ language }) => language)).toContain(languageName("de"));
    const [german, ...others] = grouped(voices, "german 3");
    expect([german?.voices.map(({ id }) => id), others]).toEqual([["v2/de_speaker_3"], []]);
    expect(grouped(voices, "nobody")).toEqual([]);
  });

  it("are named by their id where nobody named them, and a language by its tag", () => {
    expect([voiceName(voices, "announcer"), voiceName(voices, "mine")]).toEqual(["Announcer", "mine"]);
    expect([languageName(undefined), languageName("not a tag")]).toEqual(["Any language", "not a tag"]);
  });
});

describe("a cue", () => {
  const put = (label: string, text: string, from: number, to = from) => {
    const { words, ...selection } = changeOf(cue(label), { text, from, to });
    return [text.slice(0, from) + words + text.slice(to), selection];
  };

  it("keeps a space to the words around it, and none to a sign", () => {
    expect(put("[laughs]", "Hello there", 5)[0]).toBe("Hello [laughs] there");
    expect(put("[laughs]", "Hello.", 5)[0]).toBe("Hello [laughs].");
    expect(put("[S1]", "", 0)[0]).toBe("[S1] ");
  });

  it("sings and stresses what is selected, which stays selected", () => {
    expect(put("♪ sing ♪", "la la land", 0, 5)).toEqual(["♪ la la ♪ land", { from: 2, to: 7 }]);
    expect(put("CAPITALS", "so big", 3, 6)).toEqual(["so BIG", { from: 0, to: 3 }]);
  });

  it("lands where the cursor is", () => {
    const box = document.createElement("textarea");
    document.body.append(box);
    box.value = "Hello there";
    box.setSelectionRange(5, 5);
    const heard: string[] = [];
    box.addEventListener("input", () => heard.push(box.value));
    insert(cue("[sighs]"), box);
    expect([box.value, heard]).toEqual(["Hello [sighs] there", ["Hello [sighs] there"]]);
    expect(document.activeElement).toBe(box);
    box.remove();
  });
});

describe("what is sent", () => {
  const values: Values = { speed: 1.5, text_temp: 0.9, waveform_temp: 0, seed: 7, extra: '{"top_k": 5}' };

  it("is the text and its voice, and nothing that is at default", () => {
    expect(inputOf(ask({}), to("suno/bark"))).toEqual({
      ...{ task: "text_to_speech", model: "suno/bark", text: "Hello.", extra_body: {} },
    });
    const asked = ask({ seed_locked: true }, { voice: " v2/en_speaker_6 " });
    expect(inputOf(asked, to("suno/bark")).extra_body).toEqual({ voice: "v2/en_speaker_6" });
  });

  it("leaves out what the family or the provider ignores, and says why", () => {
    expect(inputOf(ask(values), to("suno/bark")).extra_body).toEqual({
      text_temp: 0.9,
      waveform_temp: 0,
      top_k: 5,
    });
    expect(inputOf(ask(values), to("kokoro")).extra_body).toEqual({ speed: 1.5, top_k: 5 });
    expect(ignored("speed", to("suno/bark"))).toBe("Bark has one pace. The player has a speed.");
    expect(ignored("seed", to("dia", { ignored: ["seed"] }))).toBe("fal-ai ignores seeds.");
    expect(ignored("speed", to("someone/voice"))).toContain("not known");
    expect(ignored("speed", to("someone/voice", { kind: "server" }))).toBeUndefined();
    expect(ignored("text_temp", to("kokoro"))).toBe("Only Bark has this temperature.");
    expect(inputOf(ask({}, { voice: "x" }), to("kokoro", { ignored: ["voice"] })).extra_body).toEqual({});
  });

  it("counts what is set, and shows Bark's temperatures at Bark alone", () => {
    expect([countSet(values, to("suno/bark")), countSet(values, to("kokoro"))]).toEqual([3, 2]);
    expect(numbersOf(familyOf("suno/bark")).map(({ key }) => key)).toEqual([
      "speed",
      "text_temp",
      "waveform_temp",
    ]);
    expect(numbersOf(familyOf("kokoro")).map(({ key }) => key)).toEqual(["speed"]);
  });

  it("gives back what the tab must hold to ask the same again", () => {
    const asked = ask({ text_temp: 0.9, extra: '{\n  "top_k": 5\n}' }, { voice: "announcer" });
    expect(askedBy(inputOf(asked, to("suno/bark")))).toEqual(asked);
    expect(askedBy({ task: "text_to_speech", model: "", text: "a" })).toEqual({
      ...{ model: "", text: "a", voice: "", values: {} },
    });
  });

  it("keeps extra JSON that is broken to itself", () => {
    expect(inputOf(ask({ extra: "{" }), to("kokoro")).extra_body).toEqual({});
  });
});

it("says how long a text will last, and in how many parts", () => {
  expect([lengthWords(" "), lengthWords("a")]).toEqual(["", "1 character, about 1 s"]);
  expect(lengthWords("a".repeat(280), 13)).toBe("280 characters, about 20 s in 2 parts");
  expect(lengthWords("a".repeat(14_000))).toBe("14,000 characters, about 16:40 min");
});
