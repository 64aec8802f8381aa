import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { itemSchema } from "#domain/item.ts";
import { ingestPage } from "#pipeline/ingest/page.ts";
import { sourceFacts } from "#pipeline/source-facts.ts";
import { inTransaction } from "#store/db.ts";
import { findSource } from "#store/source.ts";
import { openWorld, type World } from "./world.ts";

/** Two brands that read the same site, each by a source of its own. */
let world: World;
let volna: { brandId: string; sourceId: string };
let priliv: { brandId: string; sourceId: string };
let sites = 0;

beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  const url = `https://news${++sites}.example.org/feed.xml`;
  const watch = async (query: string) => {
    const brandId = await world.makeBrand({ query });
    return { brandId, sourceId: await world.makeSource([brandId], { kind: "rss-feed", settings: { url } }) };
  };
  volna = await watch("Волна");
  priliv = await watch("Прилив");
});

async function read({ sourceId }: { sourceId: string }, text: string) {
  const now = world.deps.clock();
  const item = itemSchema.parse({ externalId: "n-1", kind: "post", text, publishedAt: now });
  return inTransaction(world.db, async tx => {
    const { ingest } = sourceFacts((await findSource(tx, sourceId))!);
    return ingestPage(tx, world.deps, ingest, [item], now);
  });
}

const mentionsOf = ({ brandId }: { brandId: string }) =>
  world.db
    .selectFrom("mention")
    .select(["tone", "source_id", "case_id", "seq"])
    .where("brand_id", "=", brandId)
    .where("deleted_at", "is", null)
    .execute();

const both = "Ужасно: и «Волна», и «Прилив» обманули, деньги не вернули. Никому не рекомендую!";

it("a text that another brand's source stored is a mention of this brand too, with its case", async () => {
  await read(volna, both);
  expect(await mentionsOf(priliv)).toEqual([]);
  const { statuses } = await read(priliv, both);
  expect(statuses.get("n-1")).toMatchObject({ status: "unchanged", mentionIds: [expect.any(String)] });
  const [mention] = await mentionsOf(priliv);
  expect(mention).toMatchObject({
    tone: "negative",
    source_id: priliv.sourceId,
    case_id: expect.any(String),
  });
  expect(await mentionsOf(volna)).toHaveLength(1);
});

it("reading it again and again by both changes nothing more", async () => {
  await read(volna, both);
  await read(priliv, both);
  const before = [await mentionsOf(volna), await mentionsOf(priliv)];
  for (const source of [volna, priliv, priliv, volna]) await read(source, both);
  expect([await mentionsOf(volna), await mentionsOf(priliv)]).toEqual(before);
});

it("an edit that one source reads keeps the other brand's mention while the text names it, and ends it when not", async () => {
  await read(volna, both);
  await read(priliv, both);
  const better = "Отлично: и «Волна», и «Прилив» вернули деньги, очень доволен, рекомендую!";
  await read(priliv, better);
  expect(await mentionsOf(volna)).toMatchObject([{ tone: "positive", source_id: volna.sourceId }]);
  expect(await mentionsOf(priliv)).toMatchObject([{ tone: "positive" }]);
  await read(priliv, "Отлично: «Прилив» вернул деньги, очень доволен, рекомендую!");
  expect(await mentionsOf(volna)).toEqual([]);
  expect(await mentionsOf(priliv)).toHaveLength(1);
});

it("an edit that one source reads is judged for the other brand when its own source reads it", async () => {
  await read(volna, "Ужасно: «Волна» обманула, деньги не вернули. Никому не рекомендую!");
  await read(priliv, both);
  await read(volna, both);
  expect(await mentionsOf(volna)).toHaveLength(1);
  await read(volna, "Ужасно: «Волна» обманула, деньги не вернули!");
  expect(await mentionsOf(priliv)).toEqual([]);
  await read(volna, both);
  await read(priliv, both);
  expect(await mentionsOf(priliv)).toHaveLength(1);
});
