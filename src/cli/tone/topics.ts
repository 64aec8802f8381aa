import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { readModel } from "#tone/model/file.ts";
import { createScorer } from "#tone/scorer.ts";
import { readTopics } from "#tone/topics/file.ts";
import { createLearner, type Learner } from "#tone/training/build.ts";
import type { Figure } from "#tone/training/evaluate.ts";
import type { Gathered, Library } from "#tone/training/gather.ts";
import { evaluateIntents } from "#tone/training/topics/evaluate.ts";
import { evaluateAspects } from "#tone/training/topics/folds.ts";
import { gatherTopics } from "#tone/training/topics/texts.ts";
import { encodeTopics, strangerModel, trainTopics } from "#tone/training/topics/train.ts";

/** The file of aspects and intents lies beside the tone model, whatever that is called. */
export const beside = (model: string): string => join(dirname(model), "aspects.bin");

/** Learns aspects and intents for the tone model in `model` and writes them beside it; says what was written. */
export async function trainTopicsFile(
  library: Library,
  open: boolean,
  learner: Learner,
  gathered: Gathered,
  model: string,
): Promise<string> {
  const { facts } = readModel(await readFile(model));
  const bytes = trainTopics(encodeTopics(library, open, strangerModel(learner, gathered), facts.stars));
  await writeFile(beside(model), bytes);
  return `${readTopics(bytes).facts.version} ${bytes.length} bytes → ${beside(model)}\n`;
}

/** Lines of the card for intents, and in `folds`, which trains anew for minutes, for aspects. */
export async function topicFigures(
  library: Library,
  gathered: Gathered,
  model: string,
  folds: boolean,
  tell: (line: string) => void,
): Promise<Figure[]> {
  const [tone, topics] = await Promise.all([readFile(model), readFile(beside(model))]);
  const own = gatherTopics(library, true).filter(text => text.test && text.set === "corpus");
  const intents = evaluateIntents(createScorer(tone, topics), own);
  if (!folds) return intents;
  const stranger = strangerModel(createLearner(gathered.learn, tell), gathered);
  const encoded = encodeTopics(library, false, stranger, readModel(tone).facts.stars);
  return [...evaluateAspects(encoded, tone, topics, tell), ...intents];
}
