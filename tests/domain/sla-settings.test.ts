import { describe, expect, it } from "vitest";
import { slaInputSchema, slaOf, targetOf } from "#domain/sla-settings.ts";

const hour = 3_600_000;

describe("the time to answer", () => {
  it("comes from the presets: nine working hours, four when urgent, round the clock", () => {
    const [day, urgent, round] = (["working-day", "working-day-urgent", "round-the-clock"] as const).map(
      preset => slaInputSchema.parse({ preset }),
    );
    expect(day).toMatchObject({ preset: "working-day", hours: 9, urgentHours: 9, clock: "business" });
    expect(targetOf(slaOf(urgent as never), 69, "push")).toEqual({ targetMs: 9 * hour, clock: "business" });
    expect(targetOf(slaOf(urgent as never), 70, "push")).toEqual({ targetMs: 4 * hour, clock: "business" });
    expect(targetOf(slaOf(round as never), 10, "push")).toEqual({ targetMs: 24 * hour, clock: "always" });
  });

  it("of a preset is changed by what is given beside it", () => {
    expect(slaInputSchema.parse({ preset: "round-the-clock", hours: 12 })).toMatchObject({
      hours: 12,
      urgentHours: 4,
      clock: "always",
    });
  });

  it("is needed in full without a preset", () => {
    expect(slaInputSchema.safeParse({ hours: 9 }).success).toBe(false);
    expect(slaInputSchema.safeParse({ hours: 9, urgentHours: 4, days: 3 }).success).toBe(false);
  });

  it("follows the first policy that fits the priority and the source kind", () => {
    const sla = slaInputSchema.parse({
      preset: "working-day",
      policies: [
        { sourceKinds: ["app-store-reviews"], hours: 48 },
        { minPriority: 80, hours: 1, clock: "always" },
        { minPriority: 40, maxPriority: 79, hours: 6 },
      ],
    });
    expect(targetOf(sla, 95, "app-store-reviews")).toEqual({ targetMs: 48 * hour, clock: "business" });
    expect(targetOf(sla, 95, "push")).toEqual({ targetMs: hour, clock: "always" });
    expect(targetOf(sla, 79, "push")).toEqual({ targetMs: 6 * hour, clock: "business" });
    expect(targetOf(sla, 39, "push")).toEqual({ targetMs: 9 * hour, clock: "business" });
  });
});
