import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { afterFirstLook, afterLook, afterNoReach, leaseMs } from "#pipeline/desk/publish-plan.ts";

const now = new Date("2026-11-20T12:00:00Z");
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const unsure = {
  state: "sending",
  posted_at: ago(5),
  sent_at: null,
  attempt_count: 1,
  look_count: 1,
} as const;
const sent = { state: "sent", posted_at: null, sent_at: ago(5), attempt_count: 1, look_count: 1 } as const;

const looked = fc.constantFrom("none", "pending", "published", "rejected", "other", "gone", "silent");
const reply = fc.record({
  state: fc.constantFrom("sending", "sent", "unknown"),
  posted_at: fc.option(fc.integer({ min: 0, max: 90_000 }).map(ago), { nil: null }),
  sent_at: fc.option(fc.integer({ min: 0, max: 90_000 }).map(ago), { nil: null }),
  attempt_count: fc.integer({ min: 1, max: 9 }),
  look_count: fc.integer({ min: 1, max: 50 }),
} as const);

describe("after a look", () => {
  test("a reply goes out again only if nothing stands there, nobody took it, and its request is long over", () => {
    fc.assert(
      fc.property(reply, looked, (facts, seen) => {
        const decision = afterLook(facts, seen, now);
        if (decision.to !== "approved") return;
        expect([seen, facts.state]).toEqual(["none", "sending"]);
        const since = (facts.sent_at ?? facts.posted_at)?.getTime() ?? 0;
        expect(now.getTime() - since).toBeGreaterThanOrEqual(2 * leaseMs);
      }),
    );
  });

  test("only what is seen is published", () => {
    fc.assert(
      fc.property(reply, looked, (facts, seen) => {
        expect(afterLook(facts, seen, now).to === "published").toBe(seen === "published");
      }),
    );
  });

  test("nothing is asked again in the past, and what is lost has its reason", () => {
    fc.assert(
      fc.property(reply, looked, (facts, seen) => {
        const decision = afterLook(facts, seen, now);
        if ("at" in decision && decision.at !== null)
          expect(decision.at.getTime()).toBeGreaterThanOrEqual(now.getTime());
        if (decision.to === "refused") expect(decision.words.ru).toMatch(/[а-я]/);
        if (decision.to === "unknown" && facts.state !== "unknown") expect(decision.words).toBeDefined();
      }),
    );
  });

  test.each([
    ["an hour in moderation", { ...sent, sent_at: ago(60) }, "pending", "sent"],
    ["two weeks in moderation", { ...sent, sent_at: ago(14 * 1440) }, "pending", "unknown"],
    ["taken, but not there for three hours", { ...sent, sent_at: ago(180) }, "none", "unknown"],
    ["taken, but not there yet", sent, "none", "sent"],
    ["no end seen, and it waits for the moderators", unsure, "pending", "sent"],
    ["no end seen two minutes ago, and nothing there", { ...unsure, posted_at: ago(2) }, "none", "sending"],
    ["no end seen, and nothing there", unsure, "none", "approved"],
    ["sent seven times, and nothing there", { ...unsure, attempt_count: 7 }, "none", "refused"],
    ["the source silent for eight looks", { ...unsure, look_count: 8 }, "silent", "unknown"],
    ["a riddle found with the moderators", { ...unsure, state: "unknown" }, "pending", "sent"],
  ] as const)("%s", (_what, facts, seen, to) => expect(afterLook(facts, seen, now).to).toBe(to));
});

test("before the first sending a look lets it go where nothing of anybody stands", () => {
  const results = (["none", "rejected", "other", "gone", "pending", "published"] as const).map(
    seen => afterFirstLook(seen, now)?.to ?? "send",
  );
  expect(results).toEqual(["send", "send", "refused", "refused", "sent", "published"]);
});

test("a source that cannot be reached is tried for more than a day, then people get the reply back", () => {
  let waitedMs = 0;
  for (let look_count = 1; ; look_count++) {
    const decision = afterNoReach({ ...unsure, look_count }, now);
    if (decision.to === "refused") break;
    waitedMs += ("at" in decision ? (decision.at?.getTime() ?? 0) : 0) - now.getTime();
  }
  expect(waitedMs).toBeGreaterThan(86_400_000);
});
