import { writeFileSync } from "node:fs";

const everyMs = 5_000;

/**
 * Renews a file while the event loop turns, so that a role without a port can be asked whether it is alive:
 * by the age of the file. Returns what ends it.
 */
export function keepPulse(path: string, warn: (error: unknown) => void): () => void {
  let isWarned = false;
  const beat = () => {
    try {
      writeFileSync(path, `${process.pid}\n`);
    } catch (error) {
      if (!isWarned) warn(error);
      isWarned = true;
    }
  };
  beat();
  const timer = setInterval(beat, everyMs).unref();
  return () => clearInterval(timer);
}
