// Which addresses an answer may offer, and how they are shown.

const ALLOWED = new Set(["http:", "https:", "mailto:"]);

/** The address as the browser would read it, when it may be opened at all: http, https or mailto. */
export function safeLink(address: string): URL | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url && ALLOWED.has(url.protocol) ? url : undefined;
}

/** Where a picture would be fetched from, in words. */
export function pictureSource(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "data:") return "in the text";
  return url?.host ? `from ${url.host}` : "from an unknown place";
}
