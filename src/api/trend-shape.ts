import { z } from "zod";
import { instant } from "./shape.ts";

/** A share with its 95 % interval by Wilson; null where nothing was counted. */
export const share = z.object({ share: z.number(), low: z.number(), high: z.number() }).nullable().meta({
  id: "Share",
  description: "in [0, 1] with a 95 % interval (Wilson), three decimals; null of nothing",
});

export const timeRange = z.object({ from: instant, to: instant });

export const tones = { positive: z.int(), neutral: z.int(), negative: z.int() };

export const netSentiment = z
  .number()
  .nullable()
  .describe("100 · (P − N) / (P + U + N), one decimal; null without a mention");
