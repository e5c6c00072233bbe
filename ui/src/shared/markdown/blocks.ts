// A piece of markdown that stands on its own, and who takes it.

/** The longest tail that is parsed anew at each update, in characters: of a paragraph, whose cut can be seen. */
export const CAP = 2_000;
/** Of a list, a table or a quote, whose cut cannot. */
export const CAP_OF_ROWS = 1_000;

/** A block, or a piece of a giant one. */
export interface Block {
  /** Its markdown. */
  source: string;
  /** It goes on with the block before it: no space between them. */
  joined: boolean;
  /** It stood this many list levels deep before a giant item was cut. */
  depth: number;
  /** The number that its ordered list goes on with. */
  start?: number | undefined;
}

/** Who takes the blocks. */
export interface Sink {
  /** A block is over. */
  sealed(block: Block): void;
  /** A fence opens; its code follows. */
  fenceOpened(info: string, depth: number): void;
  /** More code. */
  fenceText(code: string): void;
  /** The fence is over. */
  fenceClosed(): void;
}
