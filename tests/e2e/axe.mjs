// What axe finds in the page by its rules of WCAG 2.0 to 2.2, A and AA.
import axe from "axe-core";

/** Runs in the page: what axe finds once no colour changes any more, one line a violation. */
function runAxe(done) {
  const frame = () => new Promise((then) => requestAnimationFrame(then));
  const settle = async () => {
    for (let n = 0; n < 2; n++) await frame();
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
    await frame();
  };
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  settle()
    .then(() => window.axe.run(document, { runOnly: tags, resultTypes: ["violations"] }))
    .then(({ violations }) =>
      done(
        violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary}`),
        ),
      ),
    )
    .catch((reason) => done([String(reason)]));
}

/** What is wrong in both themes, one line a violation; the theme is the one before, afterwards. */
export async function violationsIn(app, what) {
  await app.page.executeScript(`if (!window.axe) { ${axe.source} }`);
  const before = await app.page.executeScript("return document.documentElement.dataset.theme");
  const found = [];
  for (const theme of ["light", "dark"]) {
    await app.page.executeScript("document.documentElement.dataset.theme = arguments[0]", theme);
    for (const line of await app.page.executeAsyncScript(runAxe)) found.push(`${what}, ${theme}: ${line}`);
  }
  await app.page.executeScript("document.documentElement.dataset.theme = arguments[0]", before);
  return found;
}
