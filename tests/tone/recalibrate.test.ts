import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shippedScorer } from "#tests/scorer.ts";
import type { ClassLogits, Recalibration, Tone } from "#tone/define.ts";
import { evaluateRecalibration } from "#tone/evaluate-recalibration.ts";
import {
  type CorrectedTone,
  chancesOf,
  fitRecalibration,
  leadsOf,
  type RecalibrationFit,
  recalibrated,
  scoredBy,
  toneOf,
  unchanged,
  weightOfKind,
} from "#tone/recalibrate.ts";

const tones = ["negative", "neutral", "positive"] as const;
const none = { negativeLead: 0, positiveLead: 0 };
const times = (count: number, logits: ClassLogits, tone: Tone): CorrectedTone[] =>
  Array.from({ length: count }, () => ({ logits, tone, weight: 1 }));

const drawn = fc.array(
  fc.record({
    logits: fc.record({
      negative: fc.double({ min: -6, max: 6, noNaN: true }),
      positive: fc.double({ min: -6, max: 6, noNaN: true }),
    }),
    tone: fc.constantFrom(...tones),
    weight: fc.constantFrom(1, 0.2),
  }),
  { maxLength: 60 },
);

/** The loss as its definition reads: slopes have 10 logits² of prior around 1, biases 5 around 0. */
function loss(corrections: readonly CorrectedTone[], at: RecalibrationFit): number {
  const prior =
    5 * (at.polaritySlope - 1) ** 2 +
    5 * (at.decidedSlope - 1) ** 2 +
    2.5 * at.polarityBias ** 2 +
    2.5 * at.decidedBias ** 2;
  return corrections.reduce((sum, { logits, tone, weight }) => {
    const s = at.polaritySlope * ((logits.positive - logits.negative) / 2) + at.polarityBias;
    const u = at.decidedSlope * ((logits.positive + logits.negative) / 2) + at.decidedBias;
    const z = { negative: u - s, neutral: 0, positive: u + s };
    const all = Math.log(Math.exp(z.negative) + 1 + Math.exp(z.positive));
    return sum + weight * (all - z[tone]);
  }, prior);
}

describe("a layer", () => {
  it("that nobody corrected changes nothing", () => {
    expect(fitRecalibration([])).toEqual(unchanged);
    expect(recalibrated({ negative: 1.5, positive: -2 }, unchanged)).toEqual({ negative: 1.5, positive: -2 });
  });

  it("is the minimum of its loss, and the same whatever the order", () => {
    fc.assert(
      fc.property(drawn, corrections => {
        const fit = fitRecalibration(corrections);
        const again = fitRecalibration(corrections.toReversed());
        for (const name of ["polaritySlope", "decidedSlope", "polarityBias", "decidedBias"] as const) {
          expect(Math.abs(fit[name] - again[name])).toBeLessThanOrEqual(0.001);
          for (const by of [-0.05, 0.05]) {
            const other = { ...fit, [name]: fit[name] + by };
            if (name.endsWith("Slope") && (other[name] < 0.25 || other[name] > 3)) continue;
            expect(loss(corrections, other)).toBeGreaterThanOrEqual(loss(corrections, fit));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("moves little after 5 corrections and enough after 50", () => {
    const unsure = { negative: 1, positive: -2 };
    const chance = (count: number) =>
      chancesOf(recalibrated(unsure, fitRecalibration(times(count, unsure, "neutral")))).negative;
    const before = chancesOf(unsure).negative;
    expect(before).toBeGreaterThan(0.7);
    expect(chance(5)).toBeGreaterThan(0.5 * before);
    expect(chance(50)).toBeLessThan(0.2);
  });

  it("takes the place of the model's own leads little by little", () => {
    const own = { negativeLead: 0.6, positiveLead: 0.2 };
    expect(leadsOf(own, unchanged)).toEqual(own);
    const few = fitRecalibration(times(5, { negative: 4, positive: -4 }, "negative"));
    expect(few.leadTrust).toBe(0.2);
    expect(leadsOf(own, few).negativeLead).toBeCloseTo(0.8 * 0.6 + 0.2 * few.negativeLead);
  });

  it("weighs confirmations: with them a few contradictions move nothing over", () => {
    const sure = { negative: 2, positive: -2 };
    const fit = fitRecalibration([...times(40, sure, "negative"), ...times(5, sure, "neutral")]);
    expect(toneOf(recalibrated(sure, fit), leadsOf(none, fit))).toBe("negative");
  });

  it("never turns the order of texts around, even where people always contradict the model", () => {
    const contrary = tones.flatMap((_tone, i) => [
      ...times(50, { negative: 4 - i, positive: i - 4 }, "positive"),
      ...times(50, { negative: i - 4, positive: 4 - i }, "negative"),
    ]);
    const fit = fitRecalibration(contrary);
    expect(fit.polaritySlope).toBeGreaterThanOrEqual(0.25);
    const low = recalibrated({ negative: 3, positive: -3 }, fit);
    const high = recalibrated({ negative: -3, positive: 3 }, fit);
    expect(low.negative - low.positive).toBeGreaterThan(high.negative - high.positive);
  });

  it("lets rare negatives into the queue that the likeliest class alone would miss", () => {
    const doubtful = { negative: -0.4, positive: -4 };
    const fit = fitRecalibration([
      ...times(20, doubtful, "negative"),
      ...times(25, doubtful, "neutral"),
      ...times(100, { negative: -5, positive: -3 }, "neutral"),
    ]);
    const logits = recalibrated(doubtful, fit);
    expect(toneOf(logits)).toBe("neutral");
    expect(toneOf(logits, leadsOf(none, fit))).toBe("negative");
  });
});

it("other sources of the kind count a little each, and no more than ten own corrections together", () => {
  expect(weightOfKind(0)).toBe(0);
  expect(weightOfKind(5)).toBe(0.2);
  expect(weightOfKind(1000) * 1000).toBeCloseTo(10);
});

describe("a scorer with a layer", () => {
  const scorer = shippedScorer();
  const layer: Recalibration = {
    ...unchanged,
    version: 3,
    polaritySlope: 0.8,
    polarityBias: 1.25,
    decidedBias: -0.4,
  };
  const input = {
    text: "Доставка быстрая, но товар бракованный и поддержка хамит",
    kind: "review",
    rating: { value: 2, scale: 5 },
  } as const;

  it("follows the layer with its label and names both versions", () => {
    const plain = scorer.score(input);
    const moved = scorer.score({ ...input, recalibration: layer });
    const own = scorer.logits(input);
    expect(moved.label).toBe(toneOf(recalibrated(own, layer), leadsOf(own, layer)));
    expect(moved.score).toBeGreaterThan(plain.score);
    expect(moved.modelVersion).toBe(scoredBy(plain.modelVersion, layer));
    expect(moved.modelVersion).toBe(`${plain.modelVersion}+3`);
  });

  it("says in the explanation what corrections add, and the parts still sum to the logit", () => {
    const { logit, parts } = scorer.explain({ ...input, recalibration: layer });
    expect(parts.find(part => part.what === "corrections")).toBeDefined();
    expect(parts.reduce((sum, part) => sum + part.weight, 0)).toBeCloseTo(logit, 9);
  });

  it("has logits whose likeliest class is its label", () => {
    for (const text of ["Ужас, обман, никому не советую", "Отлично, всем рекомендую"]) {
      const one = { text, kind: "review" } as const;
      expect(toneOf(scorer.logits(one), scorer.logits(one))).toBe(scorer.score(one).label);
    }
  });
});

describe("the trial of a layer", () => {
  /** A site where the model reads half a class too dark; every third text is negative. */
  const texts = Array.from({ length: 300 }, (_, n) => ({
    input: { text: `${n}`, kind: null },
    tone: tones[n % 3] as Tone,
  }));
  const scorer = {
    logits: ({ text }: { text: string }) => {
      const n = Number(text);
      const noise = Math.sin(n * 12.9898) * 1.5;
      const polarity = [-2, 0, 2][n % 3] as number;
      return { ...none, negative: -polarity + noise + 1.5, positive: polarity + noise - 2.5 };
    },
  };
  const trial = { correctionCount: 50, drawCount: 10, recall: 0.75, seed: 7 };

  it("shows that fifty corrections mend a site that the model reads too darkly, the same at each run", () => {
    const found = evaluateRecalibration(scorer, texts, trial);
    expect(found?.rowCount).toBe(300);
    expect(found?.after.polarF1).toBeGreaterThan((found?.before.polarF1 ?? 1) + 0.05);
    expect(found?.after.precision).toBeGreaterThan(found?.before.precision ?? 1);
    expect(evaluateRecalibration(scorer, texts, trial)).toEqual(found);
  });

  it("counts by hand: a perfect model has everything right before", () => {
    const perfect = {
      logits: ({ text }: { text: string }) => {
        const polarity = [-9, 0, 9][Number(text) % 3] as number;
        return { ...none, negative: -polarity - 4, positive: polarity - 4 };
      },
    };
    const { before } = evaluateRecalibration(perfect, texts, trial) ?? {};
    expect(before).toMatchObject({ precisionAtRecall: 1, precision: 1, recall: 1, polarF1: 1 });
  });

  it("says nothing of a source with too few texts", () => {
    expect(evaluateRecalibration(scorer, texts.slice(0, 80), trial)).toBeNull();
  });
});
