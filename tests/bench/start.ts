import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "./program.ts";
import { type Figure, load } from "./stage.ts";

/** `start` in an empty folder, then again in the same one: from the command to `/readyz`. */
export async function benchStart(): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), "molva-bench-"));
  chmodSync(dir, 0o755);
  try {
    const readySeconds = async (): Promise<number> => {
      const program = await startProgram("start", { MOLVA_DATA_DIR: dir });
      await program.stop();
      return program.readyMs / 1000;
    };
    const first = await readySeconds();
    const again = await readySeconds();
    return [
      { name: "start in an empty folder", unit: "s", result: first, target: 4, more: false, note: load() },
      { name: "start again", unit: "s", result: again, target: 1.5, more: false, note: load() },
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
