import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nobody } from "#pipeline/cases.ts";
import { correctMention } from "#pipeline/correct.ts";
import { inTransaction } from "#store/db.ts";
import { type Api, openApi } from "./app.ts";
import { happy, pushRows, row, settled } from "./desk.ts";

let api: Api;
let sourceId: string;

beforeAll(async () => {
  api = await openApi();
  sourceId = await api.world.makeSource([api.brandId]);
});
afterAll(() => api.close());

interface Seen {
  id: string;
  seq: number;
  tags?: string[];
  deleted?: true;
}

/** Everything after `seq`, page by page, as a client reads it. */
async function readOn(seq: number, limit = 3): Promise<{ items: Seen[]; nextSeq: number }> {
  const items: Seen[] = [];
  for (let next = seq; ; ) {
    const { body } = await api.call("GET", `/v1/mentions?sinceSeq=${next}&limit=${limit}`);
    items.push(...body.items);
    next = body.nextSeq;
    if (body.nextCursor === null) return { items, nextSeq: next };
  }
}

const pushMany = async (prefix: string, count: number): Promise<string[]> => {
  const rows = Array.from({ length: count }, (_, n) =>
    row(sourceId, { externalId: `${prefix}-${n}`, text: happy }),
  );
  const { body } = await pushRows(api, rows);
  await settled(api);
  return body.results.map((result: { mentionIds: string[] }) => result.mentionIds[0]);
};

/** A change whose transaction stays open until it is let go. */
function openChange(mentionId: string, tag: string): { written: Promise<void>; commit: () => Promise<void> } {
  const written = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const done = inTransaction(api.world.db, async tx => {
    await correctMention(tx, { actor: nobody, brandIds: null }, mentionId, { tags: [tag] }, api.deps.clock());
    written.resolve();
    await gate.promise;
  });
  return {
    written: written.promise,
    commit: () => {
      gate.resolve();
      return done;
    },
  };
}

describe("a client that remembers the last seq", () => {
  it("misses nothing when the later number is committed first", async () => {
    const [early, late] = (await pushMany("order", 2)) as [string, string];
    const { nextSeq } = await readOn(0);
    const first = openChange(early, "first");
    await first.written;
    const second = openChange(late, "second");
    await second.written;
    await second.commit();
    const between = await readOn(nextSeq);
    expect(between.items).toEqual([]);
    await first.commit();
    await settled(api);
    const after = await readOn(between.nextSeq);
    expect(after.items.map(item => item.tags?.[0])).toEqual(["first", "second"]);
    expect(after.items.map(item => item.id)).toEqual([early, late]);
  });

  it("reads on from a page without a gap, and never goes back", async () => {
    await pushMany("pages", 10);
    const whole = await readOn(0, 500);
    const paged = await readOn(0, 3);
    expect(paged.items).toEqual(whole.items);
    const seqs = whole.items.map(item => item.seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
    const { body } = await api.call("GET", "/v1/mentions?sinceSeq=0&limit=2");
    const next = await api.call("GET", `/v1/mentions?sinceSeq=0&limit=2&cursor=${body.nextCursor}`);
    expect(next.body.items).toEqual(whole.items.slice(2, 4));
    expect((await readOn(whole.nextSeq)).nextSeq).toBe(whole.nextSeq);
  });

  it("sees every change at last, whatever the order in which writers commit", {
    timeout: 60_000,
  }, async () => {
    const ids = await pushMany("storm", 6);
    const writes = fc.array(fc.record({ target: fc.nat(5), holdMs: fc.nat(12), startMs: fc.nat(30) }), {
      minLength: 5,
      maxLength: 15,
    });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(writes, async drawn => {
        round++;
        let { nextSeq } = await readOn(0, 500);
        const replica = new Map<string, string | undefined>();
        let open = true;
        const reader = (async () => {
          for (let last = false; !last; ) {
            last = !open;
            const { items, nextSeq: next } = await readOn(nextSeq, 2);
            for (const item of items) {
              expect(item.seq).toBeGreaterThan(nextSeq);
              replica.set(item.id, item.tags?.[0]);
            }
            nextSeq = next;
          }
        })();
        await Promise.all(
          drawn.map(async ({ target, holdMs, startMs }, n) => {
            await sleep(startMs);
            const change = openChange(ids[target] as string, `${round}-${n}`);
            await change.written;
            await sleep(holdMs);
            await change.commit();
          }),
        );
        await settled(api);
        open = false;
        await reader;
        const stored = await api.world.db
          .selectFrom("mention")
          .select(["id", "tags"])
          .where("id", "in", ids)
          .execute();
        const touched = new Set(drawn.map(({ target }) => ids[target]));
        for (const { id, tags } of stored) if (touched.has(id)) expect(replica.get(id)).toBe(tags[0]);
      }),
      { numRuns: 12 },
    );
  });
});
