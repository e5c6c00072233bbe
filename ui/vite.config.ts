// How the UI is built: one page, embedded in the binary from ../dist.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => ({
  plugins: [svelte()],
  // In tests Svelte must be its browser build.
  resolve: mode === "test" ? { conditions: ["browser"] } : {},
  // Languages of the highlighter are files of their own, loaded when they are met.
  worker: { format: "es" },
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "safari16",
    // The page's policy allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
  },
  // A busy machine takes its time; a test that hangs is still ended.
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.ts"],
    setupFiles: ["src/testing/jsdom.ts"],
    testTimeout: 20_000,
  },
}));
