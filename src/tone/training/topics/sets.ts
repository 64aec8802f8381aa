import { type AspectName, aspectNames } from "#tone/topics/outputs.ts";
import type { MarkedSpan, Sign } from "./marks.ts";

/** A set of reviews whose aspects are marked; its categories by the aspects of ours that they mean. */
export interface AspectSet {
  name: string;
  path: string;
  licence: string;
  what: string;
  categories: Readonly<Record<string, readonly AspectName[]>>;
}

/** The set's category for the text as a whole: judged against the tone of the text. */
export const wholeCategory = "Whole";

/** The sets of others and how their categories map to our aspects. */
export const aspectSets: readonly AspectSet[] = [
  {
    name: "ru_aspects_rest",
    path: "public/aux_ru_aspects_rest.train.jsonl",
    licence: "shared-task data, none stated",
    what: "restaurant reviews with marked aspects",
    categories: {
      Food: ["taste"],
      Service: ["service", "staff"],
      Interior: ["place", "comfort"],
      Price: ["price"],
    },
  },
  {
    name: "ru_aspects_car",
    path: "public/aux_ru_aspects_car.train.jsonl",
    licence: "shared-task data, none stated",
    what: "car reviews with marked aspects",
    categories: {
      Driveability: ["performance"],
      Comfort: ["comfort"],
      Costs: ["price"],
      Reliability: ["quality"],
      Safety: ["safety"],
      Appearance: ["appearance"],
    },
  },
];

/** Where a category means two aspects: words that tell the second. */
const seconds: Readonly<Record<string, RegExp>> = {
  Service:
    /персонал|официант|администратор|менеджер|сотрудни|охран|девушк|хозя|повар|бармен|вежлив|приветлив|хам|груб|улыб|внимательн/iu,
  Interior: /удобн|уютн|комфорт|диван|кресл|шум|душн|жарк|холодн|тесн/iu,
};

const signs: Readonly<Record<string, readonly Sign[]>> = {
  positive: [1],
  negative: [-1],
  neutral: [0],
  both: [-1, 1],
};

/** Columns of aspects. */
export const columnsOf = (names: readonly AspectName[]): number[] =>
  names.map(name => aspectNames.indexOf(name));

interface Line {
  text: string;
  raw: { categories: Record<string, string> };
  aspects: { category: string; sentiment: string; term: string; frm: string; to: string }[];
}

/** A line as its text, its marked words, and `category:sign` of what it says as a whole. */
export function readAspectLine(
  { categories }: AspectSet,
  line: string,
): { text: string; spans: MarkedSpan[]; said: Set<string> } {
  const { text, raw, aspects } = JSON.parse(line) as Line;
  const spans = aspects.flatMap(({ category, sentiment, term, frm, to }) => {
    const names = categories[category];
    if (names === undefined) return [];
    const isSecond = names.length > 1 && seconds[category]?.test(term) === true;
    const [aspect = -1] = columnsOf(names.slice(isSecond ? 1 : 0));
    const tones = signs[sentiment] ?? [];
    return [{ aspect, start: Number(frm), end: Number(to), tone: tones.length === 1 ? (tones[0] ?? 0) : 0 }];
  });
  const said = Object.entries(raw.categories).flatMap(([category, sentiment]) =>
    (signs[sentiment] ?? []).map(sign => `${category}:${sign}`),
  );
  return { text, spans, said: new Set(said) };
}
