import { shareOf } from "./definitions.ts";
import { riskDifference, type Stratum } from "./risk-difference.ts";

/** One arm: how many reviews are compared, how many of them improved, and the share weighted by stratum. */
interface EffectArm {
  count: number;
  improved: number;
  share: number | null;
}

/** What answering changes; shares with three decimals, null where nothing can be compared. */
export interface ReplyEffect {
  answered: EffectArm;
  unanswered: EffectArm;
  difference: number | null;
  low: number | null;
  high: number | null;
}

/**
 * Share of answered reviews that became better beside the same share of unanswered ones like them. Both shares
 * are weighted by stratum alike, so that their difference is that of like with like.
 */
export function replyEffect(strata: readonly Stratum[]): ReplyEffect {
  const found = riskDifference(strata);
  const arm = (name: keyof Stratum, share: number | undefined): EffectArm => ({
    count: sum(strata.map(stratum => stratum[name].count)),
    improved: sum(strata.map(stratum => stratum[name].eventCount)),
    share: rounded(share),
  });
  return {
    answered: arm("treated", found?.treatedShare),
    unanswered: arm("control", found?.controlShare),
    difference: rounded(found?.difference),
    low: rounded(found?.low),
    high: rounded(found?.high),
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const rounded = (share: number | undefined) => (share === undefined ? null : shareOf(share, 1));
