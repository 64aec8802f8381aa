import type { Matcher } from "#domain/query/match.ts";
import { toneInput } from "#pipeline/score.ts";
import type { WatchedBrand } from "#pipeline/watch.ts";
import type { DocumentRow } from "#store/document.ts";
import { newId } from "#store/id.ts";
import { type AspectInput, type MentionInput, type MentionRow, mentionInput } from "#store/mention.ts";
import type { Recalibration, ToneInput, ToneResult } from "#tone/define.ts";
import { ratingOfFive } from "./draft.ts";
import type { Placed } from "./place.ts";

/** A mention before and after this page; `before` is null for a new one. */
export interface Judged {
  before: MentionRow | null;
  after: MentionInput;
  /** Empty unless the text was scored now. */
  aspects: AspectInput[];
  scored: boolean;
}

export interface JudgeContext {
  /** The source's own. Other brands are asked about a text only if they had a mention of it. */
  brands: readonly WatchedBrand[];
  /** Of the source's brands and of those others. */
  matcher: Matcher;
  /** What people's corrections taught about the source. */
  layer: Recalibration | null;
  /** Every text of the source is about its brands, whatever it says. */
  matchAll: boolean;
  sourceId: string;
  sourceTitle: string;
  actFrom: Date;
  now: Date;
}

type Spans = MentionInput["spans"];

/** Which brands a text is about, with the places that say so; none for a brand's own voice. */
function matched(
  placed: Placed,
  context: JudgeContext,
  known: ReadonlyMap<string, MentionRow>,
): Map<string, Spans> {
  const { row, draft } = placed;
  const found = new Map<string, Spans>();
  if (row.owned || context.matchAll) for (const brand of context.brands) found.set(brand.id, []);
  const author = draft.item.author?.name ?? null;
  for (const match of context.matcher.match({
    title: row.title,
    text: row.text,
    author,
    url: row.url,
    source: context.sourceTitle,
  })) {
    if (isOwn(match.brandId, context) || known.has(match.brandId)) found.set(match.brandId, match.spans);
  }
  for (const brandId of placed.officialFor) found.delete(brandId);
  return found;
}

const isOwn = (brandId: string, { brands }: JudgeContext) => brands.some(({ id }) => id === brandId);

/** A mention whose text is to be scored; `finish` makes it from the tone. */
export interface ToScore {
  input: ToneInput;
  finish(tone: ToneResult): Judged;
}

/**
 * Mentions of one stored text, and those that need a tone first; a brand that an edit no longer names loses its
 * mention, unless a person matched it.
 */
export function judge(
  placed: Placed,
  before: readonly MentionRow[],
  context: JudgeContext,
): (Judged | ToScore)[] {
  const known = new Map(before.map(mention => [mention.brand_id, mention]));
  if (!placed.textChanged) return before.map(mention => judged(mention, refreshed(mention, placed)));
  const spans = matched(placed, context, known);
  const result: (Judged | ToScore)[] = [];
  for (const [brandId, brandSpans] of spans) {
    const mention = known.get(brandId) ?? null;
    known.delete(brandId);
    if (mention?.human_matched === false) continue;
    result.push(toScore(placed, brandId, brandSpans, mention, context));
  }
  for (const [brandId, mention] of known) {
    // Another brand's source may take every text, and then no words say that this one is about it.
    const isTaken = !isOwn(brandId, context) && mention.deleted_at === null && mention.spans.length === 0;
    if (mention.human_matched || isTaken) result.push(toScore(placed, brandId, [], mention, context));
    else if (mention.deleted_at === null)
      result.push(judged(mention, { ...refreshed(mention, placed), deleted_at: context.now }));
  }
  return result;
}

/** New mentions of a text that another source stored as it is: the brands of that source may not be these. */
export function judgeStored(placed: Placed, before: readonly MentionRow[], context: JudgeContext): ToScore[] {
  const known = new Set(before.map(mention => mention.brand_id));
  return [...matched(placed, context, new Map())]
    .filter(([brandId]) => !known.has(brandId))
    .map(([brandId, spans]) => toScore(placed, brandId, spans, null, context));
}

const judged = (before: MentionRow, after: MentionInput): Judged => ({
  before,
  after,
  aspects: [],
  scored: false,
});

/** The columns that follow from the document without reading its text. */
function refreshed(mention: MentionRow, { row, draft }: Placed): MentionInput {
  return {
    ...mentionInput(mention),
    kind: row.kind,
    occurred_at: row.occurred_at,
    rating5: draft.rating5,
    author_id: row.author_id,
    answered: row.answer_state === "published",
  };
}

function toScore(
  { row }: Placed,
  brandId: string,
  spans: Spans,
  before: MentionRow | null,
  context: JudgeContext,
): ToScore {
  const text = {
    ...row,
    source_id: context.sourceId,
    brandId,
    spans,
    acts: row.occurred_at >= context.actFrom,
    now: context.now,
  };
  return {
    input: toneInput(text, context.layer),
    finish: tone => {
      const { mention, aspects } = scoredMention(text, tone);
      row.language = mention.language;
      if (before === null) return { before, after: mention, aspects, scored: true };
      const { human_tone, human_spam, human_matched, human_aspects, human_at, human_by } = before;
      const { id, source_id, first_seen_at, tags, duplicate, case_id } = before;
      const human = { human_tone, human_spam, human_matched, human_aspects, human_at, human_by };
      const after = { ...mention, ...human, id, source_id, first_seen_at, tags, duplicate, case_id };
      return { before, after, aspects: aspects.map(aspect => ({ ...aspect, mention_id: id })), scored: true };
    },
  };
}

/** What scoring reads of a stored or new text. */
export interface TextToScore
  extends Pick<
    DocumentRow,
    | "id"
    | "source_kind"
    | "source_id"
    | "kind"
    | "title"
    | "text"
    | "rating_value"
    | "rating_scale"
    | "author_id"
    | "occurred_at"
    | "answer_state"
  > {
  brandId: string;
  spans: Spans;
  /** Known to repeat a text that stood somewhere before. */
  duplicate?: boolean;
  /** Young enough to open a case and raise alerts. */
  acts: boolean;
  now: Date;
}

/** A new mention of a brand with its tone toward that brand. */
export function scoredMention(
  text: TextToScore,
  tone: ToneResult,
): { mention: MentionInput; aspects: AspectInput[] } {
  const id = newId();
  const { rating_value: value, rating_scale: scale } = text;
  const mention: MentionInput = {
    id,
    document_id: text.id,
    brand_id: text.brandId,
    source_id: text.source_id,
    source_kind: text.source_kind,
    kind: text.kind,
    language: tone.language,
    occurred_at: text.occurred_at,
    first_seen_at: text.now,
    scored_at: text.now,
    rating5: value === null || scale === null ? null : ratingOfFive({ value, scale }),
    author_id: text.author_id,
    spans: text.spans,
    model_tone: tone.label,
    score: round3(tone.score),
    confidence: round3(tone.confidence),
    uncertain: tone.uncertain,
    basis: tone.basis,
    conflict: tone.conflict,
    model_version: tone.modelVersion,
    model_spam: tone.spam,
    intents: tone.intents,
    human_tone: null,
    human_spam: null,
    human_matched: null,
    human_aspects: null,
    human_at: null,
    human_by: null,
    tags: [],
    duplicate: text.duplicate ?? false,
    answered: text.answer_state === "published",
    acts: text.acts,
    case_id: null,
    deleted_at: null,
  };
  return {
    mention,
    aspects: tone.aspects.map(({ label, ...aspect }) => ({ ...aspect, tone: label, mention_id: id })),
  };
}

/** Stored as `real`: rounded first, so that what is read back and taken from the counts is what was added. */
export const round3 = (value: number) => Math.round(value * 1000) / 1000;

/** What counts: the human's word over the model's. */
export const effectiveTone = (mention: MentionInput) => mention.human_tone ?? mention.model_tone;
const isSpam = (mention: MentionInput) => mention.human_spam ?? mention.model_spam;

/** Whether a mention asks for an answer. */
export const needsAnswer = (mention: MentionInput): boolean =>
  effectiveTone(mention) === "negative" &&
  !mention.answered &&
  !isSpam(mention) &&
  mention.deleted_at === null;
