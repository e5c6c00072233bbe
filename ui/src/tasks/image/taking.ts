// Takes over into the tab what a picture was made with. Only this changes settings; looking never does.
import type { Run as Stored } from "../../bindings";
import { connections } from "../../connections/connections.svelte";
import { host } from "../../host/host";
import { models } from "../../models/models.svelte";
import { asFailure } from "../../runs/failure";
import { isPainting } from "../../runs/output";
import { toast } from "../../shared/toasts.svelte";
import { image } from "./image.svelte";
import { type Asked, askedBy, askedByFile } from "./request";

/** What is taken over. */
export type Taken = "all" | "prompt" | "seed";

/** Where it is known from: the run, else the file itself. */
export interface Source {
  run: string;
  /** The `media:` address. */
  address: string;
}

/** Takes over what a picture was made with: all of it, its words, or its seed. */
export async function takeOver(what: Taken, { run, address }: Source): Promise<void> {
  const stored = await host()
    .call("run", { id: run })
    .catch(() => undefined);
  const asked =
    stored && isPainting(stored.input) ? askedBy(stored.input, stored.model) : await byFile(address);
  if (!asked) toast("Nothing is known of how this picture was made.");
  else if (what === "prompt") image.usePrompt(asked);
  else if (what === "seed") useSeed(asked, stored);
  else await useAll(asked, stored);
}

/** Makes a picture the start picture. */
export async function beginWith(address: string): Promise<void> {
  try {
    image.start = await host().call("picture", { address });
  } catch (reason) {
    toast(asFailure(reason).message);
  }
}

/** A start picture of the last time may be gone: a file that no run names is not kept for ever. */
export async function checkStart(): Promise<void> {
  if (image.start && !(await factsOf(image.start.address))) image.start = undefined;
}

function useSeed(asked: Asked, stored: Stored | undefined): void {
  const told = stored && "images" in stored.output ? stored.output.seed : undefined;
  const seed = asked.values.seed ?? told;
  if (seed === undefined) toast("No seed is known of this picture.");
  else image.useSeed(seed);
}

/** The model and its connection belong to it, as far as they are still there. */
async function useAll(asked: Asked, stored: Stored | undefined): Promise<void> {
  const start = asked.start === undefined ? undefined : await factsOf(asked.start);
  if (asked.start !== undefined && !start) toast("The start picture is no longer here.");
  image.use(asked, start);
  if (!stored || !connections.list.some((each) => each.id === stored.connection)) return;
  connections.use(stored.connection);
  models.pickModel(stored.connection, image.task, asked.model);
  models.pickProvider(stored.connection, image.task, stored.provider);
}

async function byFile(address: string): Promise<Asked | undefined> {
  const settings = (await factsOf(address))?.settings;
  return settings && askedByFile(settings);
}

function factsOf(address: string) {
  return host()
    .call("picture", { address })
    .catch(() => undefined);
}
