import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { TextKind } from "#domain/item.ts";
import type { Tone, ToneInput } from "#tone/define.ts";

const folder = fileURLToPath(new URL("../../../shared/data/tone/", import.meta.url));

export interface ToneSet {
  name: string;
  kind: TextKind;
  /** Reviews have no predictable neutral, posts and news have. */
  classes: 2 | 3;
}

/** The labelled sets by what kind of text they hold. */
export const toneSets: readonly ToneSet[] = [
  { name: "public/ru_otzovik_sber", kind: "review", classes: 2 },
  { name: "public/ru_marketplace", kind: "review", classes: 2 },
  { name: "public/ru_livelib_books", kind: "review", classes: 2 },
  { name: "open/en_uci_sentences", kind: "review", classes: 2 },
  { name: "open/en_vader_amazon", kind: "review", classes: 2 },
  { name: "open/en_vader_movie", kind: "review", classes: 2 },
  { name: "public/ru_sentirueval_2016_banks", kind: "post", classes: 3 },
  { name: "open/ru_rusentitweet", kind: "post", classes: 3 },
  { name: "open/ru_cedr", kind: "post", classes: 3 },
  { name: "open/ru_goemotions_mt", kind: "comment", classes: 3 },
  { name: "open/en_goemotions", kind: "comment", classes: 3 },
  { name: "open/en_vader_tweets", kind: "post", classes: 3 },
  { name: "open/en_vader_nyt", kind: "news", classes: 3 },
  { name: "open/ru_rusentne", kind: "news", classes: 3 },
];

export interface Labelled {
  input: ToneInput;
  label: Tone;
}

const labels: Readonly<Record<string, Tone>> = { pos: "positive", neu: "neutral", neg: "negative" };

interface Row {
  text: string;
  label: string;
  pos?: [string, string];
}

function readRow(line: string, kind: TextKind): Labelled[] {
  const row = JSON.parse(line) as Row;
  const label = labels[row.label];
  if (label === undefined) return [];
  const input: ToneInput = { text: row.text, kind };
  if (row.pos !== undefined) input.brandSpans = [{ start: Number(row.pos[0]), end: Number(row.pos[1]) }];
  return [{ label, input }];
}

/** The rows of one part of a set, or null when the data is absent. */
export function readToneSet(set: ToneSet, part: "train" | "dev"): Labelled[] | null {
  const path = `${folder}${set.name}.${part}.jsonl`;
  if (!existsSync(path)) return null;
  const lines = readFileSync(path, "utf8").split("\n");
  return lines.filter(line => line.trim() !== "").flatMap(line => readRow(line, set.kind));
}
