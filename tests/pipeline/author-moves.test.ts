import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ItemInput } from "#domain/item.ts";
import { nobody, takeStep } from "#pipeline/cases.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { lockCases } from "#store/case.ts";
import { inTransaction } from "#store/db.ts";
import { caseEdits } from "#store/mention-version.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let brandId: string;
let sourceId: string;

const angry = "Ужасная кофейня Волна, хамят и обманывают, деньги не вернули. Никому не рекомендую!";
const happy = "Кофейня Волна отличная, вкусный кофе, вежливый персонал, очень рекомендую!";
const answer = {
  text: "Извините нас, пожалуйста.",
  publishedAt: new Date("2026-11-20T13:00:00Z"),
  state: "published",
  evidence: "badge",
} as const;

const item = (overrides: Partial<ItemInput> = {}): ItemInput => ({
  externalId: "r-1",
  kind: "review",
  text: angry,
  rating: { value: 1, scale: 5 },
  publishedAt: new Date("2026-11-20T09:00:00Z"),
  author: { id: "u-1", name: "Анна" },
  ...overrides,
});

async function at(iso: string, ...items: ItemInput[]) {
  world.setNow(iso);
  const rows = items.map(one => ({ sourceId, item: pushedItem(one) }));
  const options = { trigger: "push", maySee: async () => true, now: world.deps.clock() } as const;
  await inTransaction(world.db, tx => push(tx, world.deps, rows, options));
}

const onlyCase = async () => {
  const rows = await world.db.selectFrom("case").selectAll().where("brand_id", "=", brandId).execute();
  expect(rows).toHaveLength(1);
  return rows[0] as (typeof rows)[number];
};
const history = async (caseId: string) =>
  (
    await world.db
      .selectFrom("case_event")
      .select(["kind", "data"])
      .where("case_id", "=", caseId)
      .orderBy("at")
      .orderBy("version")
      .orderBy("id")
      .execute()
  ).filter(({ kind }) => kind !== "sla-kept");

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  brandId = await world.makeBrand();
  sourceId = await world.makeSource([brandId]);
});

describe("what authors do after an answer is kept in the case", () => {
  it("tells a better rating and other words, before and after, with the source's own time", async () => {
    await at("2026-11-20T12:00:00Z", item());
    await at("2026-11-20T14:00:00Z", item({ answer }));
    const editedAt = new Date("2026-11-22T08:00:00Z");
    await at("2026-11-22T12:00:00Z", item({ answer, text: happy, rating: { value: 4, scale: 5 }, editedAt }));
    const { id, status, outcome } = await onlyCase();
    expect([status, outcome]).toEqual(["ended", "answered"]);
    const edited = (await history(id)).find(({ kind }) => kind === "author-edited");
    expect(edited?.data).toMatchObject({
      fields: ["text", "rating"],
      rating: { before: 1, after: 4 },
      tone: { before: "negative", after: "positive" },
      editedAt: "2026-11-22T08:00:00.000Z",
      afterAnswer: true,
      version: 2,
    });
    expect(JSON.stringify(edited)).not.toContain("Волна");
    const [edit, ...more] = await caseEdits(world.db, id);
    expect(more).toEqual([]);
    expect(edit).toMatchObject({
      version: 2,
      edited_at: editedAt,
      text_changed: true,
      rating_before: 1,
      rating_after: 4,
      tone_before: "negative",
      tone_after: "positive",
      after_answer: true,
    });
  });

  it("tells two edits apart, and one before the answer from one after it", async () => {
    await at("2026-11-20T12:00:00Z", item());
    await at("2026-11-20T12:30:00Z", item({ rating: { value: 2, scale: 5 } }));
    await at("2026-11-20T14:00:00Z", item({ rating: { value: 2, scale: 5 }, answer }));
    await at("2026-11-21T12:00:00Z", item({ rating: { value: 5, scale: 5 }, answer }));
    const edits = await caseEdits(world.db, (await onlyCase()).id);
    expect(
      edits.map(edit => [edit.rating_before, edit.rating_after, edit.after_answer, edit.text_changed]),
    ).toEqual([
      [1, 2, false, false],
      [2, 5, true, false],
    ]);
  });

  it("tells the author's own answer under ours, and not his other texts", async () => {
    await at("2026-11-20T12:00:00Z", item({ kind: "post", threadId: "t" }));
    const more = (externalId: string, hour: string): ItemInput =>
      item({
        externalId,
        kind: "post",
        threadId: "t",
        rating: null,
        text: "Понятно, жду.",
        publishedAt: new Date(`2026-11-20T${hour}:00:00Z`),
      });
    await at("2026-11-20T12:30:00Z", more("before", "12"));
    await at("2026-11-20T14:00:00Z", item({ kind: "post", threadId: "t", answer }));
    await at("2026-11-20T15:00:00Z", more("after", "14"), {
      ...more("other", "14"),
      author: { id: "u-2", name: "Пётр" },
    });
    const events = (await history((await onlyCase()).id)).filter(({ kind }) => kind === "author-answered");
    const { id } = await world.db
      .selectFrom("document")
      .select("id")
      .where("source_id", "=", sourceId)
      .where("external_id", "=", "after")
      .executeTakeFirstOrThrow();
    expect(events.map(({ data }) => [data["documentId"], data["afterAnswer"]])).toEqual([[id, true]]);
  });

  it("brings a case that waits for its author back to the queue, its clock running on", async () => {
    await at("2026-11-20T12:00:00Z", item({ kind: "post", threadId: "t" }));
    const now = new Date("2026-11-20T13:00:00Z");
    await inTransaction(world.db, async tx => {
      const [row] = await lockCases(tx, [(await onlyCase()).id]);
      if (row)
        await takeStep(
          tx,
          row,
          { status: "awaiting-author", updated_at: now },
          { kind: "awaiting-author", actor: nobody, data: {} },
        );
    });
    await at(
      "2026-11-20T18:00:00Z",
      item({
        externalId: "r-2",
        kind: "post",
        threadId: "t",
        rating: null,
        text: "Вот номер заказа: 17.",
        publishedAt: new Date("2026-11-20T17:00:00Z"),
      }),
    );
    const row = await onlyCase();
    expect([row.status, row.sla_running_at?.toISOString()]).toEqual(["open", "2026-11-20T18:00:00.000Z"]);
    expect((await history(row.id)).map(({ kind }) => kind)).toEqual([
      "opened",
      "awaiting-author",
      "author-answered",
      "woken",
    ]);
  });

  it("tells that the answer is gone, and the case is open again", async () => {
    await at("2026-11-20T12:00:00Z", item());
    await at("2026-11-20T14:00:00Z", item({ answer }));
    await at("2026-11-21T14:00:00Z", item());
    const row = await onlyCase();
    expect(row.status).toBe("open");
    expect((await history(row.id)).map(({ kind }) => kind)).toEqual([
      "opened",
      "ended",
      "answer-removed",
      "reopened",
    ]);
  });
});
