/** Sums over the mentions of a bucket, and the scheduled runs of the brand's sources in it. */
export interface Counts {
  total: number;
  positive: number;
  neutral: number;
  negative: number;
  scoreSum: number;
  /** Stars of five. */
  ratingSum: number;
  ratingCount: number;
  /** Mentions that are no copies of an earlier text. */
  originals: number;
  runCount: number;
  okCount: number;
}

/** What a bucket says. A figure of nothing is null, never 0; percentages have one decimal, shares and means three. */
export interface Metrics {
  total: number;
  positive: number;
  neutral: number;
  negative: number;
  /** 100 · (P − N) / (P + U + N), U = neutral; null without a mention. */
  netSentiment: number | null;
  /** 100 · (P − N) / (P + N); null when P + N = 0. */
  netSentimentPolar: number | null;
  /** P / (P + N); null when P + N = 0. */
  brandHealth: number | null;
  /** Mean of the scores in [-1, 1]. */
  meanScore: number | null;
  /** Mean of the stars of five, over the mentions that have them. */
  meanRating: number | null;
  /** Share of the scheduled runs that succeeded; null when none was scheduled, as for pushed texts. */
  coverage: number | null;
}

const ratio = (part: number, whole: number, decimals: number): number | null => {
  if (whole === 0) return null;
  const unit = 10 ** decimals;
  // Half away from zero, so that praise and blame round alike; + 0 makes −0 a plain 0.
  return (Math.sign(part) * Math.round((Math.abs(part) / whole) * unit)) / unit + 0;
};

/** The definitions of net sentiment, brand health and coverage, once for all that shows them. */
export function metricsOf(counts: Counts): Metrics {
  const { total, positive, neutral, negative } = counts;
  const polar = positive + negative;
  return {
    total,
    positive,
    neutral,
    negative,
    netSentiment: ratio(100 * (positive - negative), total, 1),
    netSentimentPolar: ratio(100 * (positive - negative), polar, 1),
    brandHealth: ratio(positive, polar, 3),
    meanScore: ratio(counts.scoreSum, total, 3),
    meanRating: ratio(counts.ratingSum, counts.ratingCount, 3),
    coverage: ratio(counts.okCount, counts.runCount, 3),
  };
}

export const noCounts: Counts = {
  total: 0,
  positive: 0,
  neutral: 0,
  negative: 0,
  scoreSum: 0,
  ratingSum: 0,
  ratingCount: 0,
  originals: 0,
  runCount: 0,
  okCount: 0,
};

/** The sum of several buckets. */
export function addCounts(buckets: readonly Counts[]): Counts {
  const names = Object.keys(noCounts) as (keyof Counts)[];
  const sum = { ...noCounts };
  for (const bucket of buckets) for (const name of names) sum[name] += bucket[name];
  return sum;
}
