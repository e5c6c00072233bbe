// Faults of access in what a test shows.
import axe from "axe-core";

/** What breaks a rule, each with the places where it does. jsdom has no colours; a part need not lie in a landmark. */
export async function faults(within: Element = document.body): Promise<string[]> {
  const whole = within.querySelector("main") !== null;
  const rules = { "color-contrast": { enabled: false }, region: { enabled: whole } };
  const found = await axe.run(within, { rules });
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target).join(" ")}`);
}
