import { Readable } from "node:stream";
import { ProblemError } from "./problem.ts";

/** A way out for long answers: so many at once, because each holds a connection to the database. */
export interface ExportGate {
  /** The parts as a stream that ends, with what it holds, when its reader goes or takes nothing for too long. */
  open(parts: () => AsyncIterable<string | Uint8Array>): Readable;
}

/** Makes a gate; times in ms. */
export function exportGate({ most, stuckMs }: { most: number; stuckMs: number }): ExportGate {
  let openCount = 0;
  return {
    open: parts => {
      if (openCount >= most)
        throw new ProblemError(
          503,
          "unavailable",
          `${most} exports are under way here, which is as many as there may be; try again in a minute`,
        );
      openCount++;
      let stuck: NodeJS.Timeout | undefined;
      const stream = Readable.from(watched(), { objectMode: false });
      stream.once("close", () => {
        clearTimeout(stuck);
        openCount--;
      });
      return stream;

      async function* watched(): AsyncGenerator<string | Uint8Array> {
        for await (const part of parts()) {
          stuck = setTimeout(
            () => stream.destroy(new Error("the reader of an export took nothing for too long")),
            stuckMs,
          );
          stuck.unref();
          yield part;
          clearTimeout(stuck);
        }
      }
    },
  };
}
