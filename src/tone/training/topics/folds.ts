import { createScorer } from "#tone/scorer.ts";
import { writeTopics } from "#tone/topics/file.ts";
import type { Figure } from "#tone/training/evaluate.ts";
import { buildTopics, topicRecipe } from "./build.ts";
import { aspectFigure, type Counts, judgeAspects } from "./evaluate.ts";
import { type AspectSet, aspectSets, wholeCategory } from "./sets.ts";
import type { EncodedLibrary } from "./train.ts";

const foldCount = 5;

/** How a set's categories are read, for the card. */
const mappingOf = ({ categories }: AspectSet): string =>
  [
    ...Object.entries(categories).map(([category, aspects]) => `${category} → ${aspects.join(" | ")}`),
    `${wholeCategory} → tone of the text`,
  ].join(", ");

/** By set what models say of the fifth of its texts that they did not learn from. */
function judgeFolds(
  { texts, seeds }: EncodedLibrary,
  tone: Uint8Array,
  tell: (line: string) => void,
): Map<string, Counts[]> {
  const names = new Set(aspectSets.map(set => set.name));
  const counts = new Map<string, Counts[]>();
  for (let fold = 0; fold < foldCount; fold++) {
    const isHeld = ({ text }: (typeof texts)[number]): boolean =>
      names.has(text.set) && text.key % foldCount === fold;
    const learned = texts.filter(one => !one.text.test && !isHeld(one));
    const scorer = createScorer(tone, writeTopics(buildTopics(learned, seeds, topicRecipe)));
    for (const { text } of texts.filter(isHeld))
      counts.set(text.set, [...(counts.get(text.set) ?? []), judgeAspects(scorer, text)]);
    tell(`aspects: fold ${fold + 1} of ${foldCount}`);
  }
  return counts;
}

/**
 * Lines of the card for aspects: the sets of others in five folds, the test side of our corpus by the shipped
 * file. `tone` and `topics` are the bytes of the files.
 */
export function evaluateAspects(
  library: EncodedLibrary,
  tone: Uint8Array,
  topics: Uint8Array,
  tell: (line: string) => void,
): Figure[] {
  const scorer = createScorer(tone, topics);
  const own = library.texts.filter(({ text }) => text.test && text.set === "corpus");
  const folds = judgeFolds(library, tone, tell);
  return [
    ...aspectSets.map(set =>
      aspectFigure(set.name, folds.get(set.name) ?? [], `five folds; ${mappingOf(set)}`),
    ),
    aspectFigure(
      "our corpus",
      own.map(({ text }) => judgeAspects(scorer, text)),
      "test side by scenario",
    ),
  ];
}
