import type { Scorer, Tone } from "#tone/define.ts";
import { chancesOf } from "#tone/recalibrate.ts";
import { type Bar, bars, calibrationBars, foldedSet, leftOut, pairBar } from "./bars.ts";
import type { Chosen } from "./build.ts";
import type { Gathered } from "./gather.ts";
import { calibrationError, interval, type Judged, meanOf } from "./measure.ts";
import { recalibrationFigure } from "./recalibration.ts";
import type { ClassIndex, Row } from "./rows.ts";

/** One line of the card. */
export interface Figure {
  what: string;
  measure: string;
  value: number;
  /** The bootstrap's 95 % interval. */
  low: number;
  high: number;
  rowCount: number;
  must: number | null;
  goal: number | null;
  stands: string;
}

const indexOf: Readonly<Record<Tone, ClassIndex>> = { negative: 0, neutral: 1, positive: 2 };

/** What a scorer says of rows; stars are never given. */
function judgeRows(scorer: Scorer, rows: readonly Row[]): Judged[] {
  return rows.map(({ input, label }) => {
    const { label: said, confidence } = scorer.judge(input);
    return {
      truth: label,
      said: indexOf[said],
      negative: chancesOf(scorer.logits(input)).negative,
      confidence,
    };
  });
}

const setOf = (row: Row): string => row.set.split(",")[0] as string;
const isIn = (row: Row, names: readonly string[]): boolean =>
  names.includes(setOf(row)) || names.includes(`${setOf(row)}/${row.group}`);

/** Splits the folded set by position, the same at every run. */
const foldOf = (at: number): number => at % leftOut.length;

/** What a model may see that leaves out group `n`: neither its sets nor its fold of the small one. */
export function without(gathered: Gathered, n: number): Chosen {
  const names = leftOut[n] ?? [];
  const folded = gathered.learn.filter(row => setOf(row) === foldedSet);
  const held = new Set(folded.filter((_, at) => foldOf(at) === n));
  const kept = (row: Row): boolean => !isIn(row, names) && !held.has(row);
  const dev = new Map(
    [...gathered.dev]
      .filter(([set]) => !names.includes(set))
      .map(
        ([set, rows]) => [set, set === foldedSet ? rows.filter((_, i) => foldOf(i) !== n) : rows] as const,
      ),
  );
  return { dev, starred: [], kept, learn: gathered.learn.filter(kept) };
}

/** Judgements by the models that leave something out: of their unseen sets, and of the folds together. */
export interface Strangers {
  unseen: Map<string, Judged[]>;
  folds: Judged[];
  /** What corrections of the unseen sets are worth. */
  recalibrations?: Figure[];
}

/** News is judged as quotes are: without its target. */
const unaimed = (rows: readonly Row[]): Row[] =>
  rows.map(row => ({ ...row, input: { text: row.input.text, kind: row.input.kind } }));

/** Judges what group `n` left out and adds it to `into`. */
export function judgeStrangers(gathered: Gathered, n: number, scorer: Scorer, into: Strangers): void {
  for (const name of leftOut[n] ?? []) {
    const rows = gathered.dev.get(name);
    if (rows === undefined) continue;
    into.unseen.set(name, judgeRows(scorer, unaimed(rows)));
    into.recalibrations ??= [];
    into.recalibrations.push(...[recalibrationFigure(scorer, name, unaimed(rows)) ?? []].flat());
  }
  const learned = gathered.learn.filter(row => setOf(row) === foldedSet);
  const dev = gathered.dev.get(foldedSet) ?? [];
  const own = [learned, dev].flatMap(rows => rows.filter((_, at) => foldOf(at) === n));
  into.folds.push(...judgeRows(scorer, own));
}

function rowsOfBar({ rows }: Bar, gathered: Gathered, scorer: Scorer, strangers: Strangers | null): Judged[] {
  if (rows.of === "dev") return judgeRows(scorer, gathered.dev.get(rows.set) ?? []);
  if (rows.of === "corpus") return judgeRows(scorer, gathered.corpusTest);
  if (rows.of === "unseen") return strangers?.unseen.get(rows.set) ?? [];
  return strangers?.folds ?? [];
}

function figureOf(bar: Bar, judged: readonly Judged[]): Figure {
  const [low, high] = interval([judged], bar.by);
  const { what, measure, must, goal, stands = "" } = bar;
  return { what, measure, value: bar.by(judged), low, high, rowCount: judged.length, must, goal, stands };
}

function pairFigure(scorer: Scorer, pairs: readonly Row[][]): Figure {
  const right = pairs.map(pair => (judgeRows(scorer, pair).every(row => row.truth === row.said) ? 1 : 0));
  const value = right.reduce<number>((sum, one) => sum + one, 0) / Math.max(1, right.length);
  const spread = 1.96 * Math.sqrt((value * (1 - value)) / Math.max(1, right.length));
  const range = { low: Math.max(0, value - spread), high: Math.min(1, value + spread) };
  const what = { what: "minimal pairs of ours, test side", measure: "both of the pair right", stands: "" };
  return { ...what, value, ...range, rowCount: right.length, ...pairBar };
}

function calibrationFigure(what: "known" | "unseen", sets: readonly Judged[][]): Figure {
  const [low, high] = interval(sets, calibrationError);
  const rowCount = sets.reduce((sum, rows) => sum + rows.length, 0);
  const common = { measure: "ECE, mean of the sets", stands: "", rowCount };
  return {
    what: `calibration, ${what} domains`,
    value: meanOf(sets, calibrationError),
    low,
    high,
    ...common,
    ...calibrationBars[what],
  };
}

/** Every figure of the card; without `strangers` those of unseen sets are left out. */
export function evaluate(scorer: Scorer, gathered: Gathered, strangers: Strangers | null): Figure[] {
  const figures = bars.flatMap(bar => {
    const judged = rowsOfBar(bar, gathered, scorer, strangers);
    return judged.length === 0 ? [] : [figureOf(bar, judged)];
  });
  if (gathered.pairs.length > 0) figures.push(pairFigure(scorer, gathered.pairs));
  figures.push(
    calibrationFigure(
      "known",
      [...gathered.dev.values()].map(rows => judgeRows(scorer, rows)),
    ),
  );
  if (strangers !== null) figures.push(calibrationFigure("unseen", [...strangers.unseen.values()]));
  figures.push(...(strangers?.recalibrations ?? []));
  return figures;
}

/** Whether the bar lies inside or below the interval; an error passes from above. */
export const passes = ({ measure, value, low, high }: Figure, bar: number): boolean =>
  measure.startsWith("ECE") ? Math.min(value, low) <= bar : high >= bar;
