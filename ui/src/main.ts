// The page's start: finds the host, takes up what was left, shows the window.
import { mount } from "svelte";
import App from "./App.svelte";
import "./frame/base.css";
import { setHost } from "./host/host";
import { tauri } from "./host/tauri";
import { asFailure } from "./runs/failure";
import { start } from "./start";

async function main(): Promise<void> {
  // In a plain browser, while developing, a scripted host stands in; a built page has only the real one.
  if (import.meta.env.DEV && !("__TAURI_INTERNALS__" in window)) {
    const { makeFake } = await import("./host/fake");
    const pictures = Number(new URLSearchParams(location.search).get("pictures"));
    setHost(makeFake({ pictures, samples: true, sound: { live: true } }));
  } else setHost(tauri);
  const problem = await start().then(() => undefined, asFailure);
  const target = document.getElementById("app");
  if (target) mount(App, { target, props: { problem } });
}

void main();
