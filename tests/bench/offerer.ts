import { parentPort, workerData } from "node:worker_threads";
import { claimOne, openClient, openLoop } from "./program.ts";
import type { Offer } from "./turns.ts";

/** The thread of `offerClaims`. */
const { url, key, connections, perSecond, seconds } = workerData as Offer;
const client = openClient(url, connections, key);
await openLoop(perSecond, 1, () => claimOne(client));
parentPort?.postMessage(await openLoop(perSecond, seconds, () => claimOne(client)));
client.close();
