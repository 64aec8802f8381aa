import { type AspectWord, aspectCounts } from "#domain/aspects.ts";
import type { Tx } from "#store/db.ts";
import { type AspectInput, type MentionInput, type MentionRow, storedAspects } from "#store/mention.ts";
import {
  type DifferenceChange,
  dropScores,
  type MentionScoreRow,
  moveDifferences,
  newestScores,
} from "#store/rescore.ts";
import { type CountChange, moveCounts } from "#store/rollup.ts";

/** A mention, locked, before and after a change; `scored` says that its text was scored now, with these `aspects`. */
export interface Change {
  before: MentionRow | null;
  after: MentionInput;
  scored: boolean;
  aspects: readonly AspectInput[];
}

/** The same with what the model says of aspects before and after. */
export interface Moved extends Omit<Change, "aspects"> {
  words: { before: readonly AspectWord[]; after: readonly AspectWord[] };
}

/** Reads the aspects that changes replace: before they are written. */
export async function withAspects(tx: Tx, changes: readonly Change[]): Promise<Moved[]> {
  const stored = await storedAspects(
    tx,
    changes.flatMap(({ before }) => before?.id ?? []),
  );
  return changes.map(({ aspects, ...change }) => {
    const before = stored.get(change.after.id) ?? [];
    return { ...change, words: { before, after: change.scored ? inTextOrder(aspects) : before } };
  });
}

/** As they are read again: by their places, of which each says one thing of an aspect. */
function inTextOrder(aspects: readonly AspectInput[]): AspectInput[] {
  const places = Map.groupBy(aspects, ({ aspect, start }) => `${start} ${aspect}`);
  return [...places.values()].map(([first]) => first as AspectInput).sort((a, b) => a.start - b.start);
}

/** Moves the counts with these mentions, and what newer scores change in them, in the mentions' transaction. */
export async function moveMentionCounts(tx: Tx, moves: readonly Moved[]): Promise<void> {
  await moveCounts(tx, moves.flatMap(countChanges));
  const known = moves.flatMap(({ before, after, scored }) =>
    before !== null && (scored || place(before) !== place(after)) ? [{ before, after, scored }] : [],
  );
  const newest = await newestScores(
    tx,
    known.map(({ after }) => after.id),
  );
  const touched = known.filter(({ after }) => newest.has(after.id));
  await moveDifferences(
    tx,
    touched.flatMap(({ before, after, scored }) => {
      const score = newest.get(after.id) ?? null;
      return [...differences(before, score, -1), ...differences(after, scored ? null : score, 1)];
    }),
  );
  await dropScores(
    tx,
    touched.filter(({ scored }) => scored).map(({ after }) => after.id),
  );
}

/** How a mention's change moves the counts: every living mention counts once, repeats too. */
function countChanges({ before, after, words }: Moved): CountChange[] {
  const left = before === null || before.deleted_at !== null ? null : counted(before, words.before);
  const entered = after.deleted_at !== null ? null : counted(after, words.after);
  if (left !== null && entered !== null && JSON.stringify(left) === JSON.stringify(entered)) return [];
  return [
    ...(left ? [{ ...left, n: -1 as const }] : []),
    ...(entered ? [{ ...entered, n: 1 as const }] : []),
  ];
}

const toneOf = (mention: MentionInput) => mention.human_tone ?? mention.model_tone;

const counted = (mention: MentionInput, words: readonly AspectWord[]): Omit<CountChange, "n"> => ({
  brandId: mention.brand_id,
  occurredAt: mention.occurred_at,
  sourceId: mention.source_id,
  sourceKind: mention.source_kind,
  kind: mention.kind,
  language: mention.language,
  tone: toneOf(mention),
  score: mention.score,
  rating5: mention.rating5,
  original: !mention.duplicate,
  aspects: aspectCounts((mention.human_aspects as AspectWord[] | null) ?? words, toneOf(mention)),
});

/** All that a difference of a mention follows from, but for the newest score. */
const place = (mention: MentionInput): string =>
  JSON.stringify([counted(mention, []), mention.human_tone, mention.deleted_at === null]);

/** What a difference reads of a mention. */
type Scored = Pick<
  MentionInput,
  | "brand_id"
  | "occurred_at"
  | "source_id"
  | "source_kind"
  | "kind"
  | "language"
  | "human_tone"
  | "model_tone"
  | "score"
  | "deleted_at"
>;

/** By how much a newer score moves the counts of a mention; a person's word holds over both models'. */
export function differences(
  mention: Scored,
  newest: Pick<MentionScoreRow, "tone" | "score"> | null,
  n: 1 | -1,
): DifferenceChange[] {
  if (newest === null || mention.deleted_at !== null) return [];
  const first = mention.human_tone ?? mention.model_tone;
  const now = mention.human_tone ?? newest.tone;
  const moved = (tone: typeof first) => n * (Number(now === tone) - Number(first === tone));
  return [
    {
      brandId: mention.brand_id,
      occurredAt: mention.occurred_at,
      sourceId: mention.source_id,
      sourceKind: mention.source_kind,
      kind: mention.kind,
      language: mention.language,
      positive: moved("positive"),
      neutral: moved("neutral"),
      negative: moved("negative"),
      scoreSum: (n * Math.round((newest.score - mention.score) * 1000)) / 1000,
    },
  ];
}
