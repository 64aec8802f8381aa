import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { importsOf, readImports, sourceFiles } from "./imports.ts";
import { violations } from "./rules.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

describe("the house", () => {
  const imports = readImports(root);

  it("keeps its walls", () => {
    expect(sourceFiles(root).length).toBeGreaterThan(150);
    expect(imports.length).toBeGreaterThan(500);
    expect(violations(imports)).toEqual([]);
  });

  it.each([
    ["src/domain/x.ts", 'import { readFile } from "node:fs/promises";', "does no I/O"],
    ["src/sources/x.ts", 'import { createNet } from "#net/client.ts";', "sources may not import net"],
    ["src/api/x.ts", 'import { Kysely } from "kysely";', "only store"],
    ["src/pipeline/x.ts", 'import { Queue } from "bullmq";', "only queue"],
    ["src/net/x.ts", 'export { openDb } from "#store/db.ts";', "net may not import store"],
    ["src/store/x.ts", 'import "../domain/item.ts";', "write #room/file.ts"],
    ["src/api/x.ts", 'const late = await import("undici");', "only net"],
    ["src/common/x.ts", 'import { z } from "zod";', "no line in the table"],
  ])("would notice in %s: %s", (from, text, complaint) => {
    expect(violations(importsOf(root, from, text)).join()).toContain(complaint);
  });

  it("would notice a cycle", () => {
    const planted = [
      ...importsOf(root, "src/domain/a.ts", 'import { b } from "./b.ts";'),
      ...importsOf(root, "src/domain/b.ts", 'import type { a } from "./a.ts";'),
    ];
    expect(violations(planted)).toEqual(["cycle: src/domain/a.ts → src/domain/b.ts → src/domain/a.ts"]);
  });
});

describe("sizes", () => {
  const linesOf = (file: string) =>
    readFileSync(root + file, "utf8")
      .split("\n")
      .filter(line => line.trim() !== "").length;
  /** Tables: splitting them would only scatter one list. */
  const reasons: Record<string, string> = {
    "migrations/0001-ground.ts": "one schema, read as a whole",
    "src/store/tables.ts": "the row types of that schema",
    "src/tone/tokens.ts": "one scan over shared buffers",
  };

  it("stay those of files that do one thing", () => {
    const code = sourceFiles(root).filter(file => !/\/(lexicon|texts)\//.test(file));
    const sizes = code.map(file => ({ file, lines: linesOf(file) })).toSorted((a, b) => a.lines - b.lines);
    const median = sizes[Math.floor(sizes.length / 2)]?.lines ?? 0;
    const large = sizes.filter(({ file, lines }) => lines > 250 && !(file in reasons));
    const tests = sourceFiles(root, ["tests"]).map(linesOf);
    const total = (list: readonly number[]) => list.reduce((sum, lines) => sum + lines, 0);
    const ratio = total(tests) / total(sizes.map(({ lines }) => lines));
    console.log(
      `${code.length} files, median ${median} lines, largest ${sizes.at(-1)?.lines}; tests : source ${ratio.toFixed(2)}`,
    );
    expect(large).toEqual([]);
    expect(median).toBeLessThanOrEqual(75);
  });
});
