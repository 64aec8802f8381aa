import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    exclude: ["tests/check/**"],
    testTimeout: 30_000,
    // A hang guard; the first run on a machine may have to install Redis and Chromium in a hook.
    hookTimeout: 180_000,
    pool: "forks",
    maxWorkers: 2,
    // Modules hold no state of their own, so files may share a process: a third of the time was loading them anew.
    isolate: false,
    globalSetup: ["tests/setup.ts"],
    reporters: ["default", "./tests/reporter.ts"],
  },
});
