import { livingBrands } from "#store/brand.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import {
  countToRescore,
  type MentionScoreRow,
  type MentionToRescore,
  moveDifferences,
  newestScores,
  nextToRescore,
  writeScores,
} from "#store/rescore.ts";
import { advanceTask, lockTask, resumeRescore, type TaskRow } from "#store/task.ts";
import { scoredBy } from "#tone/recalibrate.ts";
import { differences } from "./counts.ts";
import type { Deps } from "./deps.ts";
import { round3 } from "./ingest/judge.ts";
import { layersOf, toneInput } from "./score.ts";

const batch = 500;

type RescoreDeps = Pick<Deps, "db" | "clock" | "scorer" | "scoreAll">;

export interface RescoreProgress {
  doneCount: number;
  totalCount: number;
}

/** How a rescoring ended. */
export interface Rescored {
  /** Mentions looked at, also by runs that were cut off before. */
  doneCount: number;
  /** Mentions scored anew by this run; the others had been scored by this very model. */
  scoredCount: number;
}

/**
 * Scores stored mentions anew, beside what they were scored as then: no case opens or closes, nobody is alerted,
 * nothing appears in the change log. What is done commits batch by batch with how far it is, so a run that was
 * cut off goes on where it stopped.
 */
export async function rescore(
  deps: RescoreDeps,
  wish: { brandId: string | null; since: Date | null },
  onProgress: (progress: RescoreProgress) => void = () => {},
): Promise<Rescored> {
  const brandIds =
    wish.brandId === null ? (await livingBrands(deps.db)).map(brand => brand.id) : [wish.brandId];
  const tasks: TaskRow[] = [];
  for (const brandId of brandIds) {
    const one = { brandId, since: wish.since, modelVersion: deps.scorer.modelVersion };
    tasks.push(await inTransaction(deps.db, tx => resumeRescore(tx, one, deps.clock())));
  }
  const done: Rescored = { doneCount: tasks.reduce((sum, task) => sum + task.done_count, 0), scoredCount: 0 };
  let totalCount = done.doneCount;
  for (const task of tasks) totalCount += await countToRescore(deps.db, task);
  for (const { id } of tasks) {
    for (let step = await rescoreBatch(deps, id); step !== null; step = await rescoreBatch(deps, id)) {
      done.doneCount += step.doneCount;
      done.scoredCount += step.scoredCount;
      onProgress({ doneCount: done.doneCount, totalCount: Math.max(totalCount, done.doneCount) });
    }
  }
  return done;
}

/** One batch of one task; null when the task is done. */
async function rescoreBatch(deps: RescoreDeps, taskId: string): Promise<Rescored | null> {
  const now = deps.clock();
  return inTransaction(deps.db, async tx => {
    const task = await lockTask(tx, taskId);
    if (!task) return null;
    const mentions = await nextToRescore(tx, task, batch);
    const scoredCount = mentions.length > 0 ? await rescoreMentions(tx, deps, mentions, now) : 0;
    const last = mentions.at(-1);
    const step = {
      position: last?.id ?? task.position,
      positionAt: last?.positionAt ?? task.position_at,
      done: mentions.length,
      finished: mentions.length < batch,
    };
    await advanceTask(tx, task, step, now);
    return { doneCount: mentions.length, scoredCount };
  });
}

async function rescoreMentions(
  tx: Tx,
  { scorer, scoreAll }: RescoreDeps,
  mentions: readonly MentionToRescore[],
  now: Date,
): Promise<number> {
  const layers = await layersOf(
    tx,
    scorer,
    mentions.map(mention => mention.source_id),
  );
  const newest = await newestScores(
    tx,
    mentions.map(mention => mention.id),
  );
  const behind = mentions.filter(mention => {
    const version = newest.get(mention.id)?.model_version ?? mention.model_version;
    return (
      mention.erased_at === null && version !== scoredBy(scorer.modelVersion, layers.get(mention.source_id))
    );
  });
  const tones = await scoreAll(behind.map(mention => toneInput(mention, layers.get(mention.source_id))));
  const scores = tones.map(
    (tone, index): MentionScoreRow => ({
      mention_id: (behind[index] as MentionToRescore).id,
      model_version: tone.modelVersion,
      tone: tone.label,
      score: round3(tone.score),
      confidence: round3(tone.confidence),
      uncertain: tone.uncertain,
      conflict: tone.conflict,
      intents: tone.intents,
      aspects: tone.aspects.map(({ aspect, label, score }) => ({
        aspect,
        tone: label,
        score: round3(score),
      })),
      scored_at: laterThan(newest.get((behind[index] as MentionToRescore).id)?.scored_at, now),
    }),
  );
  await writeScores(tx, scores);
  await moveDifferences(
    tx,
    behind.flatMap((mention, index) => [
      ...differences(mention, newest.get(mention.id) ?? null, -1),
      ...differences(mention, scores[index] as MentionScoreRow, 1),
    ]),
  );
  return behind.length;
}

/** Now, but after the score before in any case: a clock that was set back must not make the older one the newest. */
const laterThan = (before: Date | undefined, now: Date): Date =>
  before !== undefined && before >= now ? new Date(before.getTime() + 1) : now;
