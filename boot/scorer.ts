import { readFile } from "node:fs/promises";
import type { Scorer } from "#tone/define.ts";
import { ModelError } from "#tone/model/error.ts";
import { modelUrl, topicsUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";

/** A scorer over the shipped models; throws ModelError when a file is missing, damaged or of another version. */
export const openScorer = async (url?: URL, topics?: URL): Promise<Scorer> =>
  createScorer(...(await readModelFiles(url, topics)));

/** What a scorer over the shipped models is made of; throws ModelError when a file cannot be read. */
export const readModelFiles = (
  url: URL = modelUrl,
  topics: URL = topicsUrl,
): Promise<[model: Uint8Array, topics: Uint8Array]> =>
  Promise.all([readModelFile(url), readModelFile(topics)]);

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
