import { murmur128 } from "#domain/hash.ts";
import { lexicon } from "#tone/lexicon/tables.ts";
import { type Model, type ModelFacts, writeModel } from "#tone/model/file.ts";
import { packVocabulary } from "#tone/model/vocabulary.ts";
import { compileVocabulary } from "#tone/vocabulary.ts";
import { createEncoder, seal } from "./encode.ts";
import type { Part } from "./expand.ts";
import type { Gathered } from "./gather.ts";
import { learn, type Weights } from "./learn.ts";
import { createWeighRows, fitManners, plainManners, type Weighed } from "./manners.ts";
import { blend, quantise } from "./quantise.ts";
import { examplesOf, type Recipe } from "./recipe.ts";
import type { Row } from "./rows.ts";
import { fitStars } from "./stars.ts";

const hex = (bytes: Uint8Array): string =>
  murmur128(bytes)
    .map(word => word.toString(16).padStart(8, "0"))
    .join("");

/** Tells one lexicon from another: a model fits only the tone words and roles that it was trained with. */
export const lexiconHash = (): string =>
  hex(new TextEncoder().encode(JSON.stringify([lexicon.weighted, lexicon.roles]))).slice(0, 16);

/** Learns models from some of the rows; all rows are encoded once. */
export type Learner = (kept: (row: Row) => boolean, recipe: Recipe) => Model;

/** Builds a learner over rows; `tell` hears how far it is. */
export function createLearner(rows: readonly Row[], tell: (line: string) => void): Learner {
  const encoder = createEncoder();
  const vocabulary = packVocabulary(compileVocabulary(lexicon));
  for (const { input } of rows) encoder.add(input);
  const encoded = seal(encoder.encoded);
  tell(`${rows.length} texts, ${encoded.wordId.length} words, ${encoded.gramFrom.length - 1} different`);
  return (kept, recipe) => {
    const examples = examplesOf(rows, kept, recipe);
    const learnPart = (part: Part, seed: number): Weights => {
      const said = `${part} ${seed} of ${recipe.modelCount} from ${examples.length} texts`;
      return learn(encoded, examples, { ...recipe.learn, seed }, part, epoch =>
        tell(`${said}: epoch ${epoch + 1} of ${recipe.learn.epochs}`),
      );
    };
    const shares = { all: 1 - recipe.lexiconShare, lexicon: recipe.lexiconShare };
    const models: [share: number, weights: Weights][] = [];
    for (const part of ["all", "lexicon"] as const)
      for (let seed = 1; seed <= recipe.modelCount; seed++)
        models.push([shares[part] / recipe.modelCount, learnPart(part, seed)]);
    const { pairs, steps } = quantise(blend(models));
    return { facts: { ...plainFacts(recipe), steps }, pairs, vocabulary };
  };
}

const isOurs = ({ set }: Row): boolean => /^(?:corpus|pairs)/u.test(set);
/** Every so manieth text of the dev sets is also read as one of unknown kind. */
const unknownEvery = 5;

/** What manners are fitted on: each dev set as it is, news also without its target, a part with no kind. */
function choosingRows(dev: Gathered["dev"]): Row[] {
  const rows = [...dev.values()].flat();
  const unaimed = rows.filter(row => row.input.brandSpans !== undefined);
  return [
    ...rows,
    ...unaimed.map(row => ({ ...row, input: { text: row.input.text, kind: row.input.kind } })),
    ...rows
      .filter((_, at) => at % unknownEvery === 0)
      .map(row => ({ ...row, input: { text: row.input.text, kind: null } })),
  ];
}

/** Weighs rows under weights, in the integers of the file. */
function weighRows(rows: readonly Row[], model: Model): Weighed[] {
  const weigh = createWeighRows(model);
  return rows.map(row => ({ row, ...weigh(row.input) }));
}

/** What a file is made of beside the learner: rows to learn from, to choose by, and with stars. */
export interface Chosen extends Pick<Gathered, "dev" | "starred"> {
  kept(row: Row): boolean;
  /** The rows that are kept, for the names of their sets. */
  learn: readonly Row[];
}

/** Learns a model and returns the bytes of its file: the same texts and recipe give the same bytes. */
export function buildModel(learner: Learner, chosen: Chosen, recipe: Recipe): Uint8Array {
  const model = learner(chosen.kept, recipe);
  const manners = fitManners(weighRows(choosingRows(chosen.dev), model));
  // What stars add must not be learned beside texts that the model knows by heart.
  const strangers = { ...recipe, modelCount: 1, learn: { ...recipe.learn, epochs: 1 } };
  const stars = recipe.learnStars
    ? fitStars(
        weighRows(
          chosen.starred,
          learner(row => chosen.kept(row) && !isOurs(row), strangers),
        ),
        manners.review,
      )
    : {};
  const learned = [...new Set(chosen.learn.map(row => row.set))].toSorted();
  const facts = { ...model.facts, manners, ...stars, learned };
  const version = `tone-${hex(writeModel({ ...model, facts })).slice(0, 10)}`;
  return writeModel({ ...model, facts: { ...facts, version } });
}

const plainFacts = ({ learn }: Recipe): Omit<ModelFacts, "steps"> => ({
  version: "",
  lexicon: lexiconHash(),
  lengthFloor: learn.lengthFloor,
  lengthPower: learn.lengthPower,
  manners: plainManners,
  stars: [0, 0, 0, 0, 0],
  starsAlone: [0, 0, 0, 0, 0],
  conflictFrom: 0,
  learned: [],
});
