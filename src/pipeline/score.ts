import type { Db } from "#store/db.ts";
import type { DocumentRow } from "#store/document.ts";
import type { MentionInput } from "#store/mention.ts";
import { newestLayers } from "#store/recalibration.ts";
import type { Recalibration, Scorer, ToneInput, ToneResult } from "#tone/define.ts";

export { scoredBy } from "#tone/recalibrate.ts";

/** Scores many texts at once, off the main loop; the results stand in the order of the texts. */
export type ScoreAll = (inputs: readonly ToneInput[]) => Promise<ToneResult[]>;

/** Scores in the caller's own thread, for commands and few texts. */
export const scoreHere =
  (scorer: Scorer): ScoreAll =>
  async inputs =>
    inputs.map(input => scorer.score(input));

/** The layers of these sources for this model; a source that nobody corrected has none. */
export async function layersOf(
  db: Db,
  scorer: Pick<Scorer, "modelVersion">,
  sourceIds: Iterable<string>,
): Promise<Map<string, Recalibration>> {
  const stored = await newestLayers(db, [...new Set(sourceIds)], scorer.modelVersion);
  return new Map(
    stored.map(({ sourceId, version, parameters }) => [
      sourceId,
      { ...(parameters as unknown as Omit<Recalibration, "version">), version },
    ]),
  );
}

/** What the scorer reads of a stored text: the title on a line of its own, then the text. */
export function toneInput(
  text: Pick<DocumentRow, "kind" | "title" | "text" | "rating_value" | "rating_scale"> &
    Pick<MentionInput, "spans">,
  recalibration: Recalibration | null = null,
): ToneInput {
  const lead = text.title === null ? "" : `${text.title}\n`;
  return {
    text: lead + text.text,
    kind: text.kind,
    rating:
      text.rating_value === null || text.rating_scale === null
        ? null
        : { value: text.rating_value, scale: text.rating_scale },
    brandSpans: text.spans.map(({ field, start, end }) =>
      field === "title" ? { start, end } : { start: start + lead.length, end: end + lead.length },
    ),
    recalibration,
  };
}
