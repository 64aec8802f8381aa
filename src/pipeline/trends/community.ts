import { metricsOf, noCounts } from "#domain/metrics.ts";
import { type Share, shareOf } from "#domain/wilson.ts";
import { type Db, inSnapshot } from "#store/db.ts";
import {
  type Activity,
  type CohortMonth,
  type CommunityQuestion,
  type Links,
  readActivity,
  readCohorts,
  readLinks,
} from "#store/trend-community.ts";

/** Months after the first one by which retention is told. */
const horizons = [1, 3, 6, 12] as const;

/** Members who wrote for the first time in one month. */
interface Cohort {
  /** The month, such as 2026-11. */
  month: string;
  size: number;
  /** Who wrote again in the month so many months later; null where that month is not over. */
  retention: { months: number; count: number | null; share: Share | null }[];
}

export interface CommunityView {
  activity: Activity;
  /** Net sentiment of what members write. */
  mood: number | null;
  textsPerMember: number | null;
  /** Likes, dislikes, replies and shares per text. */
  reactionsPerText: number | null;
  /** The same per view, over texts whose views are known. */
  engagementRate: number | null;
  /** Members' texts among all at owned places: content that users make. */
  userContent: Share | null;
  links: Links & {
    /** Pairs that exist, of those that active members could be. */
    density: number | null;
  };
  cohorts: Cohort[];
}

const rounded = (part: number, whole: number, unit: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * unit) / unit;

/** The life of a brand's owned places: who comes, stays and talks to whom, and in what mood. */
export const readCommunity = (db: Db, question: CommunityQuestion): Promise<CommunityView> =>
  inSnapshot(db, async snapshot => {
    const activity = await readActivity(snapshot, question);
    const links = await readLinks(snapshot, question);
    const months = await readCohorts(snapshot, question);
    const { textCount, activeCount, officialCount, reactions, views, viewedReactions } = activity;
    const { positive, neutral, negative } = activity;
    const possiblePairs = (activeCount * (activeCount - 1)) / 2;
    return {
      activity,
      mood: metricsOf({ ...noCounts, total: textCount, positive, neutral, negative }).netSentiment,
      textsPerMember: rounded(textCount, activeCount, 100),
      reactionsPerText: rounded(reactions, textCount, 100),
      engagementRate: rounded(viewedReactions, views, 10_000),
      userContent: shareOf(textCount, textCount + officialCount),
      links: { ...links, density: rounded(links.pairCount, possiblePairs, 10_000) },
      cohorts: cohortsOf(months, lastMonth(question)),
    };
  });

/** The month that `to` lies in, which is not over, as a number of months. */
function lastMonth({ to, timezone }: CommunityQuestion): number {
  const format = new Intl.DateTimeFormat("en-CA", { timeZone: timezone, year: "numeric", month: "2-digit" });
  return monthNumber(format.format(to.getTime() - 1));
}

/** Of a text that begins with the year and the month. */
function monthNumber(text: string): number {
  const [year, month] = text.split("-").map(Number) as [number, number];
  return year * 12 + month - 1;
}

const cohortsOf = (rows: readonly CohortMonth[], open: number): Cohort[] =>
  [...Map.groupBy(rows, row => row.month)].map(([month, own]) => {
    const size = own[0]?.size ?? 0;
    return {
      month: month.slice(0, 7),
      size,
      retention: horizons.map(months => {
        if (monthNumber(month) + months >= open) return { months, count: null, share: null };
        const count = own.find(row => row.after === months)?.count ?? 0;
        return { months, count, share: shareOf(count, size) };
      }),
    };
  });
