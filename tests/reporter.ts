import type { Reporter, TestModule } from "vitest/node";

/** Closes the run with plain totals, and says aloud how much was skipped because ../shared is absent. */
export default class Totals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    let unshared = 0;
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed" || state === "failed" || state === "skipped") count[state]++;
        if (state === "skipped" && test.fullName.includes("[needs ../shared/")) unshared++;
      }
    }
    if (unshared > 0) {
      console.log(
        `${unshared} tests need ../shared, which is absent: skipped (CHECK_SHARED=1 makes that a failure)`,
      );
    }
    console.log(`${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
  }
}
