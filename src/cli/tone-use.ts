import { type Command, InvalidArgumentError } from "commander";
import { InputError } from "#domain/errors.ts";
import { findBrandByWord } from "#pipeline/import/run.ts";
import { type RecalibratedSource, recalibrateSources } from "#pipeline/recalibrate.ts";
import { rescore } from "#pipeline/rescore.ts";
import type { AddCommand, CliContext } from "./define.ts";
import { createProgress } from "./progress.ts";

const rescoreHelp = `
What a mention was scored as then stays beside the new score; no case opens, nobody is alerted. A run that was
cut off goes on where it stopped when the same command is given again.
GET /v1/trends/sentiment?scored=current shows a trend as scored now, ?scored=then as it was.`;

const recalibrateHelp = `
The running program does this by itself once a minute. Corrections are what people said of a mention's tone
(PATCH /v1/mentions/{id}); the model's own word, said again by a person, confirms it and counts as much.
New mentions follow at once; stored ones with "molva tone rescore".`;

/** `tone rescore` and `tone recalibrate`: the model in use, on the mentions of the database. */
export const addToneUse: AddCommand = (program, context) => {
  const tone = toneCommand(program);
  tone
    .command("rescore")
    .description("score stored mentions anew, beside what they were scored as then")
    .option("--brand <id or name>", "only mentions of this brand")
    .option("--since <date>", "only mentions from this day or time on, such as 2026-01-31", dateOf)
    .option("--json", "print JSON")
    .addHelpText("after", rescoreHelp)
    .action((options: RescoreOptions) => runRescore(context, options));
  tone
    .command("recalibrate")
    .description("fit to each source what people corrected in it")
    .option("--source <id>", "only this source")
    .option("--least <count>", "how many corrections must be new (10 without this)", countOf)
    .option("--dry-run", "fit and show, store nothing")
    .option("--json", "print JSON")
    .addHelpText("after", recalibrateHelp)
    .action((options: RecalibrateOptions) => runRecalibrate(context, options));
};

/** The group of commands, whoever adds to it first. */
const toneCommand = (program: Command): Command =>
  program.commands.find(command => command.name() === "tone") ?? program.command("tone");

interface RescoreOptions {
  brand?: string;
  since?: Date;
  json?: boolean;
}

async function runRescore(
  context: CliContext,
  { brand, since, json = false }: RescoreOptions,
): Promise<void> {
  const { deps, close } = await context.connect();
  const progress = createProgress(context);
  try {
    const brandId = brand === undefined ? null : (await findBrandByWord(deps, brand)).id;
    const done = await rescore(deps, { brandId, since: since ?? null }, ({ doneCount, totalCount }) =>
      progress.show(totalCount === 0 ? 1 : doneCount / totalCount, `${doneCount} of ${totalCount} mentions`),
    );
    progress.end();
    const { modelVersion } = deps.scorer;
    context.out(
      json
        ? `${JSON.stringify({ modelVersion, ...done })}\n`
        : `${modelVersion}: ${done.doneCount} mentions looked at, ${done.scoredCount} scored anew\n`,
    );
  } finally {
    progress.end();
    await close();
  }
}

interface RecalibrateOptions {
  source?: string;
  least?: number;
  dryRun?: boolean;
  json?: boolean;
}

async function runRecalibrate(context: CliContext, options: RecalibrateOptions): Promise<void> {
  const { source: sourceId = null, least, dryRun = false, json = false } = options;
  const { deps, close } = await context.connect();
  try {
    const asked = { sourceId, dryRun, ...(least === undefined ? {} : { least }) };
    const sources = await recalibrateSources(deps, asked);
    if (sourceId !== null && sources.length === 0)
      throw new InputError(`There are no corrections of source "${sourceId}", or no such source`);
    context.out(
      json
        ? `${JSON.stringify({ dryRun, sources })}\n`
        : sources.map(said).join("") || "No corrections yet\n",
    );
  } finally {
    await close();
  }
}

function said({ title, ownCount, newCount, fitted }: RecalibratedSource): string {
  const counts = `${title}: ${ownCount} corrections, ${newCount} new`;
  if (fitted === null) return `${counts}, left as it is\n`;
  const { polaritySlope, polarityBias, decidedSlope, decidedBias, version } = fitted;
  const name = version === 0 ? "would be" : `version ${version} is`;
  return `${counts}; ${name} polarity × ${polaritySlope} ${signed(polarityBias)}, decidedness × ${decidedSlope} ${signed(decidedBias)}\n`;
}

const signed = (value: number): string => `${value < 0 ? "−" : "+"} ${Math.abs(value)}`;

function dateOf(text: string): Date {
  const date = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}(T.*(Z|[+-]\d{2}:\d{2}))?$/u.test(text) || Number.isNaN(date.getTime()))
    throw new InvalidArgumentError("expected a day such as 2026-01-31 (UTC), or a time with its offset");
  return date;
}

function countOf(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError("expected a count from 1 on");
  return count;
}
