import type { TextKind } from "#domain/item.ts";
import type { MatchedDocument } from "#domain/query/page.ts";
import type { Firing } from "./firing.ts";
import { tones as allTones, type RuleSettings } from "./kinds.ts";

/** What rules about single texts know of one. */
export interface MentionFact {
  id: string;
  /** When it was first seen. */
  at: Date;
  caseId: string | null;
  sourceId: string;
  sourceKind: string;
  kind: TextKind;
  tone: "positive" | "neutral" | "negative";
  score: number;
  rating5: number | null;
  intents: readonly string[];
  aspects: readonly string[];
  /** Readers of its author; null when nobody said. */
  reach: number | null;
  /** It had the brand's answer when it was first seen. */
  answered: boolean;
  document: MatchedDocument;
}

type Narrowing = Omit<RuleSettings<"keyword">, "query" | "tones">;
/** Whether the text matches the rule's own query. */
type Matches = (document: MatchedDocument) => boolean;

/** Tones that a rule may fire for: of the other texts it need not know more. */
export const firingTones = {
  "negative-mention": ({ tones = ["negative"] }: RuleSettings<"negative-mention">) => tones,
  keyword: ({ tones = [...allTones] }: RuleSettings<"keyword">) => tones,
};

/** A negative text without an answer, or whatever else the rule asks for. */
export function firesForMention(
  settings: RuleSettings<"negative-mention">,
  fact: MentionFact,
  matches: Matches,
): Firing | null {
  const { maxScore, maxRating, query } = settings;
  const fires =
    !fact.answered &&
    firingTones["negative-mention"](settings).includes(fact.tone) &&
    (maxScore === undefined || fact.score <= maxScore) &&
    (maxRating === undefined || (fact.rating5 !== null && fact.rating5 <= maxRating)) &&
    isWithin(settings, fact) &&
    (query === undefined || matches(fact.document));
  return fires ? firingOf(fact) : null;
}

/** A text in which the rule's words stand, whatever its tone. */
export function firesForKeyword(
  settings: RuleSettings<"keyword">,
  fact: MentionFact,
  matches: Matches,
): Firing | null {
  const fires =
    firingTones.keyword(settings).includes(fact.tone) && isWithin(settings, fact) && matches(fact.document);
  return fires ? firingOf(fact) : null;
}

function isWithin(
  { sourceIds, sourceKinds, kinds, aspects, intents, minReach }: Narrowing,
  fact: MentionFact,
): boolean {
  return (
    (sourceIds?.includes(fact.sourceId) ?? true) &&
    (sourceKinds?.includes(fact.sourceKind) ?? true) &&
    (kinds?.includes(fact.kind) ?? true) &&
    (aspects?.some(aspect => fact.aspects.includes(aspect)) ?? true) &&
    (intents?.some(intent => fact.intents.includes(intent)) ?? true) &&
    (minReach === undefined || (fact.reach !== null && fact.reach >= minReach))
  );
}

const firingOf = ({
  id,
  at,
  caseId,
  sourceId,
  tone,
  score,
  rating5,
  intents,
  reach,
}: MentionFact): Firing => ({
  subject: `mention:${id}`,
  at,
  mentionId: id,
  caseId,
  sourceId,
  reason: { tone, score, rating5, intents, ...(reach === null ? {} : { reach }) },
});
