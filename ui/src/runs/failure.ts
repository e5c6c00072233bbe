// What a refused call rejects with, made safe to show.
import type { Error as Failure } from "../bindings";
import { ERRORS } from "./errors";

/** The contract's error, or one of ours around anything else. */
export function asFailure(reason: unknown): Failure {
  if (isFailure(reason)) return reason;
  const detail = String(reason);
  return { code: "internal", message: "Limerick could not do this.", detail };
}

function isFailure(reason: unknown): reason is Failure {
  if (typeof reason !== "object" || reason === null || !("message" in reason)) return false;
  return "code" in reason && typeof reason.code === "string" && reason.code in ERRORS;
}
