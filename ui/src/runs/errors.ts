// What the UI says and does for each error: one row a code, complete by type.
import type { ErrorCode, Error as Failure } from "../bindings";

/** The one thing a card's button does. */
export type Remedy =
  | "key"
  | "page"
  | "billing"
  | "model"
  | "edit"
  | "retry"
  | "continue"
  | "connections"
  | "online";

/** One row of the table. */
export interface ErrorWords {
  /** What happened, in a few words. */
  title: string;
  /** What to do next, one sentence. */
  advice: string;
  /** What the button does. */
  remedy: Remedy;
  /** What the button says. */
  action: string;
  /** The advice where the remedy cannot be had; trying again is then what the button does. */
  otherwise?: string;
}

/** Code → words. */
export const ERRORS: Record<ErrorCode, ErrorWords> = {
  auth: {
    title: "The key was not accepted",
    advice: "Check the key of this connection.",
    remedy: "key",
    action: "Set the key",
  },
  gated: {
    title: "The model wants its terms accepted",
    advice: "Accept them on its page with the account of your token, then run again.",
    remedy: "page",
    action: "Open its page",
    otherwise: "Accept them where the model comes from, then run again.",
  },
  credits: {
    title: "No credit left",
    advice: "Add credit, or pick a model that is free, such as a built-in one.",
    remedy: "billing",
    action: "Open billing",
  },
  model: {
    title: "This model cannot answer here",
    advice: "Pick another model or provider.",
    remedy: "model",
    action: "Pick a model",
  },
  input: {
    title: "The request was refused",
    advice: "Change what it complains about, then run again.",
    remedy: "edit",
    action: "Change it",
  },
  limit: {
    title: "Too many requests",
    advice: "Wait a little, then try again.",
    remedy: "retry",
    action: "Try again",
  },
  loading: {
    title: "The model is still starting",
    advice: "It is usually ready within two minutes.",
    remedy: "retry",
    action: "Try again",
  },
  network: {
    title: "No connection",
    advice: "Check the network and the server's address, then try again.",
    remedy: "retry",
    action: "Try again",
  },
  timeout: {
    title: "No answer in time",
    advice: "Try again, or pick a faster model.",
    remedy: "retry",
    action: "Try again",
  },
  provider: {
    title: "The provider failed",
    advice: "Try again, or pick another provider.",
    remedy: "retry",
    action: "Try again",
  },
  format: {
    title: "The answer could not be read",
    advice: "Check that the address is one of a model server.",
    remedy: "connections",
    action: "Open connections",
  },
  incomplete: {
    title: "The answer ended too early",
    advice: "What came is kept; go on from there.",
    remedy: "continue",
    action: "Continue",
    otherwise: "Try again.",
  },
  refused: {
    title: "The provider declined",
    advice: "Say it in other words, or pick another model.",
    remedy: "edit",
    action: "Change it",
  },
  offline: {
    title: "Limerick is offline",
    advice: "Go online, or use a built-in model.",
    remedy: "online",
    action: "Go online",
  },
  disk: {
    title: "The disk is full",
    advice: "Old runs can be deleted in History.",
    remedy: "retry",
    action: "Try again",
  },
  internal: {
    title: "Something went wrong here",
    advice: "Try again; the details help if it happens twice.",
    remedy: "retry",
    action: "Try again",
  },
};

/** The error's sentence, without the title where it begins with that: a card says nothing twice. */
export function sentence(error: Failure): string {
  const start = `${ERRORS[error.code].title}: `;
  return error.message.startsWith(start) ? error.message.slice(start.length) : error.message;
}

/** What "Copy details" puts on the clipboard: never a key, for the back end masks them. */
export function details(error: Failure): string {
  const lines = [
    `${ERRORS[error.code].title}: ${sentence(error)}`,
    `code: ${error.code}`,
    error.status === undefined ? "" : `status: ${error.status}`,
    error.provider ? `provider: ${error.provider}` : "",
    error.next_provider ? `next provider: ${error.next_provider}` : "",
    error.page ? `page: ${error.page}` : "",
    error.field ? `field: ${error.field}` : "",
    error.request_id ? `request id: ${error.request_id}` : "",
    error.retry_after === undefined ? "" : `retry after: ${error.retry_after} s`,
    error.detail ?? "",
  ];
  return lines.filter(Boolean).join("\n");
}
