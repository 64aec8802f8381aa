import { setImmediate } from "node:timers/promises";
import { inTransaction } from "#store/db.ts";
import {
  type CorrectedText,
  correctedSources,
  correctedTexts,
  insertLayer,
  type SourceCorrections,
} from "#store/recalibration.ts";
import type { Scorer } from "#tone/define.ts";
import {
  type CorrectedTone,
  fitRecalibration,
  type RecalibrationFit,
  weightOfKind,
} from "#tone/recalibrate.ts";
import type { Deps } from "./deps.ts";
import { toneInput } from "./score.ts";

/** So many new corrections make a source's layer worth fitting anew. */
const worthFitting = 10;
/** Newer corrections tell more of how a source speaks now; older ones are left out from here on. */
const mostOwn = 1_000;
const mostOfKind = 500;
const atOnce = 50;

type RecalibrateDeps = Pick<Deps, "db" | "clock" | "scorer">;

export interface RecalibratedSource extends SourceCorrections {
  /** Null where too little was new. */
  fitted: (RecalibrationFit & { version: number; kindCount: number }) | null;
}

/**
 * Fits the layers of sources with enough new corrections; new mentions follow them at once, stored ones when
 * they are scored anew. `least` is how many corrections must be new; `dryRun` writes nothing.
 */
export async function recalibrateSources(
  deps: RecalibrateDeps,
  { least = worthFitting, sourceId = null as string | null, dryRun = false } = {},
): Promise<RecalibratedSource[]> {
  const sources = await correctedSources(deps.db, deps.scorer.modelVersion);
  const result: RecalibratedSource[] = [];
  for (const source of sources) {
    if (sourceId !== null && source.id !== sourceId) continue;
    const fitted = source.newCount < least ? null : await fitSource(deps, source, dryRun);
    result.push({ ...source, fitted });
  }
  return result;
}

async function fitSource(deps: RecalibrateDeps, source: SourceCorrections, dryRun: boolean) {
  const { db, clock, scorer } = deps;
  const fittedAt = clock();
  const own = await correctedTexts(db, source, "own", mostOwn);
  const ofKind = await correctedTexts(db, source, "kind", mostOfKind);
  const fit = fitRecalibration([
    ...(await corrected(scorer, own, 1)),
    ...(await corrected(scorer, ofKind, weightOfKind(ofKind.length))),
  ]);
  const counts = { ownCount: own.length, kindCount: ofKind.length };
  if (dryRun) return { ...fit, version: 0, kindCount: ofKind.length };
  const layer = { sourceId: source.id, modelVersion: scorer.modelVersion, parameters: { ...fit }, ...counts };
  const version = await inTransaction(db, tx => insertLayer(tx, { ...layer, fittedAt }));
  return { ...fit, version, kindCount: ofKind.length };
}

/** What the model itself says of corrected texts, a few at a time, so that the process does its other work between. */
async function corrected(
  scorer: Scorer,
  texts: readonly CorrectedText[],
  weight: number,
): Promise<CorrectedTone[]> {
  const found: CorrectedTone[] = [];
  for (const text of texts) {
    if (found.length % atOnce === atOnce - 1) await setImmediate();
    found.push({ logits: scorer.logits(toneInput(text)), tone: text.human_tone, weight });
  }
  return found;
}
