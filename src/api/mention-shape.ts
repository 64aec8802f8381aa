import { z } from "zod";
import { answerStates, textKinds } from "#domain/item.ts";
import type { MentionView } from "#store/mention-read.ts";
import { id, instant } from "./shape.ts";

export const toneSchema = z.enum(["positive", "neutral", "negative"]);

const rating = z.object({ value: z.number(), scale: z.number() });
const span = z.object({ field: z.enum(["title", "text"]), start: z.int(), end: z.int() });
const humanAspect = z.object({ aspect: z.string(), tone: toneSchema });

const answerSchema = z.object({
  state: z.enum(answerStates),
  text: z.string(),
  authorName: z.string().nullable(),
  url: z.string().nullable(),
  at: instant.nullable(),
  basis: z.enum(["platform", "ours", "seen"]).nullable().describe("who says when it was given"),
  evidence: z.string().describe("why it counts as the brand's own"),
});

/** One document × one brand, the document's fields flattened in. */
export const mentionSchema = z
  .object({
    id,
    seq: z.int(),
    documentId: id,
    brandId: id,
    sourceId: id,
    sourceKind: z.string(),
    externalId: z.string(),
    kind: z.enum(textKinds),
    url: z.string().nullable(),
    title: z.string().nullable(),
    text: z.string(),
    version: z.int().describe("of the text: 1, and one more for each edit"),
    product: z.string().nullable(),
    language: z.string().describe('ISO 639-1, or "und"'),
    rating: rating.nullable(),
    author: z
      .object({
        id: z.string().nullable(),
        name: z.string().nullable(),
        url: z.string().nullable(),
        reach: z.int().nullable(),
      })
      .nullable(),
    publishedAt: instant.nullable(),
    editedAt: instant.nullable(),
    firstSeenAt: instant,
    occurredAt: instant.describe("publishedAt, else firstSeenAt; dateBasis says which"),
    dateBasis: z.enum(["published", "seen"]),
    threadId: z.string().nullable(),
    threadTitle: z.string().nullable(),
    parentExternalId: z.string().nullable(),
    engagement: z.record(z.string(), z.number()),
    spans: z.array(span).describe("where the brand is named, in UTF-16 units"),
    tone: toneSchema.describe("the human's word, else the model's"),
    score: z.number().describe("in [-1, 1], the model's"),
    confidence: z.number(),
    uncertain: z.boolean(),
    basis: z.enum(["text", "rating"]),
    conflict: z.boolean().describe("stars and text disagree"),
    modelTone: toneSchema,
    modelVersion: z.string(),
    spam: z.boolean(),
    intents: z.array(z.string()),
    aspects: z.array(
      z.object({
        aspect: z.string(),
        tone: toneSchema,
        score: z.number(),
        quote: z.string(),
        start: z.int(),
        end: z.int(),
      }),
    ),
    human: z
      .object({
        tone: toneSchema.nullable(),
        spam: z.boolean().nullable(),
        matched: z.boolean().nullable(),
        aspects: z.array(humanAspect).nullable(),
        at: instant,
        by: id.nullable(),
      })
      .nullable()
      .describe("a person's correction; it wins over the model's values and is never overwritten"),
    tags: z.array(z.string()),
    duplicate: z.boolean(),
    clusterId: id.nullable(),
    answered: z.boolean(),
    answer: answerSchema.nullable(),
    caseId: id.nullable(),
  })
  .meta({ id: "Mention" });

export type MentionBody = z.input<typeof mentionSchema>;

/** The documents's and author's facts of a mention, and its tone, as the API shows them. */
export const mentionBody = (row: MentionView): MentionBody => ({
  id: row.id,
  seq: row.seq,
  documentId: row.document_id,
  brandId: row.brand_id,
  sourceId: row.source_id,
  sourceKind: row.source_kind,
  externalId: row.external_id,
  kind: row.kind,
  url: row.url,
  title: row.title,
  text: row.text,
  version: row.version,
  product: row.product,
  language: row.language,
  rating:
    row.rating_value === null || row.rating_scale === null
      ? null
      : { value: row.rating_value, scale: row.rating_scale },
  author: authorBody(row),
  publishedAt: row.published_at,
  editedAt: row.edited_at,
  firstSeenAt: row.first_seen_at,
  occurredAt: row.occurred_at,
  dateBasis: row.date_basis,
  threadId: row.thread_id,
  threadTitle: row.thread_title,
  parentExternalId: row.parent_external_id,
  engagement: row.engagement,
  spans: row.spans,
  tone: row.tone,
  score: row.score,
  confidence: row.confidence,
  uncertain: row.uncertain,
  basis: row.basis,
  conflict: row.conflict,
  modelTone: row.model_tone,
  modelVersion: row.model_version,
  spam: row.spam,
  intents: row.intents,
  aspects: row.aspects as MentionBody["aspects"],
  human: humanBody(row),
  tags: row.tags,
  duplicate: row.duplicate,
  clusterId: row.cluster_id,
  answered: row.answered,
  answer: answerBody(row),
  caseId: row.case_id,
});

/** Authors without an id at their site are known by `name:…`, which is no id to show. */
const authorBody = (row: MentionView): MentionBody["author"] =>
  row.author_external_id === null
    ? null
    : {
        id: row.author_external_id.startsWith("name:") ? null : row.author_external_id,
        name: row.author_name,
        url: row.author_url,
        reach: row.author_reach,
      };

const humanBody = (row: MentionView): MentionBody["human"] =>
  row.human_at === null
    ? null
    : {
        tone: row.human_tone,
        spam: row.human_spam,
        matched: row.human_matched,
        aspects: row.human_aspects as z.infer<typeof humanAspect>[] | null,
        at: row.human_at,
        by: row.human_by,
      };

const answerBody = (row: MentionView): MentionBody["answer"] =>
  row.answer === null
    ? null
    : {
        state: row.answer_state,
        text: row.answer.text,
        authorName: row.answer.authorName,
        url: row.answer.url,
        at: row.answer_at,
        basis: row.answer_basis,
        evidence: row.answer.evidence,
      };
