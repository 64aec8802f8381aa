import { stat } from "node:fs/promises";
import { backupLines } from "#pipeline/backup.ts";
import { writeGzip } from "./backup-file.ts";
import type { AddCommand } from "./define.ts";
import { createProgress } from "./progress.ts";

const help = `
The program may go on running: the backup shows one moment. It holds credentials sealed by MOLVA_SECRET_KEY,
which is not in it: keep that key elsewhere (without DATABASE_URL it is secret.key in the data folder).`;

/** `backup FILE`: the whole database at one moment, compressed. */
export const addBackup: AddCommand = (program, context) => {
  program
    .command("backup")
    .description("write the whole database into one file")
    .argument("<file>", "where to, such as molva.backup.gz")
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action(async (path: string, { json = false }: { json?: boolean }) => {
      const { deps, close } = await context.connect();
      const progress = createProgress(context);
      let rowCount = 0;
      try {
        const lines = backupLines(deps.db, context.clock(), ({ doneCount, totalCount }) => {
          rowCount = doneCount;
          progress.show(totalCount > doneCount ? doneCount / totalCount : null, `${doneCount} rows`);
        });
        await writeGzip(path, lines);
      } finally {
        progress.end();
        await close();
      }
      const { size: byteCount } = await stat(path);
      context.out(
        json
          ? `${JSON.stringify({ file: path, rowCount, byteCount })}\n`
          : `${path}: ${rowCount} rows, ${byteCount} bytes\n`,
      );
    });
};
