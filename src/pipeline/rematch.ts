import type { Matcher } from "#domain/query/match.ts";
import { findBrand } from "#store/brand.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import {
  insertMentions,
  lockMentions,
  type MentionInput,
  type MentionRow,
  mentionInput,
  updateMentions,
  writeAspects,
} from "#store/mention.ts";
import { nextTexts, type StoredText } from "#store/rematch.ts";
import { advanceTask, lockWaitingTask, type TaskRow } from "#store/task.ts";
import type { ToneResult } from "#tone/define.ts";
import { moveMentionCounts, withAspects } from "./counts.ts";
import type { Deps } from "./deps.ts";
import { scoredMention, type TextToScore } from "./ingest/judge.ts";
import { layersOf, toneInput } from "./score.ts";
import { type WatchedBrand, watchedBrand } from "./watch.ts";

const batch = 500;
const batchesPerTick = 4;

/** What matching and scoring need besides the transaction. */
export type MatchTools = Pick<Deps, "scorer" | "scoreAll" | "matchers">;

type RematchDeps = MatchTools & Pick<Deps, "db" | "clock">;

/** Goes on with brands whose query changed, a few batches a tick. */
export async function continueRematches(deps: RematchDeps, signal: AbortSignal): Promise<void> {
  for (let n = 0; n < batchesPerTick && !signal.aborted; n++) {
    if (!(await continueRematch(deps))) return;
  }
}

/**
 * One batch of one waiting task: stored texts that the query now matches become mentions, those it does not
 * match any more are deleted. It opens no case and alerts nobody: what is old stays quiet. False when none waits.
 */
async function continueRematch(deps: RematchDeps): Promise<boolean> {
  const now = deps.clock();
  return inTransaction(deps.db, async tx => {
    const task = await lockWaitingTask(tx, "rematch");
    if (!task) return false;
    const brand = await lockedBrand(tx, task);
    const texts = brand ? await nextTexts(tx, task.brand_id, task.position, batch) : [];
    if (brand && texts.length > 0) await rematchTexts(tx, deps, brand, texts, now);
    const position = texts.at(-1)?.id ?? task.position;
    await advanceTask(tx, task, { position, done: texts.length, finished: texts.length < batch }, now);
    return true;
  });
}

async function lockedBrand(tx: Tx, task: TaskRow): Promise<WatchedBrand | null> {
  await tx.selectFrom("brand").select("id").where("id", "=", task.brand_id).forShare().execute();
  const row = await findBrand(tx, task.brand_id);
  return row && row.archived_at === null ? watchedBrand(row) : null;
}

/** Makes mentions of a brand of the stored texts that its query matches, and takes those away that it does not. */
export async function rematchTexts(
  tx: Tx,
  deps: MatchTools,
  brand: WatchedBrand,
  texts: readonly StoredText[],
  now: Date,
): Promise<void> {
  const matcher = deps.matchers([brand]);
  const all = await lockMentions(
    tx,
    texts.map(text => text.id),
  );
  const known = new Map(
    all.filter(mention => mention.brand_id === brand.id).map(mention => [mention.document_id, mention]),
  );
  const found: TextToScore[] = [];
  const moved: { before: MentionRow; after: MentionInput }[] = [];
  for (const text of texts) {
    const before = known.get(text.id) ?? null;
    if (before !== null && before.human_matched !== null) continue;
    const spans = spansOf(text, matcher);
    if (spans === null) {
      if (before?.deleted_at === null)
        moved.push({ before, after: { ...mentionInput(before), deleted_at: now } });
    } else if (before === null) {
      found.push({ ...text, brandId: brand.id, spans, acts: false, now });
    } else if (before.deleted_at !== null) {
      moved.push({ before, after: { ...mentionInput(before), spans, deleted_at: null } });
    }
  }
  await write(tx, await scored(tx, deps, found), moved, now);
}

async function scored(
  tx: Tx,
  { scorer, scoreAll }: MatchTools,
  texts: readonly TextToScore[],
): Promise<ReturnType<typeof scoredMention>[]> {
  const layers = await layersOf(
    tx,
    scorer,
    texts.map(text => text.source_id),
  );
  const tones = await scoreAll(texts.map(text => toneInput(text, layers.get(text.source_id))));
  return texts.map((text, index) => scoredMention(text, tones[index] as ToneResult));
}

/** Where a stored text names the brand, or null when it is not about it. */
export function spansOf(text: StoredText, matcher: Matcher): MentionInput["spans"] | null {
  if (text.official !== null) return null;
  if (text.owned || text.sourceMatch === "all") return [];
  const [match] = matcher.match({
    title: text.title,
    text: text.text,
    author: text.authorName,
    url: text.url,
    source: text.sourceTitle,
  });
  return match ? [...match.spans] : null;
}

async function write(
  tx: Tx,
  created: readonly ReturnType<typeof scoredMention>[],
  moved: readonly { before: MentionRow; after: MentionInput }[],
  now: Date,
): Promise<void> {
  await insertMentions(
    tx,
    created.map(({ mention }) => mention),
    now,
  );
  await updateMentions(
    tx,
    moved.map(({ after }) => after),
    now,
  );
  await writeAspects(
    tx,
    [],
    created.flatMap(({ aspects }) => aspects),
  );
  const moves = await withAspects(tx, [
    ...created.map(({ mention, aspects }) => ({ before: null, after: mention, scored: true, aspects })),
    ...moved.map(one => ({ ...one, scored: false, aspects: [] })),
  ]);
  await moveMentionCounts(tx, moves);
}
