import { z } from "zod";
import type { documentVersions } from "#store/document.ts";
import type { clusterMates, MentionView } from "#store/mention-read.ts";
import type { MentionScoreRow } from "#store/rescore.ts";
import type { ToneExplanation } from "#tone/define.ts";
import { mentionBody, mentionSchema, toneSchema } from "./mention-shape.ts";
import { id, instant } from "./shape.ts";

const version = z.object({
  version: z.int(),
  title: z.string().nullable(),
  text: z.string(),
  ratingValue: z.number().nullable(),
  replacedAt: instant,
});

const mate = z.object({
  id,
  sourceId: id,
  sourceKind: z.string(),
  url: z.string().nullable(),
  occurredAt: instant,
  answered: z.boolean(),
  caseId: id.nullable(),
});

const part = z.object({
  field: z.enum(["title", "text"]),
  start: z.int(),
  end: z.int(),
  what: z.string(),
  weight: z.number().describe("in logit units; negative pulls down"),
});

const rescored = z.object({
  tone: toneSchema,
  score: z.number().describe("in [-1, 1]"),
  confidence: z.number().describe("in [0, 1]"),
  uncertain: z.boolean(),
  conflict: z.boolean().describe("text and stars disagree"),
  intents: z.array(z.string()),
  aspects: z.array(z.object({ aspect: z.string(), tone: toneSchema, score: z.number() })),
  modelVersion: z.string(),
  scoredAt: instant,
});

/** One mention with all that is known beside it. */
export const mentionDetailSchema = mentionSchema
  .extend({
    deletedAt: instant.nullable().describe("when it was found not to be about the brand"),
    versions: z.array(version).describe("texts that edits replaced, oldest first"),
    cluster: z.array(mate).describe("near-identical texts elsewhere, newest first, at most 50"),
    rescored: rescored
      .nullable()
      .describe("what a newer model says beside the first one's tone above; null when it was not asked"),
    explanation: z.object({
      logit: z.number(),
      parts: z.array(part),
      modelVersion: z.string().describe("that explains; modelVersion of the mention is the one that scored"),
    }),
  })
  .meta({ id: "MentionDetail" });

/** What is read beside the mention itself. */
interface Beside {
  versions: Awaited<ReturnType<typeof documentVersions>>;
  mates: Awaited<ReturnType<typeof clusterMates>>;
  rescored: MentionScoreRow | null;
  explained: ToneExplanation & { modelVersion: string };
}

export const detailBody = (
  row: MentionView,
  { versions, mates, rescored: newest, explained }: Beside,
): z.input<typeof mentionDetailSchema> => ({
  ...mentionBody(row),
  deletedAt: row.deleted_at,
  versions: versions.map(({ version: number, title, text, rating_value, replaced_at }) => ({
    version: number,
    title,
    text,
    ratingValue: rating_value,
    replacedAt: replaced_at,
  })),
  cluster: mates.map(one => ({
    id: one.id,
    sourceId: one.source_id,
    sourceKind: one.source_kind,
    url: one.url,
    occurredAt: one.occurred_at,
    answered: one.answered,
    caseId: one.case_id,
  })),
  rescored: newest && {
    tone: newest.tone,
    score: newest.score,
    confidence: newest.confidence,
    uncertain: newest.uncertain,
    conflict: newest.conflict,
    intents: newest.intents,
    aspects: [...newest.aspects],
    modelVersion: newest.model_version,
    scoredAt: newest.scored_at,
  },
  explanation: { ...explained, parts: explained.parts.map(one => placed(one, row.title)) },
});

/** The scorer reads title and text as one; people see them apart, and what spans both as the title's. */
function placed({ start, end, ...rest }: ToneExplanation["parts"][number], title: string | null) {
  const titleEnd = title?.length ?? 0;
  const lead = title === null ? 0 : titleEnd + 1;
  return start < lead
    ? { ...rest, field: "title" as const, start: Math.min(start, titleEnd), end: Math.min(end, titleEnd) }
    : { ...rest, field: "text" as const, start: start - lead, end: end - lead };
}
