import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Api, Called } from "./app.ts";

/** Two texts that nobody misreads, about the brand «Волна». */
export const angry = "Ужасная кофейня Волна, хамят и обманывают, деньги не вернули. Никому не рекомендую!";
export const happy = "Кофейня Волна отличная, вкусный кофе, вежливый персонал, очень рекомендую!";

/** One row of a push; `overrides` may be as wrong as the test wants. */
export const row = (sourceId: string, overrides: Record<string, unknown> = {}) => ({
  sourceId,
  externalId: "r-1",
  kind: "review",
  url: "https://reviews.example/1",
  text: angry,
  title: null,
  rating: { value: 1, scale: 5 },
  author: { name: "Анна", id: "u-5", reach: 1200 },
  publishedAt: "2026-11-20T09:14:03.000Z",
  threadId: null,
  parentExternalId: null,
  engagement: { likes: 3, views: 900 },
  answer: null,
  ...overrides,
});

/** Pushes rows with the admin's key, or another. */
export const pushRows = (api: Api, rows: readonly unknown[], key?: string): Promise<Called> =>
  api.call("POST", "/v1/mentions", { body: { mentions: rows }, ...(key === undefined ? {} : { key }) });

/** Pushes one negative text and returns the ids of its mention and its case. */
export async function openCase(
  api: Api,
  sourceId: string,
  externalId: string,
  overrides: Record<string, unknown> = {},
): Promise<{ mentionId: string; caseId: string }> {
  const { body } = await pushRows(api, [row(sourceId, { externalId, ...overrides })]);
  const mentionId = body.results[0].mentionIds[0] as string;
  const { body: mention } = await api.call("GET", `/v1/mentions/${mentionId}`);
  return { mentionId, caseId: mention.caseId };
}

/** Waits until incremental readers see all that is committed: a transaction of another test's database may hold them up. */
export async function settled({ world }: Api): Promise<void> {
  for (let tries = 0; tries < 500; tries++) {
    const { rows } = await sql<{ done: boolean }>`
      select coalesce(max(seq) < seq_visible(), true) as done from mention`.execute(world.db);
    if (rows[0]?.done) return;
    await sleep(20);
  }
  throw new Error("a transaction that began before the last change does not end");
}
