import { wholeShare } from "#domain/aspects.ts";
import { addCounts, type Counts, metricsOf, noCounts } from "#domain/metrics.ts";
import { contributions, roundTogether, type Weight } from "#domain/movement.ts";
import { type Share, shareOf } from "#domain/wilson.ts";
import { type Db, inSnapshot } from "#store/db.ts";
import { previousRange, readTrend, type TrendQuestion } from "#store/trend.ts";
import { type AspectWeights, readAspectTrend } from "#store/trend-aspects.ts";

/** Mentions that speak of an aspect, by the tone toward it. */
interface AspectFigures {
  total: number;
  positive: number;
  neutral: number;
  negative: number;
  netSentiment: number | null;
  /** Share of the negative ones with its 95 % interval. */
  negativeShare: Share | null;
}

/** One aspect of a range beside the range before; of mentions that no aspect carries `aspect` is null. */
interface AspectRow extends AspectFigures {
  aspect: string | null;
  previous: AspectFigures;
  /** Points of net sentiment, null where one of the ranges has no mentions. */
  contribution: { points: number; ofTone: number; ofShare: number } | null;
}

export interface AspectView {
  range: { from: Date; to: Date };
  previousRange: { from: Date; to: Date };
  netSentiment: number | null;
  previousNetSentiment: number | null;
  /** The contributions of all rows add up to it, to the hundredth. */
  movement: number | null;
  rows: AspectRow[];
}

interface Side {
  range: { from: Date; to: Date };
  totals: Counts;
  aspects: Map<string, AspectWeights>;
}

/** No aspect is called so: the database takes no such text. */
const rest = "\0";

/** Aspects of a brand with what each moved net sentiment by since the range before, the strongest mover first. */
export const readAspects = (db: Db, question: TrendQuestion): Promise<AspectView> =>
  inSnapshot(db, async snapshot => {
    const now = await readSide(snapshot, question);
    const range = await previousRange(snapshot, question, now.range.from, now.bucketCount);
    const before = await readSide(snapshot, { ...question, ...range });
    return viewOf(before, now);
  });

async function readSide(db: Db, question: TrendQuestion): Promise<Side & { bucketCount: number }> {
  const buckets = await readTrend(db, question);
  const aspects = new Map<string, AspectWeights>();
  for (const row of await readAspectTrend(db, question))
    aspects.set(row.aspect, added(aspects.get(row.aspect), row));
  return {
    range: { from: buckets[0]?.start ?? question.from, to: buckets.at(-1)?.end ?? question.to },
    totals: addCounts(buckets),
    aspects,
    bucketCount: buckets.length,
  };
}

function added(sum: AspectWeights | undefined, row: AspectWeights): AspectWeights {
  if (sum === undefined) return row;
  return {
    aspect: row.aspect,
    total: sum.total + row.total,
    positive: sum.positive + row.positive,
    neutral: sum.neutral + row.neutral,
    negative: sum.negative + row.negative,
    positiveShare: sum.positiveShare + row.positiveShare,
    neutralShare: sum.neutralShare + row.neutralShare,
    negativeShare: sum.negativeShare + row.negativeShare,
  };
}

/** What carries the mentions: the aspects, and the rest that none of them carries. */
function weightsOf(side: Side): Map<string, Weight> {
  const weights = new Map<string, Weight>();
  for (const [aspect, { positiveShare, neutralShare, negativeShare }] of side.aspects)
    weights.set(aspect, {
      count: (positiveShare + neutralShare + negativeShare) / wholeShare,
      lean: (positiveShare - negativeShare) / wholeShare,
    });
  const { total, positive, negative } = restOf(side);
  return weights.set(rest, { count: total, lean: positive - negative });
}

function viewOf(before: Side, now: Side): AspectView {
  const moved = contributions(weightsOf(before), weightsOf(now));
  const keys = [...new Set([...now.aspects.keys(), ...before.aspects.keys(), rest])];
  const points = keys.map(key => moved?.parts.get(key) ?? { points: 0, ofTone: 0, ofShare: 0 });
  const rounded = roundTogether(points.map(part => part.points));
  const rows = keys.map((key, index): AspectRow => {
    const [sum, tone] = [rounded[index] as number, roundTogether([points[index]?.ofTone ?? 0])[0] as number];
    const contribution = { points: sum, ofTone: tone, ofShare: hundredths(sum - tone) };
    return {
      aspect: key === rest ? null : key,
      ...figuresOf(key, now),
      previous: figuresOf(key, before),
      contribution: moved === null ? null : contribution,
    };
  });
  const strength = (row: AspectRow) => Math.abs(row.contribution?.points ?? 0);
  return {
    range: now.range,
    previousRange: before.range,
    netSentiment: metricsOf(now.totals).netSentiment,
    previousNetSentiment: metricsOf(before.totals).netSentiment,
    movement: moved === null ? null : hundredths(rounded.reduce((sum, value) => sum + value, 0)),
    rows: rows.toSorted((a, b) => strength(b) - strength(a) || b.total - a.total),
  };
}

const hundredths = (value: number): number => Math.round(value * 100) / 100 + 0;

function figuresOf(key: string, side: Side): AspectFigures {
  const { total, positive, neutral, negative } =
    key === rest ? restOf(side) : (side.aspects.get(key) ?? noCounts);
  const counts = { ...noCounts, total, positive, neutral, negative };
  return {
    total,
    positive,
    neutral,
    negative,
    netSentiment: metricsOf(counts).netSentiment,
    negativeShare: shareOf(negative, total),
  };
}

/** Mentions that speak of no aspect in their own tone, by that tone; an aspect carries whole mentions or parts that add up to such. */
function restOf({ totals, aspects }: Side) {
  const carried = { positive: 0, neutral: 0, negative: 0 };
  for (const { positiveShare, neutralShare, negativeShare } of aspects.values()) {
    carried.positive += positiveShare;
    carried.neutral += neutralShare;
    carried.negative += negativeShare;
  }
  const left = {
    positive: totals.positive - Math.round(carried.positive / wholeShare),
    neutral: totals.neutral - Math.round(carried.neutral / wholeShare),
    negative: totals.negative - Math.round(carried.negative / wholeShare),
  };
  return { ...left, total: left.positive + left.neutral + left.negative };
}
