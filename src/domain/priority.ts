import type { TextKind } from "./item.ts";

/** What a case's priority is made of; `points` add up to it before the cut to 0–100. */
export interface PriorityFactor {
  factor: string;
  points: number;
  why: string;
}

export interface PriorityFacts {
  kind: TextKind;
  score: number;
  confidence: number;
  rating5: number | null;
  intents: readonly string[];
  reach: number | null;
  views: number | null;
  /** Places of the cluster that belong to the case, itself included. */
  placeCount: number;
  slaStartedAt: Date;
  dueAt: Date;
}

const intentPoints: Record<string, number> = { threat: 20, safety: 20, question: 5 };

/**
 * The priority of an unanswered negative, 0–100, explained factor by factor. Time counts from the start of
 * the SLA to its due time, so the same facts give the same number whoever asks.
 */
export function casePriority(
  facts: PriorityFacts,
  now: Date,
): { priority: number; factors: PriorityFactor[] } {
  const factors = [
    tone(facts),
    rating(facts),
    ...facts.intents.map(intent),
    reach(facts),
    cluster(facts),
    slack(facts, now),
  ].filter((factor): factor is PriorityFactor => factor !== null && factor.points !== 0);
  const sum = factors.reduce((total, factor) => total + factor.points, 0);
  return { priority: Math.max(0, Math.min(100, Math.round(sum))), factors };
}

/** Until when the time factor stays as it is, or null when it is used up. */
export function nextPriorityAt(slaStartedAt: Date, dueAt: Date, now: Date): Date | null {
  const start = slaStartedAt.getTime();
  const total = dueAt.getTime() - start;
  const next = slackSteps.map(step => start + total * step.share).find(at => at > now.getTime());
  return next === undefined ? null : new Date(next);
}

function tone({ score, confidence }: PriorityFacts): PriorityFactor {
  const points = Math.round(30 * Math.abs(Math.min(0, score)) * confidence);
  return {
    factor: "tone",
    points: points + 10,
    why: `negative, score ${score.toFixed(2)}, confidence ${confidence.toFixed(2)}`,
  };
}

function rating({ rating5 }: PriorityFacts): PriorityFactor | null {
  if (rating5 === null) return null;
  return { factor: "rating", points: Math.max(0, Math.round((3 - rating5) * 7.5)), why: `${rating5} of 5` };
}

function intent(name: string): PriorityFactor | null {
  const points = intentPoints[name];
  return points === undefined ? null : { factor: name, points, why: `the text reads as: ${name}` };
}

function reach({ reach, views }: PriorityFacts): PriorityFactor | null {
  const people = Math.max(reach ?? 0, views ?? 0);
  const points = Math.min(15, Math.round(3 * Math.log10(1 + people)));
  return { factor: "reach", points, why: `seen by about ${people} people` };
}

function cluster({ placeCount }: PriorityFacts): PriorityFactor | null {
  return {
    factor: "copies",
    points: Math.min(10, (placeCount - 1) * 3),
    why: `stands in ${placeCount} places`,
  };
}

const slackSteps = [
  { share: 0.5, points: 5, why: "half of the time to answer is over" },
  { share: 0.8, points: 10, why: "the answer is due soon" },
  { share: 1, points: 15, why: "the answer is overdue" },
] as const;

function slack({ slaStartedAt, dueAt }: PriorityFacts, now: Date): PriorityFactor | null {
  const total = dueAt.getTime() - slaStartedAt.getTime();
  const share = total <= 0 ? 1 : (now.getTime() - slaStartedAt.getTime()) / total;
  const step = slackSteps.findLast(step => share >= step.share);
  return step ? { factor: "time", points: step.points, why: step.why } : null;
}
