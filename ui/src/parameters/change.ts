// How the values of a parameter column change: what is not set is not there.

/** Sets a value, or takes it away. */
export function change<T extends object, K extends keyof T>(
  values: T,
  key: K,
  value: T[K] | undefined,
): void {
  if (value === undefined) delete values[key];
  else values[key] = value;
}

/** Sets everything back to default. */
export function reset(values: object): void {
  for (const key of Object.keys(values)) delete (values as Record<string, unknown>)[key];
}
