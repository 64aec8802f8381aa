import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Reply } from "./program.ts";

/*
 * What is asked from a thread of its own: sweeping the memory of a bench that has filled a database takes 70 ms, again
 * and again, and would count as the program's.
 */

interface Asked {
  url: string;
  key: string;
}

export interface Turns extends Asked {
  path: string;
  /** Answered before the first that counts. */
  warmups: number;
  count: number;
  /** Asked by the clock, so far apart; 0 is at once after the last answer. */
  everyMs: number;
}

export interface Offer extends Asked {
  connections: number;
  perSecond: number;
  seconds: number;
}

/** Asks the same again and again, never before the last answer; the times in ms. */
export const askInTurn = (turns: Turns) => inThread<number[]>("asker.ts", turns);

/** Claims one case so many times a second, whether the answers come or not, after a second that does not count. */
export const offerClaims = (offer: Offer) => inThread<Reply[]>("offerer.ts", offer);

async function inThread<Result>(file: string, workerData: Asked): Promise<Result> {
  const [result] = await once(new Worker(new URL(file, import.meta.url), { workerData }), "message");
  return result as Result;
}
