import { createLogits, createWordSums, unitsPerLogit } from "#tone/logit.ts";
import type { Model } from "#tone/model/file.ts";
import { unpackVocabulary } from "#tone/model/vocabulary.ts";
import { atPosition, ratingPosition } from "#tone/rating.ts";
import { createReader, type ReadText } from "#tone/reader.ts";
import { createEvidence, type Evidence, mostClauses } from "#tone/topics/evidence.ts";
import { countMarks, type Facts, factsOf, intentsOfFlags } from "#tone/topics/flags.ts";
import { aspectCount } from "#tone/topics/outputs.ts";
import { fillEvidence } from "#tone/topics/read.ts";
import { mostWordRows, readWordRows, rowOf } from "#tone/topics/rows.ts";
import { createTopicWalk } from "#tone/topics/walk.ts";
import type { MarkedSpan } from "./marks.ts";
import { isMarked, type TopicText } from "./texts.ts";

/** One clause to learn from: the rows of its features, the aspects it speaks of, its tone. */
export interface Clause {
  rows: Int32Array;
  aspects: Uint8Array;
  /** Null without an aspect, or with two of different tones. */
  tone: -1 | 0 | 1 | null;
}

/** A text as numbers; `evidence` lacks the sums of weights. */
export interface EncodedTopics {
  text: TopicText;
  clauses: Clause[];
  marked: boolean[];
  tokens: number;
  evidence: Evidence;
  /** What flags are decided from; the marks by flag. */
  facts: Facts;
  marks: number[];
}

const overlaps = (reading: ReadText["reading"], clause: number, { start, end }: MarkedSpan): boolean =>
  (reading.clauseStart[clause] as number) < end && start < (reading.clauseEnd[clause] as number);

function clauseOf(read: ReadText, clause: number, rows: number[], spans: readonly MarkedSpan[]): Clause {
  const own = spans.filter(span => overlaps(read.reading, clause, span));
  const aspects = new Uint8Array(aspectCount);
  for (const { aspect } of own) aspects[aspect] = 1;
  const tones = new Set(own.flatMap(span => span.tone ?? []));
  if (tones.size > 1) tones.delete(0);
  const [tone = null] = tones;
  return { rows: Int32Array.from(rows), aspects, tone: tones.size === 1 ? tone : null };
}

/** The evidence of one text, cut to its clauses. */
function copied(evidence: Evidence): Evidence {
  const { count } = evidence;
  return {
    ...evidence,
    sentence: evidence.sentence.slice(0, count),
    tokens: evidence.tokens.slice(0, count),
    lexicon: evidence.lexicon.slice(0, count),
    logits: new Float64Array(0),
  };
}

/**
 * Builds the encoding of texts by a tone model that must not have learned them, or it would be trusted too
 * much; `stars` is what the shipped one adds for one to five stars.
 */
export function createTopicEncoder(
  model: Model,
  stars: readonly number[],
): (text: TopicText) => EncodedTopics {
  const ids = new Map<string, number>();
  const wordRows: Int32Array[] = [];
  const scratch = new Int32Array(mostWordRows);
  const reader = createReader(unpackVocabulary(model.vocabulary), createWordSums(model), {
    width: 1,
    add: (folded, length, sums, at) => {
      const key = String.fromCharCode(...folded.subarray(0, length));
      const known = ids.get(key);
      sums[at] = known ?? ids.size;
      if (known !== undefined) return;
      ids.set(key, ids.size);
      wordRows.push(scratch.slice(0, readWordRows(folded, length, scratch)));
    },
  });
  const weigh = createLogits(model, reader);
  const evidence = createEvidence();
  const intents = intentsOfFlags(reader.vocabulary);

  let rows: number[][] = [];
  const rowsAt = (clause: number): number[] => rows[Math.min(clause, mostClauses - 1)] ?? [];
  const walk = createTopicWalk(reader, {
    word: (clause, entry) => {
      rowsAt(clause).push(...(wordRows[reader.memo.topicSums[entry] as number] ?? []));
    },
    feature: (clause, hash) => {
      rowsAt(clause).push(rowOf(hash));
    },
  });

  const walkRows = (): number[][] => {
    rows = Array.from({ length: evidence.count }, () => []);
    walk();
    return rows;
  };

  return text => {
    const logits = weigh(text.input, null);
    const read = logits.text;
    fillEvidence(evidence, read, logits.polarity / unitsPerLogit);
    const position = ratingPosition(text.input.rating);
    const added = position === null ? 0 : atPosition(stars, position);
    return {
      text,
      clauses: walkRows().map((rows, clause) => clauseOf(read, clause, rows, text.spans)),
      marked: isMarked(text),
      tokens: read.tape.count,
      evidence: copied(evidence),
      facts: factsOf(
        text.input.kind,
        read,
        (logits.polarity + added) / unitsPerLogit,
        logits.decided / unitsPerLogit,
      ),
      marks: intents.map(wanted => countMarks(read.reading, reader.vocabulary, wanted)),
    };
  };
}
