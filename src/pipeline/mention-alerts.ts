import type { Firing } from "#domain/alerts/firing.ts";
import { settingsOf } from "#domain/alerts/kinds.ts";
import { firesForKeyword, firesForMention, firingTones, type MentionFact } from "#domain/alerts/mention.ts";
import { compileBrands } from "#domain/query/match.ts";
import type { MatchedDocument } from "#domain/query/page.ts";
import { parseQuery } from "#domain/query/parse.ts";
import { type AlertInput, type AlertRuleRow, activeRules } from "#store/alert.ts";
import { mentionFacts } from "#store/alert-facts.ts";
import type { Tx } from "#store/db.ts";
import { alertOf } from "./alerts.ts";

/** Kinds of rules that look at each text by itself. */
const mentionKinds = ["negative-mention", "keyword"] as const;
type MentionRuleKind = (typeof mentionKinds)[number];

/** A rule about single texts, ready to look at many. */
export type Look = (fact: MentionFact) => Firing | null;

/** Makes a rule's settings into its evaluator; the query is compiled once. */
export function lookOfRule(kind: MentionRuleKind, settings: unknown): Look {
  if (kind === "keyword") {
    const read = settingsOf("keyword", settings);
    const matches = matcherOf(read.query);
    return fact => firesForKeyword(read, fact, matches);
  }
  const read = settingsOf("negative-mention", settings);
  const matches = matcherOf(read.query);
  return fact => firesForMention(read, fact, matches);
}

function matcherOf(query: string | undefined): (document: MatchedDocument) => boolean {
  if (query === undefined) return () => true;
  const matcher = compileBrands([{ brandId: "rule", query: parseQuery(query) }]);
  return document => matcher.match(document).length > 0;
}

/** A text of a page that a rule may want to look at. */
interface Candidate {
  id: string;
  brandId: string;
  /** It is new, or an edit made it one that asks for an answer. */
  fresh: boolean;
  /** Its words are new. */
  reread: boolean;
  tone: MentionFact["tone"];
}

/** Tones that a rule may fire for: most texts of a page need not be read again for their alerts. */
function tonesOf({ kind, settings }: AlertRuleRow): readonly MentionFact["tone"][] {
  return kind === "keyword"
    ? firingTones.keyword(settingsOf("keyword", settings))
    : firingTones["negative-mention"](settingsOf("negative-mention", settings));
}

/** What the rules about single texts fire for on a page that was stored just now. */
export async function firingsOfMentions(
  tx: Tx,
  candidates: readonly Candidate[],
  now: Date,
): Promise<AlertInput[]> {
  if (candidates.length === 0) return [];
  const brandIds = [...new Set(candidates.map(({ brandId }) => brandId))];
  const rules = await activeRules(tx, brandIds, mentionKinds);
  if (rules.length === 0) return [];
  const watched = new Set(rules.flatMap(rule => tonesOf(rule).map(tone => `${rule.brand_id} ${tone}`)));
  const byId = new Map(
    candidates
      .filter(({ brandId, tone }) => watched.has(`${brandId} ${tone}`))
      .map(candidate => [candidate.id, candidate]),
  );
  const facts = await mentionFacts(tx, [...byId.keys()]);
  return rules.flatMap(rule => {
    const kind = rule.kind as MentionRuleKind;
    const look = lookOfRule(kind, rule.settings);
    return facts
      .filter(fact => fact.brandId === rule.brand_id)
      .filter(({ id }) => byId.get(id)?.[kind === "keyword" ? "reread" : "fresh"] === true)
      .flatMap(fact => look(fact) ?? [])
      .map(firing => alertOf(rule, firing, now));
  });
}
