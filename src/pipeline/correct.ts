import { shareBrand } from "#store/brand.ts";
import { touchPriorities } from "#store/case-priority.ts";
import type { Tx } from "#store/db.ts";
import {
  lockMention,
  type MentionInput,
  type MentionRow,
  mentionInput,
  updateMentions,
} from "#store/mention.ts";
import type { Outcome } from "#store/tables.ts";
import { openCases, planCases } from "./case-births.ts";
import { settleCases } from "./case-settling.ts";
import { moveMentionCounts, withAspects } from "./counts.ts";
import { factsOf } from "./desk/changed-facts.ts";
import type { Scope } from "./desk/steps.ts";
import { needsAnswer } from "./ingest/judge.ts";

/** A person's word about a mention; an absent field leaves the earlier word, null takes it back. */
export interface Correction {
  tone?: "positive" | "neutral" | "negative" | null | undefined;
  spam?: boolean | null | undefined;
  matched?: boolean | null | undefined;
  aspects?: readonly { aspect: string; tone: "positive" | "neutral" | "negative" }[] | null | undefined;
  tags?: readonly string[] | undefined;
}

/**
 * Stores a correction beside the model's values and moves what follows from it in the same transaction:
 * counts and the case. It never fires an alert. Undefined for a mention that the caller may not see.
 */
export async function correctMention(
  tx: Tx,
  scope: Scope,
  id: string,
  correction: Correction,
  now: Date,
): Promise<MentionRow | undefined> {
  const before = await lockMention(tx, id);
  if (!before || (scope.brandIds !== null && !scope.brandIds.includes(before.brand_id))) return undefined;
  const document = await textFacts(tx, before.document_id);
  if (document.erased_at !== null) return undefined;
  await followUp(tx, before, corrected(before, correction, scope.actor.personId, now), document, now);
  return lockMention(tx, id);
}

function corrected(
  before: MentionRow,
  { tone, spam, matched, aspects, tags }: Correction,
  personId: string | null,
  now: Date,
): MentionInput {
  const after = mentionInput(before);
  if (tone !== undefined) after.human_tone = tone;
  if (spam !== undefined) after.human_spam = spam;
  if (matched !== undefined) {
    after.human_matched = matched;
    after.deleted_at = matched === false ? (before.deleted_at ?? now) : null;
  }
  if (aspects !== undefined) after.human_aspects = aspects;
  if (tags !== undefined) after.tags = [...new Set(tags)];
  return { ...after, human_at: now, human_by: personId };
}

/** What a case needs to know of the text. */
const textFacts = (tx: Tx, documentId: string) =>
  tx
    .selectFrom("document")
    .select(["cluster_id", "published_at", "erased_at"])
    .where("id", "=", documentId)
    .executeTakeFirstOrThrow();

async function followUp(
  tx: Tx,
  before: MentionRow,
  after: MentionInput,
  document: Awaited<ReturnType<typeof textFacts>>,
  now: Date,
): Promise<void> {
  const brandRow = await shareBrand(tx, after.brand_id);
  const opens =
    after.case_id === null &&
    after.acts &&
    needsAnswer(after) &&
    after.kind !== "search-result" &&
    brandRow?.competitor_of === null;
  const plea = { mention: after, clusterId: document.cluster_id, publishedAt: document.published_at };
  const plan = await planCases(tx, opens ? [plea] : []);
  await updateMentions(tx, [after], now);
  await openCases(tx, plan, now);
  if (before.case_id !== null && needsAnswer(before) !== needsAnswer(after)) {
    const cause = {
      caseId: before.case_id,
      outcome: outcomeOf(after),
      reopens: needsAnswer(after),
      answeredAt: null,
    };
    await settleCases(tx, [cause], { personId: after.human_by, keyId: null }, now);
  }
  await touchPriorities(tx, factsOf([{ before, after }]), now);
  await moveMentionCounts(tx, await withAspects(tx, [{ before, after, scored: false, aspects: [] }]));
}

function outcomeOf(after: MentionInput): Outcome {
  if (after.deleted_at !== null) return "not-about-brand";
  return after.human_spam ? "spam" : "no-reply-needed";
}
