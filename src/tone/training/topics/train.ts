import { type Model, readModel } from "#tone/model/file.ts";
import { writeTopics } from "#tone/topics/file.ts";
import { buildModel, type Learner } from "#tone/training/build.ts";
import type { Gathered, Library } from "#tone/training/gather.ts";
import { recipe } from "#tone/training/recipe.ts";
import type { Row } from "#tone/training/rows.ts";
import { buildTopics, topicRecipe } from "./build.ts";
import { createTopicEncoder, type EncodedTopics } from "./encode.ts";
import { seedTexts } from "./seeds.ts";
import { gatherTopics } from "./texts.ts";

const isOthers = ({ set }: Row): boolean => !/^(?:corpus|pairs)/u.test(set);

/** A tone model that never met our corpus: what it says of corpus texts is what it would say of any. */
export function strangerModel(learner: Learner, { learn, dev }: Gathered): Model {
  const chosen = { kept: isOthers, learn: learn.filter(isOthers), dev, starred: [] };
  return readModel(buildModel(learner, chosen, { ...recipe, modelCount: 1, learnStars: false }));
}

/** Texts and seeds as numbers. */
export interface EncodedLibrary {
  texts: EncodedTopics[];
  seeds: EncodedTopics[];
}

/** Encodes every text with marked aspects by the stranger; `stars` are those of the shipped tone model. */
export function encodeTopics(
  library: Library,
  openOnly: boolean,
  stranger: Model,
  stars: readonly number[],
): EncodedLibrary {
  const encode = createTopicEncoder(stranger, stars);
  return { texts: gatherTopics(library, openOnly).map(encode), seeds: seedTexts().map(encode) };
}

/** Learns the file of aspects and intents that stands beside a tone model; the same data gives the same bytes. */
export function trainTopics({ texts, seeds }: EncodedLibrary): Uint8Array {
  const learned = texts.filter(({ text }) => !text.test);
  return writeTopics(buildTopics(learned, seeds, topicRecipe));
}
