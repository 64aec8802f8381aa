import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Library } from "#tone/training/gather.ts";

/** The corpus of this repository. */
export const corpusFolder = fileURLToPath(new URL("../../../corpus/", import.meta.url));
/** Where the labelled data of others is looked for: beside the checkout. */
export const dataFolder = fileURLToPath(new URL("../../../../shared/data/tone/", import.meta.url));

const linesOf = (path: string): string[] => readFileSync(path, "utf8").split("\n");

/** Reads labelled data and corpus from their folders; files are read when they are asked for. */
export function openLibrary(data: string, corpus: string): Library {
  const corpusPaths = readdirSync(corpus, { recursive: true, encoding: "utf8" })
    .filter(path => path.endsWith(".txt"))
    .map(path => path.replaceAll("\\", "/"))
    .toSorted();
  return {
    data: path => (existsSync(join(data, path)) ? linesOf(join(data, path)) : null),
    corpusPaths,
    corpus: path => linesOf(join(corpus, path)),
  };
}
