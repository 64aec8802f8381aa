import type { ToneInput } from "#tone/define.ts";
import { createLogits, createWordSums, unitsPerLogit } from "#tone/logit.ts";
import { type Family, families, type Manner, type Model, type ModelFacts } from "#tone/model/file.ts";
import { unpackVocabulary } from "#tone/model/vocabulary.ts";
import { createReader } from "#tone/reader.ts";
import { bars } from "./bars.ts";
import { softmax } from "./learn.ts";
import { type Judged, type Measure, measures } from "./measure.ts";
import type { ClassIndex, Row } from "./rows.ts";
import { sets } from "./sets.ts";

const plainManner: Manner = { temperature: 1, bias: 0, negativeLead: 0, positiveLead: 0 };
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
/** What each set must reach, less what chance may take; where it has no bar of its own, that of the unseen one that it stands for. */
const devBars = new Map(
  (["unseen", "dev"] as const).flatMap(of =>
    bars.flatMap(({ rows, must, by }) =>
      rows.of === of && must !== null && by === measures[judgedBy.get(rows.set) ?? "macroF1"]
        ? [[rows.set, must - chance] as const]
        : [],
    ),
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
const temperatures = range(0.5, 2, 0.05);
const biases = range(-1, 1, 0.1);
const leads = range(-1.4, 1.4, 0.2);
/** What a logit of lead costs in the mean figure: a lead is worth taking when it helps more than one set. */
const leadCost = 0.03;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Mean loss of the sets' probabilities. */
function loss(groups: readonly Group[], temperature: number, bias: number): number {
  return mean(
    groups.map(([, rows]) =>
      mean(
        rows.map(({ row, s, u }) => {
          const chances = softmax(s / temperature, u / temperature + bias);
          return -Math.log(Math.max(1e-9, chances[row.label]));
        }),
      ),
    ),
  );
}

/** Polarity has no bias: how often a set is positive says nothing of the next source. */
function fitChances(groups: readonly Group[]): Pick<Manner, "temperature" | "bias"> {
  let best: Pick<Manner, "temperature" | "bias"> = { temperature: 1, bias: 0 };
  // One parameter at a time: the loss is convex in each.
  for (let round = 0; round < 3; round++) {
    const temperature = least(temperatures, one => loss(groups, one, best.bias));
    best = { temperature, bias: least(biases, one => loss(groups, temperature, one)) };
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

/** Both sides have one lead, for the same reason. */
function fitLeads(
  groups: readonly Group[],
  family: Family,
  chances: Pick<Manner, "temperature" | "bias">,
): Pick<Manner, "negativeLead" | "positiveLead"> {
  const cost = (lead: number): number => {
    const tried = { ...chances, negativeLead: lead, positiveLead: lead };
    const worth = mean(
      groups.map(([set, rows]) => worthOf(set, measureOf(set, family)(judgeBy(tried, rows)))),
    );
    return leadCost * Math.abs(lead) - worth;
  };
  const lead = least(leads, cost);
  return { negativeLead: lead, positiveLead: lead };
}

/** What a manner makes of weighed rows. */
function judgeBy(
  { temperature, bias, negativeLead, positiveLead }: Manner,
  rows: readonly Weighed[],
): Judged[] {
  return rows.map(({ row, s, u }) => {
    const polarity = s / temperature;
    const decided = u / temperature + bias;
    const chances = softmax(polarity, decided);
    const negative = decided - polarity + negativeLead;
    const positive = decided + polarity + positiveLead;
    const said: ClassIndex = negative > 0 && negative >= positive ? 0 : positive > 0 ? 2 : 1;
    return { truth: row.label, said, negative: chances[0], confidence: chances[said] };
  });
}

/** Reviews of all languages are sure of themselves alike; which label is worth its risk differs. */
const sureAs = (family: Family): Family => (family === "foreignReview" ? "review" : family);

const groupsOf = (weighed: readonly Weighed[], isOf: (family: Family) => boolean): Group[] => [
  ...Map.groupBy(
    weighed.filter(one => isOf(one.family)),
    one => one.row.set,
  ),
];

/** Fits each family's manner on rows that were not learned from. */
export function fitManners(weighed: readonly Weighed[]): ModelFacts["manners"] {
  const manners = { ...plainManners };
  for (const family of families) {
    const all = groupsOf(weighed, one => sureAs(one) === sureAs(family));
    const own = groupsOf(weighed, one => one === family);
    if (all.length === 0) continue;
    const chances = fitChances(all);
    manners[family] = { ...chances, ...fitLeads(own, family, chances) };
  }
  return manners;
}
