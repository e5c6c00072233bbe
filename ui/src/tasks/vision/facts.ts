// What will be sent of a picture, in words.
import type { PictureFacts, PreparedPicture } from "../../bindings";
import { bytesOf } from "../../shared/figures";

const whole = new Intl.NumberFormat();

/** "1,365 tokens". */
function tokens(count: number): string {
  return `about ${whole.format(count)} ${count === 1 ? "token" : "tokens"}`;
}

/** "4032 × 3024 → 1024 × 768, 143 kB, about 765 tokens"; an unchanged picture names its size once. */
export function sentAs(facts: PictureFacts, ready: PreparedPicture): string {
  const sent = `${ready.width} × ${ready.height}`;
  const larger = facts.width * facts.height > ready.width * ready.height;
  const size = larger ? `${facts.width} × ${facts.height} → ${sent}` : sent;
  return `${size}, ${bytesOf(ready.bytes)}, ${tokens(ready.tokens)}`;
}

/** "3 pictures, 412 kB, about 2,295 tokens in all". */
export function inAll(ready: PreparedPicture[]): string {
  const bytes = ready.reduce((sum, each) => sum + each.bytes, 0);
  const count = ready.reduce((sum, each) => sum + each.tokens, 0);
  return `${ready.length} pictures, ${bytesOf(bytes)}, ${tokens(count)} in all`;
}
