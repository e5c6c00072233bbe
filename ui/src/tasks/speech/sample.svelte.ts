// A sample of a voice: a short sentence in its language, said at once. It is a run like any other, kept in History,
// and no take of the list.
import { connections } from "../../connections/connections.svelte";
import { models } from "../../models/models.svelte";
import { toast } from "../../shared/toasts.svelte";
import { Aloud, type AloudState } from "./aloud.svelte";
import { hearing } from "./hearing.svelte";
import { inputOf } from "./request";
import { speech, TASK } from "./speech.svelte";
import { Take } from "./take.svelte";

const SENTENCES: Record<string, string> = {
  en: "Hello! This is how I sound.",
  de: "Hallo! So klinge ich.",
  es: "¡Hola! Así suena mi voz.",
  fr: "Bonjour ! Voici ma voix.",
  hi: "नमस्ते! मेरी आवाज़ ऐसी है।",
  it: "Ciao! Questa è la mia voce.",
  ja: "こんにちは。これが私の声です。",
  ko: "안녕하세요. 제 목소리입니다.",
  pl: "Cześć! Tak brzmi mój głos.",
  pt: "Olá! Esta é a minha voz.",
  ru: "Привет! Вот так я звучу.",
  tr: "Merhaba! Sesim böyle.",
  zh: "你好！这是我的声音。",
};

class Sample {
  readonly #aloud = new Aloud();

  /** What a sample costs, one sentence. */
  get cost(): string {
    const { kind, name } = connections.current;
    if (kind === "builtin") return "Hear it: the voice says a short sentence.";
    return `Hear it: ${name} is asked for a short sentence, which can cost what a run costs.`;
  }

  /** Where the sample of a voice stands. */
  stateOf(voice: string): AloudState {
    return this.#aloud.stateOf(this.#key(voice));
  }

  /** Says a sentence with a voice, or stops it. */
  press(voice: string, language: string | undefined): void {
    const key = this.#key(voice);
    this.#aloud.press(key, key, () => this.#make(voice, language));
  }

  #key(voice: string): string {
    return `${connections.current.id} ${speech.model} ${voice}`;
  }

  #make(voice: string, language: string | undefined): Take | undefined {
    if (speech.obstacle) {
      toast(speech.obstacle);
      return undefined;
    }
    const text = SENTENCES[language?.split("-")[0] ?? "en"] ?? SENTENCES.en ?? "";
    const { provider } = models.chosen(TASK);
    const take: Take = new Take("", { heard: (each) => told(each) });
    const asked = { model: models.chosen(TASK).model, text, voice, values: {} };
    take.start([inputOf(asked, speech.destination)], {
      connection: connections.current.id,
      ...(provider ? { provider } : {}),
    });
    return this.#aloud.hear(take);
  }
}

function told(take: Take): void {
  hearing.heard(take);
  const error = take.cells.find(({ run }) => run.phase === "failed")?.run.error;
  if (error) toast(error.message);
}

/** The samples of voices. */
export const sample = new Sample();
