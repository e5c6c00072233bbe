// A picture that is dropped, pasted or picked: offered, taken, or refused in words.
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PictureFacts } from "../bindings";
import { type Fake, makeFake } from "../host/fake";
import { setHost } from "../host/host";
import DropPicture from "./DropPicture.svelte";

const plain: PictureFacts = {
  ...{ address: "media:x.png", media_type: "image/png", width: 64, height: 64, bytes: 4 },
};
const told: PictureFacts = { ...plain, settings: { prompt: "an owl and a hen", software: "AUTOMATIC1111" } };
const children = createRawSnippet(() => ({
  render: () => `<div><textarea aria-label="Prompt"></textarea></div>`,
}));
let fake: Fake;

function show(facts: PictureFacts | { code: "input"; message: string }) {
  const answer = async () => ("code" in facts ? Promise.reject(facts) : facts);
  fake.putPicture = vi.fn(answer);
  fake.call = answer as unknown as Fake["call"];
  const on = { onsettings: vi.fn(), onstart: vi.fn() };
  const { component } = render(DropPicture, { ...on, what: "Drop it here", children });
  return { ...on, component };
}

/** What a drag or a paste brings. */
function files(...list: File[]) {
  return { files: list, types: list.length ? ["Files"] : ["text/plain"] };
}
const png = (name = "a.png") => new File(["abcd"], name, { type: "image/png" });

describe("taking a picture in", () => {
  beforeEach(() => {
    fake = makeFake();
    setHost(fake);
  });
  afterEach(cleanup);

  it("says what will happen while a file is dragged over, and not for words", async () => {
    show(plain);
    const target = screen.getByTestId("drop-picture");
    await fireEvent.dragEnter(target, { dataTransfer: files() });
    expect(screen.queryByText("Drop it here")).toBeNull();
    await fireEvent.dragEnter(target, { dataTransfer: files(png()) });
    expect(screen.getByText("Drop it here")).toBeTruthy();
    await fireEvent.dragLeave(target, { dataTransfer: files(png()) });
    expect(screen.queryByText("Drop it here")).toBeNull();
  });

  it("offers the settings that a file tells, and takes neither by itself", async () => {
    const { onsettings, onstart } = show(told);
    await fireEvent.drop(screen.getByTestId("drop-picture"), { dataTransfer: files(png()) });
    const open = await screen.findByRole("button", { name: "Open with its settings" });
    expect(screen.getByText("an owl and a hen")).toBeTruthy();
    expect(onstart).not.toHaveBeenCalled();
    await fireEvent.click(open);
    expect(onsettings).toHaveBeenCalledWith(told);
    expect(screen.queryByTestId("dropped")).toBeNull();
  });

  it("takes a picture that tells nothing as the start picture at once", async () => {
    const { onstart } = show(plain);
    await fireEvent.paste(document.body, { clipboardData: files(png()) });
    await waitFor(() => expect(onstart).toHaveBeenCalledWith(plain));
  });

  it("refuses what is no picture in the words of the error, until that is closed", async () => {
    const { onstart } = show({ code: "input", message: "This file is no picture." });
    await fireEvent.drop(screen.getByTestId("drop-picture"), {
      dataTransfer: files(new File(["x"], "a.txt")),
    });
    expect((await screen.findByRole("alert")).textContent).toBe("This file is no picture.");
    expect(onstart).not.toHaveBeenCalled();
    await fireEvent.click(screen.getByRole("button", { name: "Close" }));
    expect(screen.queryByRole("alert")).toBeNull();
  });

  it("refuses a huge file before it is read", async () => {
    show(plain);
    const huge = png();
    Object.defineProperty(huge, "size", { value: 200_000_000 });
    await fireEvent.drop(screen.getByTestId("drop-picture"), { dataTransfer: files(huge) });
    expect((await screen.findByRole("alert")).textContent).toContain("larger than");
    expect(fake.putPicture).not.toHaveBeenCalled();
  });

  it("leaves words that are pasted into a field to the field", async () => {
    const { onstart } = show(plain);
    const clipboardData = { files: [png()], types: ["text/plain", "Files"] };
    await fireEvent.paste(screen.getByLabelText("Prompt"), { clipboardData });
    expect(fake.putPicture).not.toHaveBeenCalled();
    expect(onstart).not.toHaveBeenCalled();
  });

  it("puts the focus on the first choice after a file was picked by hand", async () => {
    const { component } = show(told);
    await (component as unknown as { pick: () => Promise<void> }).pick();
    expect(document.activeElement?.textContent).toContain("Open with its settings");
  });

  it("takes several one after another where several are wanted, and says what is wrong with one of them", async () => {
    fake.putPicture = vi.fn(async (bytes: Uint8Array) =>
      bytes.length === 1 ? Promise.reject({ code: "input", message: "This is no picture." }) : plain,
    );
    const onstart = vi.fn();
    render(DropPicture, { onstart, several: true, children });
    const broken = new File(["x"], "b.png", { type: "image/png" });
    await fireEvent.drop(screen.getByTestId("drop-picture"), {
      dataTransfer: files(png(), broken, png("c.png")),
    });
    await waitFor(() => expect(onstart).toHaveBeenCalledTimes(2));
    expect(screen.getByRole("alert").textContent).toBe("This is no picture.");
  });
});
