// What a tab brings to its conversations: what is sent, and where.
import type { ConversationKind, PictureFacts, StartRun } from "../bindings";

/** What differs from tab to tab. */
export interface Asking {
  readonly kind: ConversationKind;
  /** Under which names drafts, pictures, system prompt and the open conversation are kept. */
  readonly kept: { drafts: string; pictures: string; system: string; open: string };
  /** The task under which its models are picked. */
  readonly task: string;
  /** What keeps a run from starting, one sentence; empty when nothing does. */
  readonly obstacle: string;
  /** Pictures are sent without a word. */
  readonly wordless: boolean;
  /** A half answer can be gone on with. */
  readonly continues: boolean;
  /** The addresses to send for pictures that are drafted. */
  ready(pictures: PictureFacts[]): string[];
  /** What is sent; words and pictures of the conversation are put in by Rust. */
  ask(): Omit<StartRun, "id" | "turn">;
}
