import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ItemInput } from "#domain/item.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { inTransaction } from "#store/db.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let brandId: string;
let sourceId: string;

const angry = "Ужасная кофейня Волна, хамят и обманывают, деньги не вернули. Никому не рекомендую!";
const happy = "Кофейня Волна отличная, вкусный кофе, вежливый персонал, очень рекомендую!";

const item = (overrides: Partial<ItemInput> = {}): ItemInput => ({
  externalId: "r-1",
  kind: "review",
  text: angry,
  publishedAt: new Date("2026-11-20T09:00:00Z"),
  author: { id: "u-1", name: "Анна" },
  ...overrides,
});

const pushItems = async (...items: ItemInput[]) => {
  const rows = items.map(one => ({ sourceId, item: pushedItem(one) }));
  const options = { trigger: "push", maySee: async () => true, now: world.deps.clock() } as const;
  return (await inTransaction(world.db, tx => push(tx, world.deps, rows, options))).results;
};

const cases = () => world.db.selectFrom("case").selectAll().orderBy("created_at").orderBy("id").execute();
const mentions = () => world.db.selectFrom("mention").selectAll().orderBy("seq").execute();
const events = (caseId: string) =>
  world.db
    .selectFrom("case_event")
    .select("kind")
    .where("case_id", "=", caseId)
    .orderBy("at")
    .orderBy("version")
    .execute();

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  world.setNow("2026-11-20T12:00:00Z");
  brandId = await world.makeBrand();
  sourceId = await world.makeSource([brandId]);
});

const own = async () => (await cases()).filter(row => row.brand_id === brandId);

describe("one page is stored with all that follows from it", () => {
  it("makes a document, a mention and one case of an unanswered negative", async () => {
    const [result] = await pushItems(item());
    expect(result?.status).toBe("created");
    expect(result?.mentionIds).toHaveLength(1);
    const [opened, ...others] = await own();
    expect(others).toEqual([]);
    expect(opened).toMatchObject({ status: "open", mention_id: result?.mentionIds[0] });
    expect(opened?.due_at.toISOString()).toBe("2026-11-21T12:00:00.000Z");
  });

  it("changes nothing when the same page comes again", async () => {
    await pushItems(item());
    const before = await mentions();
    const [again] = await pushItems(item());
    expect(again).toMatchObject({ status: "unchanged" });
    expect(await mentions()).toEqual(before);
    expect(await own()).toHaveLength(1);
  });

  it("opens no case for praise, for a competitor and for what is older than actFrom", async () => {
    const rival = await world.makeBrand({ competitorOf: brandId });
    sourceId = await world.makeSource([brandId, rival], { actFrom: "2026-11-19T00:00:00Z" });
    await pushItems(
      item({ text: happy }),
      item({ externalId: "old", publishedAt: new Date("2026-11-01T00:00:00Z") }),
    );
    await pushItems(item({ externalId: "new" }));
    const opened = (await cases()).filter(row => row.brand_id === brandId || row.brand_id === rival);
    expect(opened.map(row => row.brand_id)).toEqual([brandId]);
  });
});

describe("edits and answers", () => {
  it("keeps the text that an edit replaced and ends the case when the author has nothing to complain of", async () => {
    await pushItems(item());
    world.setNow("2026-11-20T13:00:00Z");
    const [edited] = await pushItems(item({ text: happy }));
    expect(edited?.status).toBe("updated");
    const document = await world.db
      .selectFrom("document")
      .selectAll()
      .where("source_id", "=", sourceId)
      .executeTakeFirstOrThrow();
    expect(document).toMatchObject({ version: 2, text: happy });
    const versions = await world.db
      .selectFrom("document_version")
      .select(["version", "text"])
      .where("document_id", "=", document.id)
      .execute();
    expect(versions).toEqual([{ version: 1, text: angry }]);
    expect(await own()).toMatchObject([{ status: "ended", outcome: "author-updated" }]);
  });

  it("closes a case by an official answer seen later and reopens it when the author edits after that", async () => {
    await pushItems(item());
    world.setNow("2026-11-20T14:00:00Z");
    const answer = {
      text: "Разберёмся!",
      state: "published" as const,
      publishedAt: new Date("2026-11-20T13:30:00Z"),
      evidence: "shop",
    };
    await pushItems(item({ answer }));
    const [closed] = await own();
    expect(closed).toMatchObject({ status: "ended", outcome: "answered" });
    world.setNow("2026-11-20T15:00:00Z");
    await pushItems(item({ text: `${angry} Так и не разобрались, обман!`, answer }));
    const [reopened] = await own();
    expect(reopened).toMatchObject({ id: closed?.id, status: "open", outcome: null });
    expect((await events(closed?.id as string)).map(event => event.kind)).toEqual([
      "opened",
      "ended",
      "author-edited",
      "reopened",
    ]);
  });

  it("brings an edited text back into the living case of its story, not into one beside it", async () => {
    const answer = {
      text: "Разберёмся!",
      state: "published" as const,
      publishedAt: new Date("2026-11-20T13:30:00Z"),
      evidence: "shop",
    };
    const text = `${angry} Ждали сорок минут, заказ перепутали дважды, извиняться никто не стал.`;
    await pushItems(item({ text }));
    world.setNow("2026-11-20T14:00:00Z");
    await pushItems(item({ text, answer }));
    await pushItems(item({ text, externalId: "copy" }));
    const [first, second, ...more] = await own();
    expect([first?.status, second?.status, more.length]).toEqual(["ended", "open", 0]);
    expect(second?.previous_case_id).toBe(first?.id);
    world.setNow("2026-11-20T15:00:00Z");
    await pushItems(item({ text: `${text} Так и не разобрались, обман!`, answer }));
    const after = await own();
    expect(after).toMatchObject([
      { id: first?.id, status: "ended", outcome: "answered-elsewhere", merged_into: second?.id },
      { id: second?.id, status: "open" },
    ]);
    const placed = (await mentions()).filter(row => row.brand_id === brandId).map(row => row.case_id);
    expect(placed).toEqual([second?.id, second?.id]);
  });

  it("takes a later official post of the thread for the answer, never one from before", async () => {
    const badge = { id: "rep", name: "Волна", badges: ["Представитель компании"] };
    const post = (externalId: string, hour: number, more: Partial<ItemInput>) =>
      item({
        externalId,
        kind: "post",
        threadId: "t1",
        publishedAt: new Date(Date.UTC(2026, 10, 20, hour)),
        ...more,
      });
    await pushItems(post("p1", 7, { author: badge, text: "Волна открыта с восьми утра" }), post("p2", 8, {}));
    expect(await own()).toMatchObject([{ status: "open" }]);
    await pushItems(post("p3", 9, { author: badge, text: "Здравствуйте, напишите нам номер заказа" }));
    expect(await own()).toMatchObject([{ status: "ended", outcome: "answered" }]);
  });
});

describe("what a site may send", () => {
  it("of a megabyte, with ids as long as addresses, is stored like any other", async () => {
    const words = Array.from({ length: 120_000 }, (_, n) => `слово${n}`)
      .join(" ")
      .slice(0, 990_000);
    const id = `https://forum.test/${"длинный-путь/".repeat(200)}`;
    const [first, second] = await pushItems(
      item({ externalId: id, threadId: id, text: `Волна ${words}` }),
      item({ externalId: `${id}2`, threadId: id, text: "Волна" }),
    );
    expect([first?.status, second?.status]).toEqual(["created", "created"]);
    expect((await pushItems(item({ externalId: id, threadId: id, text: `Волна ${words}` })))[0]?.status).toBe(
      "unchanged",
    );
  });
});

describe("re-posts", () => {
  const long =
    "Заказывала вчера вечером в кофейне Волна два торта на день рождения дочери, привезли через три часа оба мятые и с волосом внутри, деньги возвращать отказались и ещё нахамили по телефону";

  it("join the open case of what they repeat as a further place, on another site only", async () => {
    await pushItems(item({ text: long }));
    sourceId = await world.makeSource([brandId]);
    await pushItems(item({ text: `${long}!!`, author: { id: "someone-else" } }));
    expect(await own()).toHaveLength(1);
    const places = (await mentions()).filter(mention => mention.brand_id === brandId);
    expect(new Set(places.map(mention => mention.case_id)).size).toBe(1);
    expect(places.map(mention => mention.duplicate)).toEqual([false, true]);
  });

  it("by different authors on one site stay apart", async () => {
    const text = long.replaceAll("торта", "пирога").split(" ").reverse().join(" ");
    await pushItems(item({ text }), item({ externalId: "r-2", text, author: { id: "u-2" } }));
    expect(await own()).toHaveLength(2);
  });
});
