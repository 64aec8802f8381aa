import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { collectingNiceness } from "#boot/runtime.ts";
import { collectOne, openFlow, pageSize } from "./ingest.ts";
import { onServer } from "./stage.ts";

/** A collector in a process of its own, so that its work delays no clock of the bench. */
export interface Inflow {
  /** Ends it; tells how many documents a second it really stored. */
  stop(): Promise<number>;
}

interface Offer {
  /** Documents a second; Infinity is as many as can be. */
  perSecond: number;
  /** Every which text is written to be negative. */
  negativeEvery: number;
  /** Tells the texts of one inflow from those of another into the same database. */
  seed?: number;
}

/** Collecting gives way to who waits for an answer, as in boot/runtime.ts. */
const collectingConnections = 4;

const [, , url, ...numbers] = process.argv;

/** Has a second process store documents until it is stopped. */
export async function startInflow(
  appUrl: string,
  { perSecond, negativeEvery, seed = 1 }: Offer,
): Promise<Inflow> {
  const child = fork(fileURLToPath(import.meta.url), [
    appUrl,
    ...[perSecond, negativeEvery, seed].map(String),
  ]);
  await once(child, "message");
  return {
    stop: async () => {
      const told = once(child, "message");
      child.send("stop");
      const [rate] = await told;
      await once(child, "exit");
      return Number(rate);
    },
  };
}

/** Pages are begun by the clock, not one after the other: a slow one does not make the offered rate smaller. */
async function run(appUrl: string, { perSecond, negativeEvery, seed }: Offer): Promise<void> {
  const stage = onServer(appUrl, collectingConnections, collectingNiceness);
  const flow = await openFlow(stage, negativeEvery, seed);
  let isOver = false;
  process.once("message", () => {
    isOver = true;
  });
  await Promise.all(flow.lines.map(line => collectOne(flow, line)));
  process.send?.("ready");
  const started = performance.now();
  const first = flow.made;
  await Promise.all(
    flow.lines.map(async (line, index) => {
      const everyMs = (1000 * pageSize * flow.lines.length) / perSecond;
      for (let due = started + (index * everyMs) / flow.lines.length; !isOver; due += everyMs) {
        await sleep(Math.max(0, due - performance.now()));
        await collectOne(flow, line);
      }
    }),
  );
  process.send?.((1000 * (flow.made - first)) / (performance.now() - started));
  await flow.pool.close();
  await stage.db.destroy();
  process.disconnect();
}

if (import.meta.main && url !== undefined) {
  const [perSecond = 0, negativeEvery = 1, seed = 1] = numbers.map(Number);
  await run(url, { perSecond, negativeEvery, seed });
}
