// What the fake rejects with when a thing is gone.
import type { Error as Failure } from "../../bindings";

/** The refusal for a `what` that nobody knows. */
export function gone(what: string): Failure {
  return { code: "input", message: `This ${what} is no longer here.` };
}
