import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explainMatch } from "#domain/query/match.ts";
import { parseQuery } from "#domain/query/parse.ts";

const page = readFileSync(new URL("../../../docs/query-language.md", import.meta.url), "utf8");

const rows = page
  .split("\n")
  .filter(line => line.startsWith("|"))
  .slice(2)
  .map(line => line.split(/(?<!\\)\|/).map(cell => cell.trim()))
  .map(cells => ({
    query: (cells[3] ?? "").replaceAll("`", ""),
    matches: (cells[4] ?? "").split(";").filter(Boolean),
    misses: (cells[5] ?? "").split(";").filter(Boolean),
  }));

describe("every example of docs/query-language.md is true", () => {
  it("has examples", () => expect(rows.length).toBeGreaterThan(12));

  it.each(rows)("$query", ({ query, matches, misses }) => {
    const parsed = parseQuery(query);
    for (const text of matches) expect([text, explainMatch(parsed, text).matched]).toEqual([text, true]);
    for (const text of misses) expect([text, explainMatch(parsed, text).matched]).toEqual([text, false]);
  });
});
