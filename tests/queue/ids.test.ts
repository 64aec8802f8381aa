import fc from "fast-check";
import { expect, test } from "vitest";
import { dedupeKey } from "#queue/ids.ts";

const text = fc.string({ unit: "binary", maxLength: 40 });

test("a key has no `:` and is never digits only, whatever it is made of", () => {
  fc.assert(
    fc.property(text, text, (name, subject) => {
      const key = dedupeKey(name, subject);
      expect(key).toMatch(/^[A-Za-z0-9_.=~;-]+$/);
      expect(key).not.toMatch(/^\d*$/);
    }),
  );
});

test("different subjects never share a key", () => {
  fc.assert(
    fc.property(text, text, text, text, (name, subject, otherName, otherSubject) => {
      const same = name === otherName && subject === otherSubject;
      expect(dedupeKey(name, subject) === dedupeKey(otherName, otherSubject)).toBe(same);
    }),
  );
  // Pairs that a careless join or escape would confuse.
  expect(dedupeKey("a=b", "c")).not.toBe(dedupeKey("a", "b=c"));
  expect(dedupeKey("a", ":")).not.toBe(dedupeKey("a", "~3a;"));
});
