// How the UI is built: one page, embedded in the binary from ../dist.
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  // In tests Svelte must be its browser build.
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  build: {
    outDir: "../dist",
    emptyOutDir: true,
    target: "safari16",
    // The page's policy allows no data: scripts or fonts.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 400,
  },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"] },
});
