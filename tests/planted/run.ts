import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { faults, type PlantedFault } from "./faults.ts";

/**
 * Plants each fault in a copy of the program and runs the tests that must notice it. Exit 1 when one stays
 * unnoticed: then a test is missing, or the fault's place has moved.
 */
const root = fileURLToPath(new URL("../../", import.meta.url));
const parts = [
  "boot",
  "config",
  "migrations",
  "src",
  "tests",
  "workers",
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
];

function copyProgram(): string {
  const copy = join(mkdtempSync(join(tmpdir(), "molva-planted-")), "program");
  mkdirSync(copy);
  for (const part of parts) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  symlinkSync(join(root, "../shared"), join(copy, "../shared"));
  return copy;
}

/** How the tests took it: "noticed", "unnoticed", or why it could not be planted. */
function plant(copy: string, { file, find, replace, tests }: PlantedFault): string {
  const path = join(copy, file);
  const text = readFileSync(path, "utf8");
  const places = text.split(find).length - 1;
  if (places !== 1) return `cannot be planted: its place is there ${places} times`;
  writeFileSync(
    path,
    text.replace(find, () => replace),
  );
  const failed = runTests(copy, tests);
  writeFileSync(path, text);
  if (failed === null) return "the tests did not run";
  return failed === 0 ? "unnoticed" : "noticed";
}

/** How many tests failed, null when none ran. */
function runTests(copy: string, tests: readonly string[]): number | null {
  const run = spawnSync("node", ["node_modules/vitest/vitest.mjs", "run", "--bail=1", ...tests], {
    cwd: copy,
    encoding: "utf8",
  });
  const totals = run.stdout.split("\n").findLast(line => / passed, \d+ failed/.test(line));
  const failed = /(\d+) failed/.exec(totals ?? "")?.[1];
  return failed === undefined ? null : Number(failed);
}

const copy = copyProgram();
const wanted = process.argv[2] ?? "";
const chosen = faults.filter(one => one.invariant.startsWith(wanted));
const sound = runTests(copy, [...new Set(chosen.flatMap(one => one.tests))]);
console.log(
  sound === 0
    ? "without a fault the tests pass"
    : "the tests fail without a fault: what follows proves nothing",
);
let unnoticed = sound === 0 ? 0 : 1;
for (const fault of chosen) {
  const result = plant(copy, fault);
  if (result !== "noticed") unnoticed++;
  console.log(`${result === "noticed" ? "✓" : "✗"} ${fault.invariant}: ${result}`);
}
rmSync(join(copy, ".."), { recursive: true, force: true });
process.exitCode = unnoticed === 0 ? 0 : 1;
