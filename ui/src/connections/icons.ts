// The picture for each kind of connection.
import Cloud from "@lucide/svelte/icons/cloud";
import Cpu from "@lucide/svelte/icons/cpu";
import Rocket from "@lucide/svelte/icons/rocket";
import Server from "@lucide/svelte/icons/server";
import type { ConnectionKind } from "../bindings";

const ICONS = { builtin: Cpu, hugging_face: Cloud, server: Server, space: Rocket };

/** The picture for a kind. */
export function iconOf(kind: ConnectionKind) {
  return ICONS[kind];
}
