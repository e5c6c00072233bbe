// Makes the tail of a stream presentable: what has only half arrived is completed or held back, so that the
// page does not flicker between signs and their meaning.

/** A last line that may become anything: nothing of it is shown yet. */
const BEGUN =
  /(^|\n)[ \t]*(?:>[ \t]*)*(?:[-*+_=#|]{1,6}|\d{1,9}[.)]?|`{1,2}|~{1,2}|`{3,}[^`\n]*|~{3,}[^\n]*|[-*+] \[[ xX]?)?[ \t]*$/;
const HALF_LINK = /!?\[([^\]\n]*)\]\([^)\s]*$/;
const HALF_MARK = /[*~]{1,3}$/;
const FENCE = /^[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)?(?:`{3}|~{3})/gm;

/** Whether a sign stands an odd number of times: pairs close themselves. */
function isOpen(text: string, sign: string): boolean {
  return text.split(sign).length % 2 === 0;
}

/** The tail with its half-arrived end made whole. */
export function mend(source: string): string {
  if ((source.match(FENCE)?.length ?? 0) % 2 === 1) return source;
  const whole = source.replace(BEGUN, "$1").replace(HALF_LINK, "$1");
  const from = Math.max(whole.lastIndexOf("\n\n"), whole.lastIndexOf("\n- "), whole.lastIndexOf("\n* "), 0);
  const [before, end] = [whole.slice(0, from), whole.slice(from).trimEnd()];
  if (!end.includes("```") && isOpen(end, "`"))
    return before + (end.endsWith("`") ? end.slice(0, -1) : `${end}\``);
  const open = isOpen(end, "**") || isOpen(end, "~~");
  const bare = open ? end.replace(HALF_MARK, "").trimEnd() : end;
  return before + bare + (isOpen(bare, "**") ? "**" : "") + (isOpen(bare, "~~") ? "~~" : "");
}
