import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { InputError } from "#domain/errors.ts";
import { correctedRows } from "#pipeline/corrected-rows.ts";
import { readModel } from "#tone/model/file.ts";
import { modelUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";
import { leftOut } from "#tone/training/bars.ts";
import { buildModel, createLearner } from "#tone/training/build.ts";
import { modelCard } from "#tone/training/card.ts";
import { evaluate, judgeStrangers, passes, type Strangers, without } from "#tone/training/evaluate.ts";
import { type Gathered, gather } from "#tone/training/gather.ts";
import { recipe } from "#tone/training/recipe.ts";
import type { Row } from "#tone/training/rows.ts";
import type { AddCommand, CliContext } from "./define.ts";
import { corpusFolder, dataFolder, openLibrary } from "./tone/library.ts";
import { beside, topicFigures, trainTopicsFile } from "./tone/topics.ts";

interface Folders {
  data?: string;
  corpus?: string;
}

interface TrainOptions extends Folders {
  open?: boolean;
  corrections?: boolean;
  out?: string;
}

interface EvaluateOptions extends Folders {
  model?: string;
  unseen?: boolean;
  card?: string;
}

const shipped = fileURLToPath(modelUrl);
const dataWords = "labelled data with the folders open and public; ../shared/data/tone by default";

/** `tone train` and `tone evaluate`: make the model file anew, and measure one. */
export const addTone: AddCommand = (program, context) => {
  const tone = program.command("tone").description("train and measure the tone model");
  tone
    .command("train")
    .description(
      "learn a model from the labelled data and our own corpus; the same texts give the same bytes",
    )
    .option("--data <folder>", dataWords)
    .option("--corpus <folder>", "our own corpus; corpus in the checkout by default")
    .option("--open", "leave out the sets that state no licence")
    .option("--corrections", "learn also from what people corrected in the database")
    .option("--out <file>", "where the model goes; over the shipped one by default")
    .action((options: TrainOptions) => train(options, context));
  tone
    .command("evaluate")
    .description("measure a model on texts that it did not learn from")
    .option("--data <folder>", dataWords)
    .option("--corpus <folder>", "our own corpus; corpus in the checkout by default")
    .option("--model <file>", "the model to measure; the shipped one by default")
    .option("--unseen", "also train models that leave domains out, and measure them there (minutes)")
    .option("--card <file>", "write the model card to this file; implies --unseen")
    .action((options: EvaluateOptions) => measure(options, context));
};

const tell = (context: CliContext) => (line: string) => context.err(`${line}\n`);

function gatherFrom(
  { data = dataFolder, corpus = corpusFolder }: Folders,
  open: boolean,
  context: CliContext,
): Gathered {
  const gathered = gather(openLibrary(data, corpus), open);
  if (gathered.absent.length > 0)
    context.err(`absent, neither learned nor measured: ${gathered.absent.join(", ")} (looked in ${data})\n`);
  if (gathered.dev.size === 0)
    throw new InputError(`There is no labelled data in ${data}: give its folder with --data.`, "data");
  return gathered;
}

/** Texts of the database that people judged; they stay here, only weights leave. */
async function readCorrections(context: CliContext): Promise<Row[]> {
  const { deps, close } = await context.connect();
  try {
    const rows = await correctedRows(deps);
    context.err(`${rows.length} corrections from the database\n`);
    return rows;
  } finally {
    await close();
  }
}

async function train(
  { open = false, corrections = false, out = shipped, ...folders }: TrainOptions,
  context: CliContext,
): Promise<void> {
  const gathered = gatherFrom(folders, open, context);
  if (corrections) gathered.learn.push(...(await readCorrections(context)));
  const learner = createLearner(gathered.learn, tell(context));
  const bytes = buildModel(learner, { ...gathered, kept: () => true }, recipe);
  await writeFile(out, bytes);
  context.out(`${readModel(bytes).facts.version} ${bytes.length} bytes → ${out}\n`);
  const { data = dataFolder, corpus = corpusFolder } = folders;
  context.out(await trainTopicsFile(openLibrary(data, corpus), open, learner, gathered, out));
}

/** One short model each, and nothing about stars, which no figure uses. */
const strangersRecipe = {
  ...recipe,
  modelCount: 1,
  learnStars: false,
  learn: { ...recipe.learn, epochs: 2 },
};

/** Trains one model per group of left-out sets and judges what each never saw. */
function meetStrangers(gathered: Gathered, context: CliContext): Strangers {
  const strangers: Strangers = { unseen: new Map(), folds: [] };
  const learner = createLearner(gathered.learn, tell(context));
  for (const [n, names] of leftOut.entries()) {
    context.err(`without ${names.join(", ")}\n`);
    const bytes = buildModel(learner, without(gathered, n), strangersRecipe);
    judgeStrangers(gathered, n, createScorer(bytes), strangers);
  }
  return strangers;
}

async function measure(options: EvaluateOptions, context: CliContext): Promise<void> {
  const { card, unseen = card !== undefined, model = shipped } = options;
  const gathered = gatherFrom(options, false, context);
  const [bytes, topicBytes] = await Promise.all([readFile(model), readFile(beside(model))]);
  const scorer = createScorer(bytes, topicBytes);
  const strangers = unseen ? meetStrangers(gathered, context) : null;
  const { data = dataFolder, corpus: ours = corpusFolder } = options;
  const topics = topicFigures(openLibrary(data, ours), gathered, model, unseen, tell(context));
  const figures = [...evaluate(scorer, gathered, strangers), ...(await topics)];
  for (const figure of figures) {
    const { what, measure: by, value, low, high, must } = figure;
    const reached = must === null || passes(figure, must) ? "" : "  below the bar";
    const bar = must === null ? "" : ` (must ${must})`;
    context.out(
      `${what.padEnd(36)} ${by.padEnd(36)} ${value.toFixed(3)} [${low.toFixed(3)} ${high.toFixed(3)}]${bar}${reached}\n`,
    );
  }
  if (card === undefined) return;
  const { facts } = readModel(bytes);
  const corpus = {
    learned: gathered.learn.filter(row => /^(?:corpus|pairs)/u.test(row.set)).length,
    test: gathered.corpusTest.length,
    pairs: gathered.pairs.length,
  };
  const files = [
    { name: "tone.bin", bytes },
    { name: "aspects.bin", bytes: topicBytes },
  ];
  await writeFile(card, modelCard({ version: scorer.modelVersion, facts, files, corpus, figures }));
}
