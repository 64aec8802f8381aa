import type { ToneInput } from "#tone/define.ts";
import { createLogits, createWordSums, unitsPerLogit } from "#tone/logit.ts";
import { type Family, families, type Manner, type Model, type ModelFacts } from "#tone/model/file.ts";
import { unpackVocabulary } from "#tone/model/vocabulary.ts";
import { createReader } from "#tone/reader.ts";
import { bars } from "./bars.ts";
import { softmax } from "./learn.ts";
import { type Judged, type Measure, measures, negativeRecall } from "./measure.ts";
import type { ClassIndex, Row } from "./rows.ts";
import { sets } from "./sets.ts";

const plainManner: Manner = { temperature: 1, bias: [0, 0], negativeLead: 0, positiveLead: 0 };
export const plainManners = Object.fromEntries(
  families.map(name => [name, plainManner]),
) as ModelFacts["manners"];

/** A row with its logits, before any manner. */
export interface Weighed {
  row: Row;
  family: Family;
  s: number;
  u: number;
}

/** Weighs rows by a quantised model. */
export function createWeighRows(model: Model): (input: ToneInput) => Omit<Weighed, "row"> {
  const plain = { ...model, facts: { ...model.facts, manners: plainManners } };
  const logits = createLogits(plain, createReader(unpackVocabulary(plain.vocabulary), createWordSums(plain)));
  return input => {
    const { family, polarity, decided } = logits(input, null);
    return { family, s: polarity / unitsPerLogit, u: decided / unitsPerLogit };
  };
}

const judgedBy = new Map(sets.map(set => [set.name, set.judgedBy]));

/** The figure that a set is judged by; without its target a targeted set has three plain classes. */
const measureOf = (set: string, family: Family): Measure =>
  measures[family === "news" ? "macroF1" : (judgedBy.get(set) ?? "macroF1")];

/** Half the interval of a figure of a small dev set. */
const chance = 0.03;
/** What each set must reach, less what chance may take. */
const devBars = new Map(
  bars.flatMap(({ rows, must, by }) =>
    rows.of === "dev" && must !== null && by !== negativeRecall ? [[rows.set, must - chance] as const] : [],
  ),
);
/** What is missing to a bar counts so many times. */
const missing = 3;

/** A figure as it counts: no set pays for the others by falling below its bar. */
const worthOf = (set: string, figure: number): number =>
  figure - missing * Math.max(0, (devBars.get(set) ?? 0) - figure);

type Group = readonly [set: string, rows: readonly Weighed[]];

const range = (from: number, to: number, by: number): number[] =>
  Array.from(
    { length: Math.round((to - from) / by) + 1 },
    (_, i) => Math.round((from + i * by) * 100) / 100 + 0,
  );
const temperatures = range(0.5, 2, 0.1);
const polarityBiases = range(-0.4, 0.4, 0.1);
const decidedBiases = range(-1, 1, 0.1);
const leads = range(-1.4, 1.4, 0.2);
/** What a logit of lead costs in the mean figure: a lead is worth taking when it helps more than one set. */
const leadCost = 0.006;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean loss of the sets' probabilities. */
function loss(groups: readonly Group[], temperature: number, bias: readonly [number, number]): number {
  return mean(
    groups.map(([, rows]) =>
      mean(
        rows.map(({ row, s, u }) => {
          const chances = softmax(s / temperature + bias[0], u / temperature + bias[1]);
          return -Math.log(Math.max(1e-9, chances[row.label]));
        }),
      ),
    ),
  );
}

function fitChances(groups: readonly Group[]): Pick<Manner, "temperature" | "bias"> {
  let best: Pick<Manner, "temperature" | "bias"> = { temperature: 1, bias: [0, 0] };
  // One parameter at a time: the loss is convex in each.
  for (let round = 0; round < 3; round++) {
    const { bias } = best;
    const temperature = least(temperatures, one => loss(groups, one, bias));
    const s = least(polarityBiases, one => loss(groups, temperature, [one, bias[1]]));
    best = { temperature, bias: [s, least(decidedBiases, one => loss(groups, temperature, [s, one]))] };
  }
  return best;
}

function least(values: readonly number[], cost: (value: number) => number): number {
  let best = values[0] as number;
  let lowest = Number.POSITIVE_INFINITY;
  for (const value of values) {
    const found = cost(value);
    if (found < lowest) [lowest, best] = [found, value];
  }
  return best;
}

function fitLeads(
  groups: readonly Group[],
  family: Family,
  chances: Pick<Manner, "temperature" | "bias">,
): Pick<Manner, "negativeLead" | "positiveLead"> {
  let best = { negativeLead: 0, positiveLead: 0 };
  let most = -1;
  for (const negativeLead of leads) {
    for (const positiveLead of leads) {
      const tried = { ...chances, negativeLead, positiveLead };
      const worth = mean(
        groups.map(([set, rows]) => worthOf(set, measureOf(set, family)(judgeBy(tried, rows)))),
      );
      const value = worth - leadCost * (Math.abs(negativeLead) + Math.abs(positiveLead));
      if (value > most) [most, best] = [value, { negativeLead, positiveLead }];
    }
  }
  return best;
}

/** What a manner makes of weighed rows. */
function judgeBy(
  { temperature, bias, negativeLead, positiveLead }: Manner,
  rows: readonly Weighed[],
): Judged[] {
  return rows.map(({ row, s, u }) => {
    const polarity = s / temperature + bias[0];
    const decided = u / temperature + bias[1];
    const chances = softmax(polarity, decided);
    const negative = decided - polarity + negativeLead;
    const positive = decided + polarity + positiveLead;
    const said: ClassIndex = negative > 0 && negative >= positive ? 0 : positive > 0 ? 2 : 1;
    return { truth: row.label, said, negative: chances[0], confidence: chances[said] };
  });
}

/** Fits each family's manner on rows that were not learned from. */
export function fitManners(weighed: readonly Weighed[]): ModelFacts["manners"] {
  const manners = { ...plainManners };
  for (const family of families) {
    const own = weighed.filter(one => one.family === family);
    const groups: Group[] = [...Map.groupBy(own, one => one.row.set)];
    if (groups.length === 0) continue;
    const chances = fitChances(groups);
    manners[family] = { ...chances, ...fitLeads(groups, family, chances) };
  }
  return manners;
}
