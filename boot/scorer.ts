import { readFile } from "node:fs/promises";
import type { Scorer } from "#tone/define.ts";
import { ModelError } from "#tone/model/error.ts";
import { modelUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";

/** A scorer over the shipped model; throws ModelError when its file is missing, damaged or of another version. */
export async function openScorer(url: URL = modelUrl): Promise<Scorer> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(url);
  } catch (cause) {
    throw new ModelError(
      `The tone model ${decodeURI(url.pathname)} cannot be read: fetch the file of this version of Molva again.`,
      { cause },
    );
  }
  return createScorer(bytes);
}
