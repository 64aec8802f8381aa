import { z } from "zod";
import { type PriorityWords, priorityWords } from "./priority-words.ts";

/** What a case's priority is made of; `points` add up to it before the cut to 0–100. */
export interface PriorityFactor {
  factor: string;
  points: number;
  why: string;
}

export const priorityFactorNames = [
  "tone",
  "rating",
  "threat",
  "safety",
  "question",
  "reach",
  "engagement",
  "serp",
  "copies",
  "growth",
  "repeat-author",
  "escalation",
  "age",
  "time",
] as const;
type PriorityFactorName = (typeof priorityFactorNames)[number];

/** By how much the points of a factor are multiplied; 0 leaves it out, an absent one counts once. */
export const priorityWeightsSchema = z.partialRecord(
  z.enum(priorityFactorNames),
  z.number().min(0).max(5).describe("1 is the usual weight, 0 leaves the factor out"),
);
export type PriorityWeights = z.infer<typeof priorityWeightsSchema>;

/** How a brand wants its priorities. */
export interface PriorityTaste {
  weights: PriorityWeights;
  /** Of the explanations. */
  language: "ru" | "en";
}

export interface PriorityFacts {
  score: number;
  confidence: number;
  /** A person said that it is negative, whatever the model says. */
  byHand: boolean;
  rating5: number | null;
  intents: readonly string[];
  /** People who follow the author. */
  reach: number | null;
  views: number | null;
  /** Likes, replies and shares of the text. */
  reactionCount: number;
  /** The best place of the text's page in search results that we know. */
  serpPosition: number | null;
  /** Places of the cluster that belong to the case, itself included. */
  placeCount: number;
  /** Copies of the text first seen within the last day, and when the oldest of them is a day old. */
  recentCopyCount: number;
  recentUntil: Date | null;
  /** Earlier negatives of the same author about the brand, counted up to `countedRepeats`. */
  earlierNegativeCount: number;
  escalated: boolean;
  slaStartedAt: Date;
  /** Share of the time to answer that is used up, and when it reaches the next of `slackShares`, if it runs. */
  usedShare: number;
  nextSlackAt: Date | null;
}

/** Earlier negatives of an author are counted up to this number. */
export const countedRepeats = 20;

type Counted = { factor: PriorityFactorName; points: number; why: (words: PriorityWords) => string } | null;

const dayMs = 86_400_000;
const ageSteps = [1, 3, 7].map((days, step) => ({ afterMs: days * dayMs, points: 2 * (step + 1), step }));
const slackSteps = [0.5, 0.8, 1].map((share, step) => ({ share, points: 5 * (step + 1), step }));
/** Shares of the time to answer at which the priority rises. */
export const slackShares: readonly number[] = slackSteps.map(({ share }) => share);

/** Factors that change by waiting alone: they do not make a case urgent, else waiting would shorten its time. */
const timeFactors: ReadonlySet<string> = new Set(["age", "time"]);

/**
 * The priority of an unanswered negative, 0–100, explained factor by factor; `withoutTime` is the one that its
 * time to answer is chosen by. The same facts give the same numbers whoever asks.
 */
export function casePriority(
  facts: PriorityFacts,
  { weights, language }: PriorityTaste,
  now: Date,
): { priority: number; withoutTime: number; factors: PriorityFactor[] } {
  const words = priorityWords[language];
  const factors = readers
    .flatMap(read => read(facts, now) ?? [])
    .map(({ factor, points, why }) => ({
      factor,
      points: Math.round(points * (weights[factor] ?? 1)),
      why: why(words),
    }))
    .filter(({ points }) => points !== 0);
  return {
    priority: sum(factors),
    withoutTime: sum(factors.filter(({ factor }) => !timeFactors.has(factor))),
    factors,
  };
}

const sum = (factors: readonly PriorityFactor[]): number =>
  Math.max(
    0,
    Math.min(
      100,
      factors.reduce((total, { points }) => total + points, 0),
    ),
  );

/** When the priority changes by itself if no fact changes, or null. */
export function nextPriorityAt(
  { slaStartedAt, nextSlackAt, recentUntil }: PriorityFacts,
  now: Date,
): Date | null {
  const ages = ageSteps.map(({ afterMs }) => slaStartedAt.getTime() + afterMs);
  const moments = [...ages, nextSlackAt?.getTime() ?? 0, recentUntil?.getTime() ?? 0];
  const next = Math.min(...moments.filter(at => at > now.getTime()));
  return Number.isFinite(next) ? new Date(next) : null;
}

const readers: readonly ((facts: PriorityFacts, now: Date) => Counted)[] = [
  tone,
  rating,
  ({ intents }) => intent(intents, "threat", 20),
  ({ intents }) => intent(intents, "safety", 20),
  ({ intents }) => intent(intents, "question", 5),
  reach,
  engagement,
  serp,
  copies,
  growth,
  repeatAuthor,
  ({ escalated }) =>
    escalated ? { factor: "escalation", points: 20, why: words => words.escalation } : null,
  age,
  time,
];

/** Nobody is sure of less than half of the scale who marks a text by hand. */
const byHandAtLeast = 0.5;

function tone({ score, confidence, byHand }: PriorityFacts): Counted {
  const strength = Math.abs(Math.min(0, score));
  const points = byHand ? Math.max(byHandAtLeast, strength) : strength * confidence;
  return {
    factor: "tone",
    points: 10 + Math.round(30 * points),
    why: words => (byHand ? words.toneByHand : words.tone(score, confidence)),
  };
}

function rating({ rating5 }: PriorityFacts): Counted {
  if (rating5 === null) return null;
  const points = Math.max(0, Math.round((3 - rating5) * 7.5));
  return { factor: "rating", points, why: words => words.rating(rating5) };
}

function intent(
  intents: readonly string[],
  factor: "threat" | "safety" | "question",
  points: number,
): Counted {
  return intents.includes(factor) ? { factor, points, why: words => words[factor] } : null;
}

/** Three points for each tenfold. */
const byTens = (count: number, most: number) => Math.min(most, Math.round(3 * Math.log10(1 + count)));

function reach({ reach, views }: PriorityFacts): Counted {
  const people = Math.max(reach ?? 0, views ?? 0);
  return { factor: "reach", points: byTens(people, 15), why: words => words.reach(people) };
}

function engagement({ reactionCount }: PriorityFacts): Counted {
  return {
    factor: "engagement",
    points: byTens(reactionCount, 9),
    why: words => words.engagement(reactionCount),
  };
}

function serp({ serpPosition }: PriorityFacts): Counted {
  if (serpPosition === null) return null;
  const points = serpPosition <= 3 ? 12 : serpPosition <= 10 ? 8 : 4;
  return { factor: "serp", points, why: words => words.serp(serpPosition) };
}

function copies({ placeCount }: PriorityFacts): Counted {
  return {
    factor: "copies",
    points: Math.min(10, (placeCount - 1) * 3),
    why: words => words.copies(placeCount),
  };
}

function growth({ recentCopyCount }: PriorityFacts): Counted {
  return {
    factor: "growth",
    points: Math.min(8, recentCopyCount * 2),
    why: words => words.growth(recentCopyCount),
  };
}

function repeatAuthor({ earlierNegativeCount: count }: PriorityFacts): Counted {
  return {
    factor: "repeat-author",
    points: Math.min(9, count * 3),
    why: words => (count < countedRepeats ? words.repeatAuthor(count) : words.manyRepeats(count)),
  };
}

function age({ slaStartedAt }: PriorityFacts, now: Date): Counted {
  const step = ageSteps.findLast(({ afterMs }) => now.getTime() - slaStartedAt.getTime() >= afterMs);
  return step ? { factor: "age", points: step.points, why: words => words.age[step.step] as string } : null;
}

function time({ usedShare }: PriorityFacts): Counted {
  const step = slackSteps.findLast(({ share }) => usedShare >= share);
  return step ? { factor: "time", points: step.points, why: words => words.time[step.step] as string } : null;
}
