// Builds the page that measures the renderer; it is no part of the app.
import { defineConfig, mergeConfig } from "vitest/config";
import app from "./vite.config";

export default defineConfig((env) =>
  mergeConfig(app(env), { build: { outDir: "node_modules/.bench", rollupOptions: { input: "bench.html" } } }),
);
