import { once } from "node:events";
import { Worker } from "node:worker_threads";

export interface Turns {
  url: string;
  key: string;
  path: string;
  /** Answered before the first that counts. */
  warmups: number;
  count: number;
}

/**
 * Asks the same again and again, each time after the last answer; the times in ms. From a thread of its own: sweeping
 * the memory of a bench that has filled a database takes 70 ms, again and again, and would count as the program's.
 */
export async function askInTurn(turns: Turns): Promise<number[]> {
  const [times] = await once(
    new Worker(new URL("asker.ts", import.meta.url), { workerData: turns }),
    "message",
  );
  return times as number[];
}
