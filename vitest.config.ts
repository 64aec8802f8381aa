import { statSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Long files first, so that none is left running alone at the end: the length of a file tells its time, but for
 * those that start and kill processes, which wait more than they say.
 */
class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const weight = ({ moduleId }: TestSpecification) =>
      statSync(moduleId).size * (/tests\/(?:faults|queue)\//.test(moduleId) ? 3 : 1);
    return files.toSorted((a, b) => weight(b) - weight(a));
  }
}

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
    sequence: { sequencer: LongFirst },
    globalSetup: ["tests/setup.ts"],
    reporters: ["default", "./tests/reporter.ts"],
  },
});
