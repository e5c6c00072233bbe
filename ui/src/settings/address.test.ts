// Which addresses Settings takes.
import { describe, expect, it } from "vitest";
import { addressProblem, originOf, proxyProblem, spaceProblem } from "./address";

describe("a server's address", () => {
  it("is http or https, with a port and a path or without", () => {
    for (const good of ["http://localhost:11434/v1", " https://example.org ", "http://[::1]:8080"]) {
      expect(addressProblem(good)).toBe("");
    }
  });

  it("is refused in plain words otherwise", () => {
    for (const bad of ["", "localhost", "ftp://example.org", "javascript:x", "http://me:pw@example.org"]) {
      expect(addressProblem(bad)).not.toBe("");
    }
  });

  it("has an origin that a key is bound to", () => {
    expect(originOf("https://example.org/v1")).toBe(originOf("https://example.org:443"));
    expect(originOf("nonsense")).toBe("");
  });
});

describe("a proxy's address", () => {
  it("may be missing, http or socks5", () => {
    for (const good of ["", "http://proxy:3128", "socks5://localhost:1080"])
      expect(proxyProblem(good)).toBe("");
    for (const bad of ["proxy", "file:///x"]) expect(proxyProblem(bad)).not.toBe("");
  });
});

describe("a Space", () => {
  it("is owner/name, its page, or its own address", () => {
    for (const good of ["a/b-1.5", "https://huggingface.co/spaces/a/b", "http://127.0.0.1:7860"])
      expect(spaceProblem(good)).toBe("");
    for (const bad of ["", "a", "a b/c", "a/b/c"]) expect(spaceProblem(bad)).not.toBe("");
  });
});
