import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJson } from "#sources/json.ts";

describe("JSON", () => {
  it("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 20 }), value => {
        const text = JSON.stringify(value);
        expect(readJson(`\uFEFF${text}`)).toEqual(JSON.parse(text));
      }),
    );
  });

  it("may nest to the limit and no deeper", () => {
    const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
    expect(() => readJson(nested(100))).not.toThrow();
    expect(() => readJson(nested(101))).toThrow(expect.objectContaining({ code: "too-much" }));
    expect(() => readJson(nested(4), 3)).toThrow(expect.objectContaining({ code: "too-much" }));
  });

  it("does not count brackets inside strings", () => {
    const text = JSON.stringify({ text: `${'[{\\"'.repeat(300)}` });
    expect(readJson(text)).toEqual({ text: '[{\\"'.repeat(300) });
  });

  it.each(["<!DOCTYPE html><title>Доступ ограничен", "", "{'a': 1}", '{"a":1', "undefined"])(
    "that is none is a changed source: %j",
    body => {
      expect(() => readJson(body)).toThrow(expect.objectContaining({ code: "layout-changed" }));
    },
  );
});
