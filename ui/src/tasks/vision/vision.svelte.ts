// Vision's threads about pictures, and how pictures come into them.
import type { PictureFacts } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { Chat } from "../../conversations/chat.svelte";
import { host } from "../../host/host";
import { models } from "../../models/models.svelte";
import { asFailure } from "../../runs/failure";
import { toast } from "../../shared/toasts.svelte";
import { how, type Mode } from "./how.svelte";
import { type For, type Preparation, preparations } from "./preparations.svelte";
import { inputOf } from "./ways";

/** So many pictures go with one question. */
export const MOST = 16;

class Vision {
  /** The threads. */
  readonly chat: Chat = new Chat({
    kind: "vision",
    kept: {
      drafts: "visionDrafts",
      pictures: "visionPictures",
      system: "visionSystem",
      open: "visionThread",
    },
    get task() {
      return how.task;
    },
    get wordless() {
      return how.way === "caption";
    },
    get continues() {
      return how.way === "chat";
    },
    get obstacle() {
      return how.obstacle || vision.obstacle;
    },
    ready: (pictures) => pictures.flatMap((picture) => vision.ready(picture)),
    ask: () => {
      how.drawSeed();
      const { model, provider } = models.chosen(how.task);
      const input = inputOf(how.way, model, how.sent, how.destination);
      return { connection: connections.current.id, provider, input };
    },
  });

  /** One picture after another, or a folder of them. */
  get mode(): Mode {
    return how.mode;
  }
  set mode(mode: Mode) {
    how.mode = mode;
  }

  /** What pictures are made ready for. */
  get to(): For {
    return { ...how.preparing, model: how.model };
  }

  /** How far a drafted picture is. */
  preparation({ address }: PictureFacts): Preparation | undefined {
    return preparations.of(address, this.to);
  }

  /** The address to send for a picture; none while it is not ready. */
  ready(picture: PictureFacts): string[] {
    const made = this.preparation(picture);
    return made && "ready" in made ? [made.ready.address] : [];
  }

  /** What keeps the drafted pictures from being sent, one sentence; empty when nothing does. */
  get obstacle(): string {
    const { pictures, conversation, draft } = this.chat;
    if (pictures.length === 0) return conversation || draft.trim() === "" ? "" : "Add a picture first.";
    const made = pictures.map((picture) => this.preparation(picture));
    if (made.some((each) => each && "failed" in each)) return "Remove the picture that cannot be sent.";
    if (made.includes(undefined)) return "Making the pictures ready…";
    const single = how.way === "caption" || how.way === "question";
    return single && pictures.length > 1 ? "This way takes one picture at a time." : "";
  }

  /** Adds a picture to what will be sent. */
  add({ settings: _, ...picture }: PictureFacts): void {
    if (this.chat.pictures.some(({ address }) => address === picture.address)) return;
    if (this.chat.pictures.length < MOST) this.chat.pictures = [...this.chat.pictures, picture];
    else toast(`${MOST} pictures at most go with one question.`);
  }

  /** Takes one away. */
  remove(address: string): void {
    this.chat.pictures = this.chat.pictures.filter((picture) => picture.address !== address);
  }

  /** Gives one another place: `-1` earlier, `1` later. */
  move(address: string, step: -1 | 1): void {
    const pictures = [...this.chat.pictures];
    const at = pictures.findIndex((picture) => picture.address === address);
    const [moved] = pictures.splice(at, 1);
    if (moved) pictures.splice(Math.max(0, at + step), 0, moved);
    this.chat.pictures = pictures;
  }

  /** Adds pictures that are known by their `media:` addresses. */
  async bring(addresses: string[]): Promise<void> {
    for (const address of addresses)
      await host()
        .call("picture", { address })
        .then((facts) => this.add(facts))
        .catch((reason: unknown) => toast(asFailure(reason).message));
  }

  /** Asks about a picture in a new thread; what is in the way leaves it drafted. */
  async begin(picture: PictureFacts, words: string): Promise<void> {
    this.chat.fresh();
    this.chat.pictures = [];
    this.add(picture);
    this.chat.draft = words;
    await preparations.want(picture.address, this.to);
    this.chat.send();
  }

  /** Begins a thread about pictures from elsewhere; those that waited for one can be had back. */
  async take(addresses: string[]): Promise<void> {
    this.mode = "ask";
    this.chat.fresh();
    const before = this.chat.pictures;
    this.chat.pictures = [];
    await this.bring(addresses);
    if (before.length > 0)
      toast("The pictures that waited here were replaced.", { action: this.#back(before) });
  }

  #back(pictures: PictureFacts[]) {
    const run = () => {
      this.chat.fresh();
      this.chat.pictures = pictures;
    };
    return { label: "Undo", run };
  }
}

/** Vision's threads. */
export const vision = new Vision();
