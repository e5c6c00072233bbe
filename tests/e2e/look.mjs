// Runs inside the page: finds what a person or a screen reader would find. Each function stands alone, since it
// travels to the page as text.

/** The first visible element with this role whose accessible name matches. */
export function findInPage(role, source, flags, within) {
  const selectors = {
    button: "button, [role=button], summary",
    textbox: "textarea, input:not([type]), input[type=text], input[type=search], input[type=password], input[type=url], input[type=number], [role=textbox], [contenteditable=true]",
    link: "a[href], [role=link]",
    tab: "[role=tab]",
    radio: "input[type=radio], [role=radio]",
    checkbox: "input[type=checkbox], [role=checkbox], [role=switch]",
    combobox: "select, [role=combobox]",
    slider: "input[type=range], [role=slider]",
    option: "option, [role=option]",
    menuitem: "[role^=menuitem]",
    dialog: "dialog, [role=dialog], [role=alertdialog]",
    heading: "h1, h2, h3, h4, [role=heading]",
    listitem: "li, [role=listitem], [role=row]",
    region: "section, main, nav, aside, article, [role=region], [role=group], [role=log]",
    alert: "[role=alert], [role=status]",
  };
  const pattern = new RegExp(source, flags);
  const words = (ids) => ids.split(/\s+/).map((id) => document.getElementById(id)?.innerText ?? "").join(" ");
  const nameOf = (element) => {
    const by = element.getAttribute("aria-labelledby");
    if (element.ariaLabel) return element.ariaLabel;
    if (by) return words(by);
    const labels = [...(element.labels ?? [])].map((label) => label.innerText).join(" ");
    if (labels.trim()) return labels;
    return element.innerText?.trim() || element.title || element.placeholder || "";
  };
  const root = within ? document.querySelector(within) : document;
  for (const element of root?.querySelectorAll(selectors[role] ?? role) ?? []) {
    if (element.checkVisibility({ visibilityProperty: true }) && pattern.test(nameOf(element))) return element;
  }
  return null;
}

/** Names of all visible elements of a role, for a failing test's message. */
export function namesInPage(role) {
  const tag = { textbox: "textarea, input", button: "button", link: "a" }[role] ?? `[role=${role}]`;
  return [...document.querySelectorAll(tag)]
    .filter((element) => element.checkVisibility())
    .map((element) => element.ariaLabel || element.innerText || element.placeholder || element.id);
}

/** Whether the page shows words that match. */
export function seeInPage(source, flags) {
  return new RegExp(source, flags).test(document.body.innerText);
}
