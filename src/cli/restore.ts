import { restore } from "#pipeline/restore.ts";
import { readGzip } from "./backup-file.ts";
import type { AddCommand, CliContext } from "./define.ts";
import { createProgress } from "./progress.ts";

const help = `
The database must be new: after \`molva migrate\`, before the first start. All or nothing. Whoever asked to
be forgotten before the backup stays forgotten; those who asked later are in a later backup: name it with
--erasures. Set the MOLVA_SECRET_KEY of the time of the backup, or credentials cannot be opened.`;

interface Options {
  erasures?: string;
  json?: boolean;
}

/** `restore FILE`: fills a new database from a backup. */
export const addRestore: AddCommand = (program, context) => {
  program
    .command("restore")
    .description("fill a new database from a backup")
    .argument("<file>", "what `molva backup` wrote")
    .option("--erasures <file>", "a later backup, whose list of forgotten authors is applied too")
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action((path: string, options: Options) => run(context, path, options));
};

async function run(context: CliContext, path: string, { erasures, json = false }: Options): Promise<void> {
  const { deps, liftSeq, close } = await context.connect();
  const progress = createProgress(context);
  try {
    const done = await restore(deps, {
      lines: () => readGzip(path),
      laterErasures: erasures === undefined ? null : () => readGzip(erasures),
      liftSeq,
      onRows: doneCount => progress.show(null, `${doneCount} rows`),
    });
    progress.end();
    const erased = done.erasedCount > 0 ? `, ${done.erasedCount} documents of forgotten authors emptied` : "";
    context.out(
      json
        ? `${JSON.stringify(done)}\n`
        : `Restored ${done.rowCount} rows of ${done.at.toISOString()}${erased}\n`,
    );
  } finally {
    progress.end();
    await close();
  }
}
