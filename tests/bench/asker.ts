import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { openClient } from "./program.ts";
import type { Turns } from "./turns.ts";

/** The thread of `askInTurn`. */
const { url, key, path, warmups, count, everyMs } = workerData as Turns;
const client = openClient(url, 1, key);
const times: number[] = [];
const started = performance.now();
for (let n = 0; n < warmups + count; n++) {
  await sleep(Math.max(0, started + n * everyMs - performance.now()));
  const reply = await client.ask("GET", path);
  if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}: ${reply.text}`);
  if (n >= warmups) times.push(reply.ms);
}
client.close();
parentPort?.postMessage(times);
