import { fileURLToPath } from "node:url";
import { openLibrary } from "#cli/tone/library.ts";
import { shippedScorer } from "#tests/scorer.ts";
import type { Tone, ToneInput } from "#tone/define.ts";
import { readCorpusLine } from "#tone/training/corpus.ts";
import { type Labelled, readToneSet, toneSets } from "./tone-data.ts";

/** Figures of one labelled set; shares in [0, 1]. */
interface ToneQuality {
  set: string;
  rows: number;
  /** Mean F1 of the three classes, null where neutral is not labelled. */
  macroF1: number | null;
  /** Mean F1 of negative and positive. */
  polarF1: number;
  negativeRecall: number;
  negativePrecision: number;
  accuracy: number;
  meanConfidence: number;
}

export interface ToneSpeed {
  /** Label, score, confidence and language. */
  textsPerSecond: number;
  /** With aspects and intents. */
  wholePerSecond: number;
  targetPerSecond: number;
  /** How many texts a second one bare table look-up per unit would read: what the machine gives now. */
  barePassPerSecond: number;
}

type Counts = Record<Tone, Record<Tone, number>>;

const tones = ["positive", "neutral", "negative"] as const;

function f1(counts: Counts, tone: Tone): { f1: number; recall: number; precision: number } {
  const hit = counts[tone][tone];
  const truth = tones.reduce((sum, other) => sum + counts[tone][other], 0);
  const said = tones.reduce((sum, other) => sum + counts[other][tone], 0);
  return {
    f1: truth + said === 0 ? 0 : (2 * hit) / (truth + said),
    recall: truth === 0 ? 0 : hit / truth,
    precision: said === 0 ? 0 : hit / said,
  };
}

function judge(set: string, classes: 2 | 3, rows: Labelled[]): ToneQuality {
  const scorer = shippedScorer();
  const row = (): Record<Tone, number> => ({ positive: 0, neutral: 0, negative: 0 });
  const counts: Counts = { positive: row(), neutral: row(), negative: row() };
  let confidence = 0;
  for (const { input, label } of rows) {
    const result = scorer.score(input);
    counts[label][result.label]++;
    confidence += result.confidence;
  }
  const [positive, neutral, negative] = tones.map(tone => f1(counts, tone)) as [
    ReturnType<typeof f1>,
    ReturnType<typeof f1>,
    ReturnType<typeof f1>,
  ];
  return {
    set,
    rows: rows.length,
    macroF1: classes === 3 ? (positive.f1 + neutral.f1 + negative.f1) / 3 : null,
    polarF1: (positive.f1 + negative.f1) / 2,
    negativeRecall: negative.recall,
    negativePrecision: negative.precision,
    accuracy: tones.reduce((sum, tone) => sum + counts[tone][tone], 0) / rows.length,
    meanConfidence: confidence / rows.length,
  };
}

const corpus = fileURLToPath(new URL("../../corpus/", import.meta.url));

/** Texts of 300 units that differ from one another as real ones do: pieces of our own corpus. */
function speedTexts(): ToneInput[] {
  const library = openLibrary("", corpus);
  const texts = library.corpusPaths.flatMap(path => {
    const whole = library
      .corpus(path)
      .flatMap(line => readCorpusLine(line)?.text ?? [])
      .join(" ");
    return Array.from({ length: Math.floor(whole.length / 300) }, (_, i) =>
      whole.slice(300 * i, 300 * i + 300),
    );
  });
  // Often enough that compiling the program does not count.
  const many = Array.from({ length: 8 }, () => texts).flat();
  // Parsed like a page from a source, so that the strings are laid out as real ones are.
  return (JSON.parse(JSON.stringify(many)) as string[]).map(text => ({ text, kind: "review" as const }));
}

/** Texts a second, the median of three runs, by processor time so that neighbours count less. */
function perSecond(inputs: readonly ToneInput[], work: (input: ToneInput) => void): number {
  for (const input of inputs) work(input);
  const times = [0, 1, 2].map(() => {
    const before = process.cpuUsage();
    for (const input of inputs) work(input);
    return process.cpuUsage(before).user / 1_000_000;
  });
  return Math.round(inputs.length / (times.sort((a, b) => a - b)[1] as number));
}

/** Measures `judge` (label, score, confidence, language) and `score` whole, with aspects and intents. */
export function benchToneSpeed(): ToneSpeed {
  const scorer = shippedScorer();
  const inputs = speedTexts();
  const table = new Uint8Array(65_536).fill(1);
  let total = 0;
  const barePassPerSecond = perSecond(inputs, ({ text }) => {
    for (let i = 0; i < text.length; i++) total += table[text.charCodeAt(i)] as number;
  });
  if (total === 0) throw new Error("the bare pass read nothing");
  const textsPerSecond = perSecond(inputs, input => void scorer.judge(input));
  const wholePerSecond = perSecond(inputs, input => void scorer.score(input));
  return { textsPerSecond, wholePerSecond, targetPerSecond: 40_000, barePassPerSecond };
}

/** Measures quality on the labelled dev sets (those present) and speed on 300-unit texts. */
function benchTone(): { quality: ToneQuality[]; absent: string[]; speed: ToneSpeed } {
  const quality: ToneQuality[] = [];
  const absent: string[] = [];
  for (const set of toneSets) {
    const rows = readToneSet(set, "dev");
    if (rows === null) absent.push(set.name);
    // A review of three stars is no verdict that its text could predict.
    else
      quality.push(
        judge(set.name, set.classes, set.classes === 3 ? rows : rows.filter(row => row.label !== "neutral")),
      );
  }
  return { quality, absent, speed: benchToneSpeed() };
}

const fixed = (value: number | null): string => (value === null ? "    –" : value.toFixed(3));

function print(): void {
  const { quality, absent, speed } = benchTone();
  console.log("set                                rows  macroF1  F1±    negR   negP   acc    conf");
  for (const row of quality) {
    const figures = [
      row.macroF1,
      row.polarF1,
      row.negativeRecall,
      row.negativePrecision,
      row.accuracy,
      row.meanConfidence,
    ];
    console.log(`${row.set.padEnd(34)} ${String(row.rows).padStart(4)}  ${figures.map(fixed).join("  ")}`);
  }
  if (absent.length > 0)
    console.log(
      `\n!!! ABSENT, NOT MEASURED: ${absent.join(", ")} (labelled data is expected in ../shared/data/tone)`,
    );
  const passes = (speed.barePassPerSecond / speed.textsPerSecond).toFixed(1);
  console.log(
    `\nspeed: ${speed.textsPerSecond} texts/s of 300 units (target ${speed.targetPerSecond}), ${speed.wholePerSecond} with aspects and intents`,
  );
  console.log(
    `a bare pass over the units: ${speed.barePassPerSecond} texts/s, so a text costs ${passes} bare passes`,
  );
}

if (import.meta.main) print();
