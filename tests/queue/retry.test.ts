import { UnrecoverableError } from "bullmq";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BlockedError, InputError, QuotaError } from "#domain/errors.ts";
import { retryDelayMs, toQueueError } from "#queue/retry.ts";

test("`never` becomes the error that BullMQ does not retry, every other error one that it does", () => {
  expect(toQueueError(new InputError("x"))).toBeInstanceOf(UnrecoverableError);
  expect(toQueueError(new BlockedError("x"))).not.toBeInstanceOf(UnrecoverableError);
  expect(toQueueError("a thrown string")).not.toBeInstanceOf(UnrecoverableError);
});

test("a named pause is kept to the millisecond at every attempt", () => {
  fc.assert(
    fc.property(fc.nat(86_400_000), fc.integer({ min: 1, max: 9 }), (afterMs, attempt) => {
      expect(retryDelayMs(attempt, toQueueError(new QuotaError("x", afterMs)), 1000, () => 0.9)).toBe(
        afterMs,
      );
    }),
  );
});

test("back-off doubles from the base, stays within ± 20 % and ends at 15 minutes", () => {
  const error = toQueueError(new BlockedError("x"));
  expect([1, 2, 3, 4, 9].map(attempt => retryDelayMs(attempt, error, 10_000, () => 0.5))).toEqual([
    10_000, 20_000, 40_000, 80_000, 900_000,
  ]);
  expect(retryDelayMs(1, error, 10_000, () => 0)).toBe(8000);
  expect(retryDelayMs(1, error, 10_000, () => 1)).toBe(12_000);
});
