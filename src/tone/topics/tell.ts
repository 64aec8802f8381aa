import type { AspectTone, Tone, ToneInput } from "#tone/define.ts";
import { unitsPerLogit } from "#tone/logit.ts";
import type { Reader, ReadText } from "#tone/reader.ts";
import type { Evidence } from "./evidence.ts";
import type { TopicFacts } from "./file.ts";
import { countMarks, createFlagChance, factsOf, intentsOfFlags } from "./flags.ts";
import { aspectNames, type FlagName, flagNames } from "./outputs.ts";
import { quoteOf } from "./quote.ts";
import { createTopicReader } from "./read.ts";
import {
  createChance,
  createSaid,
  createTones,
  gatherSaid,
  singleAspects,
  spokenOf,
  toneCount,
} from "./said.ts";
import { createClauseTone, opinionClause } from "./tone.ts";

const labels: readonly Tone[] = ["negative", "neutral", "positive"];
const neutral = 1;
const mostAspects = 24;
/** Words of the dictionary are enough for these, unless the text is content. */
const saidByWords: ReadonlySet<FlagName> = new Set(["threat", "safety"]);
const contentFrom = 0.3;

/** What the tone model found in a text, in its units: of the words alone, and with the stars. */
export interface Tones {
  text: number;
  polarity: number;
  decided: number;
}

/** What a text speaks of and carries. */
export interface Told {
  aspects: AspectTone[];
  flags: Set<FlagName>;
}

function likeliest(chances: Float64Array, at: number): number {
  let best = 0;
  for (let i = 1; i < toneCount; i++)
    if ((chances[at + i] as number) > (chances[at + best] as number)) best = i;
  return best;
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000 + 0;

/** Builds the telling of aspects and flags over a reader whose memory holds the sums of words of `packed` rows. */
export function createTeller(facts: TopicFacts, packed: Int32Array, reader: Reader) {
  const { vocabulary } = reader;
  const intents = intentsOfFlags(vocabulary);
  const read = createTopicReader(facts, packed, reader);
  const toneOf = createClauseTone(facts.tone);
  const chanceOf = createChance(facts.said);
  const flagChance = createFlagChance();
  const tones = createTones();
  const said = createSaid();
  const chances = new Float64Array(toneCount);

  const scoreOf = (clause: number): number =>
    rounded((tones[clause * toneCount + 2] as number) - (tones[clause * toneCount] as number));

  /** The tones in which an aspect is told: neutral only where no other is, two only of two clauses. */
  const toldTones = (): number[] => {
    const told = [0, 2].filter(tone => (chances[tone] as number) >= facts.saidFrom);
    if (told.length === 0) return (chances[neutral] as number) >= facts.saidFrom ? [neutral] : told;
    if (told.length === 1 || said.clause[0] !== said.clause[2]) return told;
    return [(chances[0] as number) > (chances[2] as number) ? 0 : 2];
  };

  const tellAspect = (
    text: string,
    evidence: Evidence,
    { reading }: ReadText,
    aspect: number,
  ): AspectTone[] => {
    if (!gatherSaid(evidence, tones, singleAspects[aspect] ?? [], said)) return [];
    for (let tone = 0; tone < toneCount; tone++) chances[tone] = chanceOf(evidence, said, tone);
    return toldTones().map(tone => {
      const clause = said.clause[tone] as number;
      const opinion = opinionClause(evidence, clause);
      const [first, last] = opinion < clause ? [opinion, clause] : [clause, opinion];
      return {
        aspect: aspectNames[aspect] ?? "",
        label: labels[tone] ?? "neutral",
        score: scoreOf(clause),
        ...quoteOf(text, reading.clauseStart[first] as number, reading.clauseEnd[last] as number),
      };
    });
  };

  /** What a brand's own words find: every clause that has one says its aspect, in its likeliest tone. */
  const tellOwn = (input: ToneInput, evidence: Evidence, { reading }: ReadText): AspectTone[] => {
    const told = new Map<string, AspectTone>();
    for (const [aspect, pattern] of input.ownAspects ?? []) {
      for (let clause = 0; clause < evidence.count; clause++) {
        const start = reading.clauseStart[clause] as number;
        const end = reading.clauseEnd[clause] as number;
        if (!pattern.test(input.text.slice(start, end))) continue;
        const label = labels[likeliest(tones, clause * toneCount)] ?? "neutral";
        const key = `${aspect} ${label}`;
        if (!told.has(key))
          told.set(key, { aspect, label, score: scoreOf(clause), ...quoteOf(input.text, start, end) });
      }
    }
    return [...told.values()];
  };

  const tellAspects = (input: ToneInput, evidence: Evidence, read: ReadText): AspectTone[] => {
    const spoken = spokenOf(evidence);
    if (spoken === 0 && !input.ownAspects) return [];
    for (let clause = 0; clause < evidence.count; clause++)
      toneOf(evidence, clause, tones, clause * toneCount);
    const told = tellOwn(input, evidence, read);
    const own = new Set(told.map(({ aspect }) => aspect));
    for (let aspect = 0; aspect < aspectNames.length; aspect++)
      if (((spoken >> aspect) & 1) === 1 && !own.has(aspectNames[aspect] as string))
        told.push(...tellAspect(input.text, evidence, read, aspect));
    return told.slice(0, mostAspects).sort((a, b) => a.start - b.start);
  };

  const tellFlags = (sums: Float64Array, input: ToneInput, text: ReadText, found: Tones): Set<FlagName> => {
    const all = factsOf(input.kind, text, found.polarity / unitsPerLogit, found.decided / unitsPerLogit);
    return new Set(
      flagNames.filter((name, flag) => {
        const marks = countMarks(text.reading, vocabulary, intents[flag] as number);
        const chance = flagChance(facts.flagWeights[flag] ?? [], sums[flag] as number, marks, all);
        if (chance >= (facts.flagFrom[flag] as number)) return true;
        return marks > 0 && saidByWords.has(name) && all.polarity < contentFrom;
      }),
    );
  };

  return (input: ToneInput, text: ReadText, found: Tones): Told => {
    if (text.tape.count === 0) return { aspects: [], flags: new Set() };
    const { evidence, flags } = read(text, found.text / unitsPerLogit);
    return { aspects: tellAspects(input, evidence, text), flags: tellFlags(flags, input, text, found) };
  };
}
