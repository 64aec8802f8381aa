import { expect } from "vitest";
import type { Arrival } from "./receiver.ts";
import type { Scene } from "./scene.ts";
import { allTexts, type Site } from "./site.ts";
import type { Written } from "./texts.ts";

type Query = Scene["query"];

/** One line per mention that the site's texts must have made. */
const mentionsOf = (texts: readonly Written[]) =>
  texts.flatMap(text => text.brands.map(brand => ({ text, brand, key: `${text.externalId} ${brand}` })));

const named = `select m.*, d.external_id || ' ' || b.name as key from mention m
  join document d on d.id = m.document_id join brand b on b.id = m.brand_id`;

/** Every text that was ever served is stored once, as it stands now, with the text that its edit replaced. */
export async function expectTexts(query: Query, site: Site): Promise<void> {
  const stored = await query<{ id: string; version: number; text: string; before: string[] }>(`
    select d.external_id as id, d.version, d.text,
      coalesce((select array_agg(v.text order by v.version) from document_version v where v.document_id = d.id), '{}') as before
    from document d order by 1`);
  const written = allTexts(site).map(({ externalId, text, firstText }) => ({
    id: externalId,
    version: firstText === null ? 1 : 2,
    text,
    before: firstText === null ? [] : [firstText],
  }));
  expect(stored).toEqual(written.toSorted(byId));
}

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** One mention per text and brand it names, with the tone of its present text, each under a number of its own. */
export async function expectMentions(query: Query, site: Site): Promise<void> {
  const mentions = mentionsOf(allTexts(site));
  const stored = await query<{ key: string; tone: string }>(
    `select key, tone from (${named}) m order by key collate "C"`,
  );
  expect(stored).toEqual(
    mentions
      .map(({ key, text }) => ({ key, tone: text.negative ? "negative" : "positive" }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  );
}

/** Exactly one case per mention that was ever negative; it has ended where the author thought better of it. */
export async function expectCases(query: Query, site: Site): Promise<void> {
  const complaints = mentionsOf(allTexts(site)).filter(({ text }) => text.wasNegative || text.negative);
  const stored = await query<{ key: string; ended: boolean }>(`
    select m.key, c.status = 'ended' as ended from "case" c join (${named}) m on m.id = c.mention_id
    order by m.key collate "C"`);
  expect(stored).toEqual(
    complaints
      .map(({ key, text }) => ({ key, ended: !text.negative }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1)),
  );
  const linked = `select count(*)::int as count from "case" c join mention m on m.case_id = c.id and m.id = c.mention_id`;
  expect(await query(linked)).toEqual([{ count: complaints.length }]);
}

const sums = `count(*)::int as total, count(*) filter (where tone = 'positive')::int as positive,
  count(*) filter (where tone = 'neutral')::int as neutral, count(*) filter (where tone = 'negative')::int as negative,
  sum(round(score::numeric, 3)) as score, round(coalesce(sum(rating5), 0)::numeric, 3) as rating, count(rating5)::int as rated,
  count(*) filter (where not duplicate)::int as originals`;

const kept = `sum(total)::int as total, sum(positive)::int as positive, sum(neutral)::int as neutral,
  sum(negative)::int as negative, round(sum(score_sum)::numeric, 3) as score,
  round(sum(rating_sum)::numeric, 3) as rating, sum(rating_count)::int as rated, sum(originals)::int as originals`;

/** Rollups and totals say what a count of the mentions says. */
export async function expectRollups(query: Query): Promise<void> {
  const day = "(occurred_at at time zone timezone)::date::text";
  const splits = ", source_kind, kind, language";
  const expectTable = async (table: string, start: string, split: string, counted: string) => {
    const cells = (moment: string) => `brand_id, ${moment} as start, source_id${split}`;
    const places = split === "" ? "1, 2, 3" : "1, 2, 3, 4, 5, 6";
    const found = await query(
      `select ${cells(start)}, ${kept} from ${table} where total <> 0 group by ${places} order by ${places}`,
    );
    const recount = await query(`select ${cells(counted)}, ${sums}
      from (select m.*, b.timezone from mention m join brand b on b.id = m.brand_id where m.deleted_at is null) m
      group by ${places} order by ${places}`);
    expect(found, table).toEqual(recount);
  };
  await expectTable("rollup_day", "day::text", splits, day);
  await expectTable(
    "rollup_quarter",
    "start",
    splits,
    "date_bin('15 minutes', occurred_at, 'epoch'::timestamptz)",
  );
  await expectTable("rollup_hour", "start", splits, "date_bin('1 hour', occurred_at, 'epoch'::timestamptz)");
  await expectTable("total_day", "day::text", "", day);
  await expectTable("total_hour", "start", "", "date_bin('1 hour', occurred_at, 'epoch'::timestamptz)");
}

/** One alert per mention that was ever negative, in one delivery each, and all of them arrived. */
export async function expectAlerts(query: Query, site: Site, arrivals: readonly Arrival[]): Promise<void> {
  const complaints = mentionsOf(allTexts(site)).filter(({ text }) => text.wasNegative || text.negative);
  const alerts = await query<{ key: string; id: string; delivery: string; state: string }>(`
    select m.key, a.id, d.id as delivery, d.state from alert a join (${named}) m on m.id = a.mention_id
    left join delivery_alert da on da.alert_id = a.id left join delivery d on d.id = da.delivery_id
    order by m.key collate "C"`);
  expect(alerts.map(({ key, state }) => `${key} ${state}`)).toEqual(
    complaints.map(({ key }) => `${key} delivered`).toSorted(),
  );
  const sent = new Map(arrivals.map(({ webhookId, alertIds }) => [webhookId, alertIds]));
  expect(Object.fromEntries(sent)).toEqual(
    Object.fromEntries(alerts.map(({ delivery, id }) => [delivery, [id]])),
  );
}

/** A message comes again only after a crash, and once for it: a kill lies between any two arrivals of one id. */
export function expectRepeatsByCrash(arrivals: readonly Arrival[], killedAtMs: readonly number[]): number {
  let repeats = 0;
  for (const [webhookId, same] of Map.groupBy(arrivals, arrival => arrival.webhookId)) {
    for (const [index, { atMs }] of same.entries()) {
      if (index === 0) continue;
      repeats++;
      const since = same[index - 1]?.atMs as number;
      // We may read a message a moment after its sender has died.
      const crashed = killedAtMs.some(killed => killed > since - 1000 && killed < atMs);
      expect(crashed, `${webhookId} came again after ${Math.round(atMs - since)} ms without a crash`).toBe(
        true,
      );
    }
  }
  return repeats;
}

/** Every run has an end, and none ended badly but where its collectors kept dying. */
export async function expectRunsClosed(query: Query): Promise<void> {
  const bad = `select outcome, error_code from run where outcome is distinct from 'ok'
    and outcome is distinct from 'partial' and error_code is distinct from 'collector-died'`;
  expect(await query(bad)).toEqual([]);
}

interface StoredSource {
  kind: string;
  at: { lastId?: number; ru?: string } | null;
  etag: string | null;
}

/** What the sources remember is stored: a position never stands ahead of the data. */
export async function expectCursorsBehind(scene: Scene, site: Site): Promise<void> {
  const { sources, ids } = await scene.atOneMoment(async query => ({
    sources: await query<StoredSource>(`select s.kind, s.cursor -> 'at' as at, v.etag
      from source s left join source_validator v on v.source_id = s.id`),
    ids: new Set(
      (await query<{ id: string }>(`select external_id || ' ' || version as id from document`)).map(
        ({ id }) => id,
      ),
    ),
  }));
  const has = ({ externalId }: Written) => ids.has(`${externalId} 1`) || ids.has(`${externalId} 2`);
  const missing = sources.flatMap(source => promised(source, site).filter(text => !has(text)));
  const unedited = sources
    .flatMap(({ etag }) => site.feedEdits.slice(0, Number(/-(\d+)"/.exec(etag ?? "")?.[1] ?? 0)))
    .filter(({ externalId }) => !ids.has(`${externalId} 2`));
  expect([...missing, ...unedited].map(({ externalId }) => externalId)).toEqual([]);
}

/** The texts that a source has read, if its memory is to be believed. */
function promised({ kind, at, etag }: StoredSource, site: Site): readonly Written[] {
  if (kind === "rss-feed") return site.texts.feed.slice(0, Number(/^"(\d+)-/.exec(etag ?? "")?.[1] ?? 0));
  if (kind === "telegram-channel") return site.texts.channel.filter(({ n }) => n <= (at?.lastId ?? 0));
  const seenUntil = at?.ru === undefined ? 0 : Date.parse(at.ru);
  return site.texts.reviews.filter(({ firstAt }) => firstAt.getTime() <= seenUntil);
}
