// Svelte's own options: runes everywhere.
export default { compilerOptions: { runes: true } };
