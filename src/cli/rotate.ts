import { rotateSecrets } from "#pipeline/rotate.ts";
import type { AddCommand } from "./define.ts";

const help = `
1. Put the present MOLVA_SECRET_KEY into MOLVA_SECRET_KEYS_OLD and a new one in its place; restart.
2. Run this. It can be stopped and run again.
3. Take the old key away. Backups made before still need it.`;

/** `rotate`: seals stored secrets anew with the current key. */
export const addRotate: AddCommand = (program, context) => {
  program
    .command("rotate")
    .description("seal stored credentials anew with the current MOLVA_SECRET_KEY")
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action(async ({ json = false }: { json?: boolean }) => {
      const { deps, close } = await context.connect();
      try {
        const done = await rotateSecrets(deps);
        context.out(json ? `${JSON.stringify(done)}\n` : `Sealed ${done.sealedCount} anew\n`);
        for (const { object, id } of done.unreadable)
          context.err(
            `${object} ${id}: no known key opens it; add the earlier one to MOLVA_SECRET_KEYS_OLD\n`,
          );
        if (done.unreadable.length > 0) context.setExitCode(1);
      } finally {
        await close();
      }
    });
};
