import { readFile } from "node:fs/promises";
import type { Scorer } from "#tone/define.ts";
import { ModelError } from "#tone/model/error.ts";
import { modelUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";

/** A scorer over the shipped model; throws ModelError when its file is missing, damaged or of another version. */
export const openScorer = async (url?: URL): Promise<Scorer> => createScorer(...(await readModelFiles(url)));

/** What a scorer over the shipped model is made of; throws ModelError when a file cannot be read. */
export const readModelFiles = async (url: URL = modelUrl): Promise<Parameters<typeof createScorer>> => [
  await readModelFile(url),
];

async function readModelFile(url: URL): Promise<Uint8Array> {
  try {
    return await readFile(url);
  } catch (cause) {
    throw new ModelError(
      `The tone model ${decodeURI(url.pathname)} cannot be read: fetch the file of this version of Molva again.`,
      { cause },
    );
  }
}
