import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { scoreHere } from "#pipeline/score.ts";
import { createScorePool } from "#pipeline/score-pool.ts";
import type { ToneInput } from "#tone/define.ts";
import { modelUrl } from "#tone/model/path.ts";
import { createScorer } from "#tone/scorer.ts";

const model: [Uint8Array] = [readFileSync(modelUrl)];
const scorer = createScorer(...model);
const never = () => Promise.reject(new Error("scored in the caller's thread"));

const texts = (count: number): ToneInput[] =>
  Array.from({ length: count }, (_, n) => ({
    text: `${n}. Заказ привезли поздно, курьер хамил, зато кофе отличный. `.repeat(5),
    kind: "review",
    rating: n % 2 === 0 ? { value: 2, scale: 5 } : null,
    brandSpans: [{ start: 0, end: 4 }],
    recalibration: null,
  }));

describe("the scoring thread", () => {
  const pool = createScorePool({ model, scoreHere: never });
  afterAll(() => pool.close());

  it("says exactly what the scorer says, batch by batch, also of texts that only look like text", async () => {
    const inputs = [...texts(40), { text: `\0\uD83D${"я".repeat(2_000)}`, kind: null }];
    const [first, second] = await Promise.all([pool.scoreAll(inputs), pool.scoreAll(texts(30))]);
    expect(first).toEqual(inputs.map(input => scorer.score(input)));
    expect(second).toEqual(texts(30).map(input => scorer.score(input)));
  });

  it("leaves the main loop free", async () => {
    const many = texts(3_000);
    await pool.scoreAll(many.slice(0, 500));
    const alone = performance.now();
    for (const input of many) scorer.score(input);
    const aloneMs = performance.now() - alone;
    const before = performance.eventLoopUtilization();
    await pool.scoreAll(many);
    const { active } = performance.eventLoopUtilization(before);
    expect(active).toBeLessThan(aloneMs / 3);
  });
});

it("a few short texts are scored at once, without the thread", async () => {
  const pool = createScorePool({ model: [new Uint8Array()], scoreHere: scoreHere(scorer) });
  const inputs: ToneInput[] = [{ text: "Отлично!", kind: "review" }];
  expect(await pool.scoreAll(inputs)).toEqual([scorer.score(inputs[0] as ToneInput)]);
  await pool.close();
});

it("a thread that died fails its batches by name, and the next batch has a new one", async () => {
  const dying = createScorePool({ model: [new Uint8Array()], scoreHere: never });
  for (let n = 0; n < 2; n++)
    await expect(dying.scoreAll(texts(40))).rejects.toMatchObject({ code: "thread-ended", retry: "backoff" });
  await dying.close();
  await expect(dying.scoreAll(texts(40))).rejects.toMatchObject({ code: "stopping" });
});

it("a batch that takes too long is given up", async () => {
  const pool = createScorePool({ model, scoreHere: never, timeoutMs: 1 });
  await expect(pool.scoreAll(texts(200))).rejects.toThrow("Scoring 200 texts took longer than 1 ms");
  await pool.close();
});
