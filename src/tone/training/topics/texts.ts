import type { ToneInput } from "#tone/define.ts";
import { aspectCount, aspectNames, type FlagName, flagNames } from "#tone/topics/outputs.ts";
import { type CorpusText, fnv1a, isTestScenario, readCorpusLine } from "#tone/training/corpus.ts";
import type { Library } from "#tone/training/gather.ts";
import type { MarkedSpan, Sign } from "./marks.ts";
import { type AspectSet, aspectSets, columnsOf, readAspectLine } from "./sets.ts";

/** Aspects that count as one when a text is judged, by their columns. */
export interface Group {
  name: string;
  aspects: readonly number[];
}

/** One text whose aspects, and maybe flags, people have marked. */
export interface TopicText {
  set: string;
  input: ToneInput;
  spans: readonly MarkedSpan[];
  /** What the set tells apart; other aspects may be there unmarked. */
  groups: readonly Group[];
  /** `name:sign` of what the text says. */
  said: ReadonlySet<string>;
  /** Null where the set does not mark them. */
  flags: ReadonlySet<FlagName> | null;
  /** Texts of one key stay on one side of every split. */
  key: number;
  test: boolean;
}

const everyAspect: readonly Group[] = aspectNames.map((name, at) => ({ name, aspects: [at] }));
const isFlag = (name: string): name is FlagName => (flagNames as readonly string[]).includes(name);

function corpusText(one: CorpusText, set: string): TopicText {
  const spans = one.aspects.flatMap(({ aspect, start, end, label }) => {
    const at = (aspectNames as readonly string[]).indexOf(aspect);
    return at < 0 ? [] : [{ aspect: at, start, end, tone: (label - 1) as Sign }];
  });
  const own = { spam: one.spam, generated: one.generated, sarcasm: one.sarcasm };
  const marked = Object.entries(own).flatMap(([name, holds]) => (holds ? [name] : []));
  return {
    set,
    input: {
      text: one.text,
      kind: one.kind,
      brandSpans: one.brands,
      rating: one.stars === null ? null : { value: one.stars, scale: 5 },
    },
    spans,
    groups: everyAspect,
    said: new Set(spans.map(({ aspect, tone }) => `${aspectNames[aspect]}:${tone}`)),
    flags: set === "pairs" ? null : new Set([...one.intents, ...marked].filter(isFlag)),
    key: fnv1a(one.scenario),
    test: isTestScenario(one.scenario),
  };
}

function setText(set: AspectSet, line: string, at: number): TopicText {
  const { text, spans, said } = readAspectLine(set, line);
  return {
    set: set.name,
    input: { text, kind: "review" },
    spans,
    groups: Object.entries(set.categories).map(([name, aspects]) => ({ name, aspects: columnsOf(aspects) })),
    said,
    flags: null,
    key: at,
    test: false,
  };
}

/** Every text with marked aspects; `openOnly` leaves out the sets that state no licence. */
export function gatherTopics(library: Library, openOnly: boolean): TopicText[] {
  const own = library.corpusPaths.flatMap(path => {
    const set = path.endsWith(".pairs.txt") ? "pairs" : "corpus";
    return library.corpus(path).flatMap(line => {
      const one = readCorpusLine(line);
      return one === null ? [] : [corpusText(one, set)];
    });
  });
  if (openOnly) return own;
  const others = aspectSets.flatMap(set =>
    (library.data(set.path) ?? []).flatMap((line, at) =>
      line.trim() === "" ? [] : [setText(set, line, at)],
    ),
  );
  return [...own, ...others];
}

/** By column whether the text's set tells anything of the aspect. */
export function isMarked({ groups }: TopicText): boolean[] {
  const known = new Set(groups.flatMap(group => group.aspects));
  return Array.from({ length: aspectCount }, (_, aspect) => known.has(aspect));
}
