import { parentPort, workerData } from "node:worker_threads";
import type { ToneInput } from "#tone/define.ts";
import { createScorer } from "#tone/scorer.ts";

/** The entry of the scoring thread: the model's files come with its start, then batches of texts one by one. */
const scorer = createScorer(...(workerData as Parameters<typeof createScorer>));

parentPort?.on("message", ({ id, inputs }: { id: number; inputs: ToneInput[] }) => {
  // Reading JSON costs the main loop less than a structured copy does.
  parentPort?.postMessage({ id, tones: JSON.stringify(inputs.map(input => scorer.score(input))) });
});
