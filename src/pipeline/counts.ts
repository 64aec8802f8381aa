import type { MentionInput } from "#store/mention.ts";
import type { CountChange } from "#store/rollup.ts";

/** How a mention's change moves the counts: every living mention counts once, repeats too. */
export function countChanges(before: MentionInput | null, after: MentionInput | null): CountChange[] {
  const left = before === null || before.deleted_at !== null ? null : counted(before);
  const entered = after === null || after.deleted_at !== null ? null : counted(after);
  if (left !== null && entered !== null && JSON.stringify(left) === JSON.stringify(entered)) return [];
  return [
    ...(left ? [{ ...left, n: -1 as const }] : []),
    ...(entered ? [{ ...entered, n: 1 as const }] : []),
  ];
}

const counted = (mention: MentionInput): Omit<CountChange, "n"> => ({
  brandId: mention.brand_id,
  occurredAt: mention.occurred_at,
  sourceId: mention.source_id,
  sourceKind: mention.source_kind,
  kind: mention.kind,
  language: mention.language,
  tone: mention.human_tone ?? mention.model_tone,
  score: mention.score,
  rating5: mention.rating5,
});
