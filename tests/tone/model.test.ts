import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openScorer } from "#boot/scorer.ts";
import { lexicon } from "#tone/lexicon/tables.ts";
import { ModelError } from "#tone/model/error.ts";
import { readModel, writeModel } from "#tone/model/file.ts";
import { modelUrl, topicsUrl } from "#tone/model/path.ts";
import { packVocabulary, unpackVocabulary } from "#tone/model/vocabulary.ts";
import { createScorer } from "#tone/scorer.ts";
import { readTopics, writeTopics } from "#tone/topics/file.ts";
import { lexiconHash } from "#tone/training/build.ts";
import { compileVocabulary } from "#tone/vocabulary.ts";

const shipped = new Uint8Array(readFileSync(modelUrl));
const changed = (change: (bytes: Uint8Array) => void): Uint8Array => {
  const bytes = shipped.slice();
  change(bytes);
  return bytes;
};

describe("the shipped model", () => {
  test("was trained with the lexicon of this code", () =>
    expect(readModel(shipped).facts.lexicon).toBe(lexiconHash()));
  test("carries the lexicon of this code, compiled", () => {
    const compiled = compileVocabulary(lexicon);
    const { vocabulary } = readModel(shipped);
    expect(Buffer.compare(vocabulary, packVocabulary(compiled))).toBe(0);
    expect(unpackVocabulary(vocabulary)).toEqual(compiled);
  });
  test("has another name beside other aspects", () => {
    const read = readTopics(readFileSync(topicsUrl));
    const other = writeTopics({ ...read, facts: { ...read.facts, version: "topics-other" } });
    const named = createScorer(shipped, writeTopics(read)).modelVersion;
    expect(named).toBe(`${readModel(shipped).facts.version}.${read.facts.version.replace("topics-", "")}`);
    expect(createScorer(shipped, other).modelVersion).not.toBe(named);
  });
  test("is at most 6 MB", () => expect(shipped.length).toBeLessThanOrEqual(6_000_000));
  test("is written again byte for byte by what was read", () =>
    expect(Buffer.compare(writeModel(readModel(shipped)), shipped)).toBe(0));
});

describe("a file that is no model of this version is refused in one sentence", () => {
  test.each([
    ["empty", new Uint8Array()],
    ["of something else", new TextEncoder().encode("a picture of a cat, perhaps, or of a dog")],
    ["cut in its facts", shipped.slice(0, 40)],
    ["cut in its weights", shipped.slice(0, shipped.length >> 1)],
    ["cut by one byte", shipped.slice(0, -1)],
    ["longer by one byte", new Uint8Array([...shipped.subarray(0, 100), 0, ...shipped.subarray(100)])],
    ["changed in one weight", changed(bytes => void bytes.fill(1, 2_000_000, 2_000_001))],
    ["of another form", changed(bytes => void bytes.fill(9, 11, 12))],
  ])("%s", (_name, bytes) => {
    expect(() => createScorer(bytes)).toThrow(ModelError);
    expect(() => createScorer(bytes)).toThrow(/tone model .*molva tone train/u);
  });

  test("missing", async () => {
    await expect(openScorer(new URL("./absent.bin", modelUrl))).rejects.toThrow(ModelError);
    await expect(openScorer(new URL("./absent.bin", modelUrl))).rejects.toThrow(
      /absent\.bin cannot be read/u,
    );
  });
});
