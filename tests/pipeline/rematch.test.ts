import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { changeBrand } from "#pipeline/brands.ts";
import { correctMention } from "#pipeline/correct.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { continueRematches } from "#pipeline/rematch.ts";
import { previewRematch } from "#pipeline/rematch-preview.ts";
import { inTransaction } from "#store/db.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
let brandId: string;
let sourceId: string;
const signal = new AbortController().signal;

const texts = [
  "Ужасная кофейня Волна, хамят и обманывают!",
  "Радио Волна играет отвратительную музыку",
  "Пекарня Прибой испортила праздник, ужас и хамство",
  "О погоде на выходных",
];

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  brandId = await world.makeBrand({ query: "Волна" });
  sourceId = await world.makeSource([brandId]);
  const rows = texts.map((text, n) => ({
    sourceId,
    item: pushedItem({ externalId: `t-${n}`, kind: "post", text }),
  }));
  await inTransaction(world.db, tx =>
    push(tx, world.deps, rows, { trigger: "push", maySee: async () => true, now: world.deps.clock() }),
  );
});

const living = async () =>
  (
    await world.db
      .selectFrom("mention")
      .innerJoin("document", "document.id", "mention.document_id")
      .select("document.external_id")
      .where("brand_id", "=", brandId)
      .where("deleted_at", "is", null)
      .orderBy("external_id")
      .execute()
  ).map(row => row.external_id);
const total = async (figure: "total" | "originals" = "total") =>
  Number(
    (
      await world.db
        .selectFrom("rollup_day")
        .select(eb => eb.fn.sum<number>(figure).as("total"))
        .where("brand_id", "=", brandId)
        .executeTakeFirst()
    )?.total ?? 0,
  );
const edit = (query: string) =>
  inTransaction(world.db, tx => changeBrand(tx, brandId, { query }, world.deps.clock()));
const newest = () =>
  world.db
    .selectFrom("mention")
    .select("seq")
    .where("brand_id", "=", brandId)
    .orderBy("seq", "desc")
    .executeTakeFirstOrThrow();

describe("a changed query", () => {
  it("is matched against what is stored; counts follow and nobody is alarmed", async () => {
    expect(await living()).toEqual(["t-0", "t-1"]);
    const cases = await world.db.selectFrom("case").select("id").where("brand_id", "=", brandId).execute();
    const before = await newest();
    await edit("(Волна AND NOT радио) OR Прибой");
    await continueRematches(world.deps, signal);
    expect(await living()).toEqual(["t-0", "t-2"]);
    expect(await total()).toBe(2);
    expect(await world.db.selectFrom("case").select("id").where("brand_id", "=", brandId).execute()).toEqual(
      cases,
    );
    expect((await newest()).seq).toBeGreaterThan(before.seq);
  });

  it("knows copies of earlier texts, which count once in share of voice", async () => {
    const text = `${texts[2]}: торт привезли на два часа позже, коробка помята, крем растёкся, а деньги вернуть отказались`;
    const rows = ["copy-1", "copy-2"].map(externalId => ({
      sourceId,
      item: pushedItem({
        externalId,
        kind: "post",
        text,
        author: { id: "u-1", name: null, url: null, reach: null },
      }),
    }));
    await inTransaction(world.db, tx =>
      push(tx, world.deps, rows, { trigger: "push", maySee: async () => true, now: world.deps.clock() }),
    );
    await edit("коробка");
    await continueRematches(world.deps, signal);
    expect(await living()).toEqual(["copy-1", "copy-2"]);
    expect([await total(), await total("originals")]).toEqual([2, 1]);
  });

  it("can be taken back", async () => {
    await edit("Прибой");
    await continueRematches(world.deps, signal);
    await edit("Волна");
    await continueRematches(world.deps, signal);
    expect(await living()).toEqual(["t-0", "t-1"]);
    expect(await total()).toBe(2);
  });

  it("leaves alone what a person has matched or unmatched", async () => {
    const rows = await world.db
      .selectFrom("mention")
      .innerJoin("document", "document.id", "mention.document_id")
      .select(["mention.id", "external_id"])
      .where("brand_id", "=", brandId)
      .execute();
    const idOf = (externalId: string) => rows.find(row => row.external_id === externalId)?.id as string;
    const scope = { actor: { personId: null, keyId: null }, brandIds: null };
    await inTransaction(world.db, tx =>
      correctMention(tx, scope, idOf("t-0"), { matched: true }, world.deps.clock()),
    );
    await inTransaction(world.db, tx =>
      correctMention(tx, scope, idOf("t-1"), { matched: false }, world.deps.clock()),
    );
    await edit("Прибой OR радио");
    await continueRematches(world.deps, signal);
    expect(await living()).toEqual(["t-0", "t-2"]);
  });

  it("tells beforehand what it would gain and lose", async () => {
    expect(await previewRematch(world.db, brandId, "(Волна AND NOT радио) OR Прибой")).toEqual({
      read: 4,
      matched: 2,
      gained: 1,
      lost: 1,
      complete: true,
    });
    expect(await living()).toEqual(["t-0", "t-1"]);
  });
});
