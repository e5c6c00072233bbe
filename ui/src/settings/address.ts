// Addresses that a person types: whether they can be one, and where they lead.

/** What is wrong with a server's address, in one sentence; empty when nothing is. */
export function addressProblem(address: string): string {
  const typed = address.trim();
  if (typed === "") return "Give the server's address.";
  if (!URL.canParse(typed)) return "This is not an address; it looks like http://localhost:8080.";
  const { protocol, username } = new URL(typed);
  if (protocol !== "http:" && protocol !== "https:") return "It must begin with http:// or https://.";
  return username ? "Leave the name and password out; the key has its own place." : "";
}

/** What is wrong with a Space's id or address; empty when nothing is. */
export function spaceProblem(place: string): string {
  const typed = place.trim();
  if (typed === "") return "Give the Space's name or address.";
  const address = /^https?:/i.test(typed) && URL.canParse(typed);
  const id = /^[\w.-]+\/[\w.-]+$/.test(typed);
  return address || id ? "" : "It looks like owner/name, or like https://huggingface.co/spaces/owner/name.";
}

/** What is wrong with a proxy's address; empty when nothing is, or when there is none. */
export function proxyProblem(address: string): string {
  const typed = address.trim();
  const fits = URL.canParse(typed) && /^(?:https?|socks5h?):$/.test(new URL(typed).protocol);
  return typed === "" || fits ? "" : "It looks like http://proxy:3128 or socks5://localhost:1080.";
}

/** The origin of an address; empty while it is none. */
export function originOf(address: string): string {
  return URL.canParse(address.trim()) ? new URL(address.trim()).origin : "";
}
