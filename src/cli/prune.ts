import { forgetOld } from "#pipeline/prune.ts";
import type { AddCommand } from "./define.ts";

/** `prune`: forgets what is kept for a limited time; the running program does the same by itself. */
export const addPrune: AddCommand = (program, context) => {
  program
    .command("prune")
    .description("forget what is kept for a limited time only")
    .option("--dry-run", "count, delete nothing")
    .option("--json", "print JSON")
    .action(async ({ dryRun = false, json = false }: { dryRun?: boolean; json?: boolean }) => {
      const { deps, close } = await context.connect();
      try {
        const counts = await forgetOld(deps, dryRun);
        const lines = Object.entries(counts).map(([name, count]) => `${String(count).padStart(10)}  ${name}`);
        context.out(
          json
            ? `${JSON.stringify({ dryRun, counts })}\n`
            : `${dryRun ? "Would forget" : "Forgot"}\n${lines.join("\n")}\n`,
        );
      } finally {
        await close();
      }
    });
};
