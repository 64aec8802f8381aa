import { setImmediate } from "node:timers/promises";
import { findTopics, type RisingTopic } from "#domain/topics/rising.ts";
import type { Db } from "#store/db.ts";
import { sampleTexts, type TextQuestion } from "#store/trend-texts.ts";

/** Texts that are read of the range and of the time before it. */
const nowLimit = 1_200;
const beforeLimit = 3_600;
/** The time before is so many times as long as the range. */
const beforeLength = 4;
const leastCount = 3;
/** Texts that are read before others may use the processor. */
const atOnce = 20;

/** Texts read of a time; `complete` says that there were no more. */
interface TextSample {
  from: Date;
  to: Date;
  textCount: number;
  limit: number;
  complete: boolean;
}

export interface TopicsView {
  sample: TextSample;
  baseline: TextSample;
  topics: RisingTopic[];
}

/** Phrases that stand in more texts of the range than the time before it lets expect, at most `top`. */
export async function readTopics(
  db: Db,
  question: Omit<TextQuestion, "limit">,
  top: number,
): Promise<TopicsView> {
  const { from, to } = question;
  const earlier = new Date(from.getTime() - beforeLength * (to.getTime() - from.getTime()));
  const now = await sampleTexts(db, { ...question, limit: nowLimit });
  const before = await sampleTexts(db, { ...question, from: earlier, to: from, limit: beforeLimit });
  const topics = await gently(findTopics({ now: now.texts, before: before.texts }, { leastCount, top }));
  return {
    sample: { from, to, textCount: now.texts.length, limit: nowLimit, complete: now.complete },
    baseline: {
      from: earlier,
      to: from,
      textCount: before.texts.length,
      limit: beforeLimit,
      complete: before.complete,
    },
    topics,
  };
}

async function gently<Result>(work: Generator<undefined, Result>): Promise<Result> {
  for (let count = 1; ; count++) {
    const { done, value } = work.next();
    if (done) return value;
    if (count % atOnce === 0) await setImmediate();
  }
}
