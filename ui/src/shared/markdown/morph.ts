// Makes an element's children equal to others while keeping what is equal already, so that a selection in the
// tail of a stream survives its updates and only what changed is laid out again.

/** Elements that are put in as they are, because something holds on to them. */
export const whole = new WeakSet<Node>();

function patchAttributes(old: Element, next: Element): void {
  for (const { name } of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of next.attributes) {
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
}

function patch(old: Node, next: Node): boolean {
  if (old instanceof Text && next instanceof Text) {
    if (next.data === old.data) return true;
    if (next.data.startsWith(old.data)) old.appendData(next.data.slice(old.length));
    else old.data = next.data;
    return true;
  }
  if (!(old instanceof Element && next instanceof Element) || whole.has(next)) return false;
  if (old.nodeName !== next.nodeName) return false;
  patchAttributes(old, next);
  morph(old, next);
  return true;
}

/** Makes `parent`'s children those of `wanted`, which is used up. */
export function morph(parent: Node, wanted: Node): void {
  let old = parent.firstChild;
  for (const next of [...wanted.childNodes]) {
    const following: ChildNode | null = old?.nextSibling ?? null;
    if (!old) parent.appendChild(next);
    else if (!patch(old, next)) parent.replaceChild(next, old);
    old = following;
  }
  while (old) {
    const following: ChildNode | null = old.nextSibling;
    parent.removeChild(old);
    old = following;
  }
}
