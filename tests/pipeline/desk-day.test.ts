import { afterAll, beforeAll, expect, it } from "vitest";
import { MolvaError } from "#domain/errors.ts";
import type { ItemInput } from "#domain/item.ts";
import { escalate } from "#pipeline/desk/hand.ts";
import { merge } from "#pipeline/desk/merge.ts";
import { awaitAuthor, snooze } from "#pipeline/desk/pause.ts";
import { approve, submit } from "#pipeline/desk/replies.ts";
import { claim, claimNext, release, resolve, type Scope, type StepRequest } from "#pipeline/desk/steps.ts";
import { addPerson } from "#pipeline/people.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { tick } from "#pipeline/tick.ts";
import type { CaseRow } from "#store/case.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { readReport } from "#store/report.ts";
import { between, pick, randomOf } from "#tests/faults/random.ts";
import { dayHistory } from "./desk-day-history.ts";
import { openWorld, type World } from "./world.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** Six in the morning of Moscow; the desk works from eight to twenty-two. */
const start = Date.parse("2026-11-20T03:00:00Z");
const hours = 24;
const arrivals = 5_000;
const roundsPerHour = 4;
const people = 20;
const slaHours = 4;
const leaseMs = 20 * minuteMs;

const random = randomOf(20_261_120);

let world: World;
let brandId: string;
/** Two sites: a long text that stands on both is one case with two places. */
let sourceIds: string[];
let leads: string[];
let agents: string[];

beforeAll(async () => {
  world = await openWorld(new Date(start).toISOString());
  brandId = await world.makeBrand({ timezone: "Europe/Moscow" });
  await world.db
    .updateTable("brand")
    .set({
      business_hours: JSON.stringify([{ days: [1, 2, 3, 4, 5, 6, 7], from: "08:00", to: "22:00" }]),
      sla: JSON.stringify({ hours: slaHours, urgentHours: slaHours, clock: "business" }),
      desk: JSON.stringify({ answers: { duplicates: false } }),
    })
    .where("id", "=", brandId)
    .execute();
  sourceIds = [await world.makeSource([brandId]), await world.makeSource([brandId])];
  const ids = await inTransaction(world.db, async tx => {
    const rows = [];
    for (let n = 0; n < people; n++) rows.push(await addPerson(tx, `Сотрудник ${n}`, world.deps.clock()));
    return rows.map(row => row.id);
  });
  [leads, agents] = [ids.slice(0, 4), ids.slice(4)];
});
afterAll(() => world.close());

interface Text {
  sourceId: string;
  item: ItemInput;
}

const texts = new Map<string, Text>();
const topics = [
  "доставка опоздала на три часа",
  "заказ привезли холодным",
  "деньги списали дважды",
  "курьер нахамил",
  "поддержка не отвечает",
];

/** Negative texts of different authors, one in twenty a long one that is posted again on the other site. */
function arriving(count: number, now: Date): Text[] {
  return Array.from({ length: count }, () => {
    const n = texts.size;
    const earlier = random() < 0.05 ? texts.get(`long ${between(random, 0, n)}`) : undefined;
    const isLong = earlier === undefined && random() < 0.1;
    const words = `Ужасная кофейня Волна, ${pick(random, topics)}, обманывают, никому не рекомендую! Номер ${n}.`;
    const long = Array.from({ length: 12 }, (_, at) => `слово${(n * 31 + at * 17) % 9_973}`).join(" ");
    const text: Text = {
      sourceId: earlier
        ? (sourceIds.find(id => id !== earlier.sourceId) as string)
        : (sourceIds[0] as string),
      item: {
        externalId: isLong ? `long ${n}` : `text ${n}`,
        kind: random() < 0.8 ? "review" : "post",
        text: earlier?.item.text ?? (isLong ? `${words} ${long}` : words),
        rating: { value: between(random, 1, 2), scale: 5 },
        publishedAt: new Date(now.getTime() - between(random, 0, 20) * minuteMs),
        author: { id: `author ${n}`, name: `Автор ${n}` },
      },
    };
    texts.set(text.item.externalId, text);
    return text;
  });
}

async function store(changed: readonly Text[]): Promise<void> {
  const rows = changed.map(({ sourceId, item }) => ({ sourceId, item: pushedItem(item) }));
  const options = { trigger: "push", maySee: async () => true, now: world.deps.clock() } as const;
  for (let at = 0; at < rows.length; at += 500)
    await inTransaction(world.db, tx => push(tx, world.deps, rows.slice(at, at + 500), options));
}

/** Runs a step as somebody; that it is impossible now, or that another was faster, is what a desk is like. */
async function attempt<Result>(take: (tx: Tx) => Promise<Result>): Promise<Result | undefined> {
  try {
    return await inTransaction(world.db, take);
  } catch (error) {
    if (error instanceof MolvaError) return undefined;
    throw error;
  }
}

const scopeOf = (personId: string): Scope => ({
  actor: { personId, keyId: null },
  brandIds: null,
  lead: leads.includes(personId),
});

/** Who holds which case until when, as those who were given it know it. */
const held = new Map<string, { by: string; until: number }>();
const holdings: string[] = [];

function took(personId: string, rows: readonly CaseRow[]): void {
  const now = world.deps.clock().getTime();
  for (const row of rows) {
    const before = held.get(row.id);
    if (before !== undefined && before.by !== personId && before.until > now)
      holdings.push(`${row.id} is held by ${before.by} and was given to ${personId}`);
    held.set(row.id, { by: personId, until: (row.claim_expires_at as Date).getTime() });
  }
}

const wish = {
  limit: 2,
  leaseMs,
  brandIds: null,
  minPriority: 0,
  departmentIds: [null],
  languages: null,
  sourceKinds: null,
};

/** What somebody does with a case in hand. */
async function handle(personId: string, row: CaseRow): Promise<void> {
  const now = world.deps.clock();
  const at: StepRequest = { id: row.id, version: row.version, now };
  const scope = scopeOf(personId);
  const dice = random();
  const letGo = (take: (tx: Tx) => Promise<unknown>) =>
    attempt(async tx => {
      await take(tx);
      held.delete(row.id);
    });
  if (dice < 0.5) await letGo(tx => resolve(tx, scope, at, "answered", null));
  else if (dice < 0.6)
    await letGo(tx =>
      resolve(tx, scope, at, pick(random, ["no-reply-needed", "spam", "removed"] as const), null),
    );
  else if (dice < 0.72) await letGo(tx => submit(tx, scope, at, { text: answerText(row) }));
  else if (dice < 0.8)
    await letGo(tx => snooze(tx, scope, at, new Date(now.getTime() + between(random, 30, 200) * minuteMs)));
  else if (dice < 0.87) await letGo(tx => awaitAuthor(tx, scope, at));
  else if (dice < 0.91)
    await letGo(tx => escalate(tx, scope, at, { personId: pick(random, leads), reason: "Нужен совет" }));
  else if (dice < 0.94) await letGo(tx => release(tx, scope, at));
  else if (dice < 0.96) await mergeInto(scope, at, row, letGo);
  // The rest is left lying until the lease runs out.
}

/** Into a case that is due before it, whose clock therefore stays. */
async function mergeInto(
  scope: Scope,
  at: StepRequest,
  row: CaseRow,
  letGo: (take: (tx: Tx) => Promise<unknown>) => Promise<unknown>,
): Promise<void> {
  const into = await world.db
    .selectFrom("case")
    .select("id")
    .where("status", "=", "open")
    .where("sla_running_at", "is not", null)
    .where("due_at", "<", row.due_at)
    .orderBy("due_at", "desc")
    .limit(1)
    .executeTakeFirst();
  if (into) await letGo(tx => merge(tx, scope, at, into.id));
}

/** Each is another, and without a digit: the number of a request would be held back as personal. */
const answerText = (row: CaseRow): string => {
  const name = [...row.id.slice(-8)].map(digit => "абвгдежзиклмнопр"[Number.parseInt(digit, 16)]).join("");
  return `Здравствуйте! Спасибо, что написали нам. Мы уже разбираемся и напишем вам, обращение ${name}.`;
};

/** Whose shift it is: half of the people from eight to fifteen, the others from fourteen to twenty-two. */
function present(now: Date): string[] {
  const hour = (now.getUTCHours() + 3) % 24;
  return [...leads, ...agents].filter((_, n) =>
    n % 2 === 0 ? hour >= 8 && hour < 15 : hour >= 14 && hour < 22,
  );
}

async function work(personId: string): Promise<void> {
  const now = world.deps.clock();
  if (leads.includes(personId)) await approveSome(personId, now);
  const rows = await claimNext(world.db, scopeOf(personId), wish, now);
  took(personId, rows);
  for (const row of rows) await handle(personId, row);
}

/** Four eyes: whoever leads lets the answers of others out, and takes what was escalated to them. */
async function approveSome(personId: string, now: Date): Promise<void> {
  const waiting = await world.db
    .selectFrom("case")
    .select(["id", "version"])
    .where("status", "=", "awaiting-approval")
    .orderBy("id")
    .limit(40)
    .execute();
  for (const row of waiting)
    if (random() < 0.5) await attempt(tx => approve(tx, scopeOf(personId), { ...row, now }, {}));
  const given = await world.db
    .selectFrom("case")
    .select("id")
    .where("status", "=", "open")
    .where("assignee_id", "=", personId)
    .limit(5)
    .execute();
  for (const { id } of given) {
    const row = await attempt(tx => claim(tx, scopeOf(personId), id, leaseMs, now));
    if (!row) continue;
    took(personId, [row]);
    await handle(personId, row);
  }
}

/** What is seen at the sources: approved answers stand there, authors change their texts. */
async function seen(now: Date): Promise<Text[]> {
  const rows = await world.db
    .selectFrom("case")
    .innerJoin("mention", "mention.case_id", "case.id")
    .innerJoin("document", "document.id", "mention.document_id")
    .select(["case.status", "document.external_id as externalId", "case.id"])
    .where("case.status", "in", ["awaiting-publication", "awaiting-author", "ended"])
    .where("case.updated_at", "<", new Date(now.getTime() - 20 * minuteMs))
    .where("case.updated_at", ">", new Date(now.getTime() - 3 * hourMs))
    .orderBy("document.external_id")
    .execute();
  return rows.flatMap(row => {
    const text = texts.get(row.externalId) as Text;
    if (row.status === "awaiting-publication") {
      text.item = {
        ...text.item,
        answer: { text: `Ответ ${row.id}`, state: "published", evidence: "account", publishedAt: now },
      };
      return [text];
    }
    if (random() > (row.status === "ended" ? 0.01 : 0.15)) return [];
    text.item = {
      ...text.item,
      text: `${text.item.text} Дополнено в ${now.getUTCHours()}:${now.getUTCMinutes()}, всё ещё ужасно.`,
    };
    return [text];
  });
}

async function round(count: number): Promise<void> {
  const now = world.deps.clock();
  const options = { count: 1, hasDueDeliveries: async () => false, signal: new AbortController().signal };
  await tick(world.deps, options);
  await store([...(await seen(now)), ...arriving(count, now)]);
  await Promise.all(present(now).map(work));
}

it("every open negative has one case, nobody shares one, and the SLA is what the history says, hour by hour", async () => {
  const rounds = hours * roundsPerHour;
  const history = dayHistory(world.db, slaHours * hourMs);
  const seenKinds = new Set<string>();
  for (let hour = 0; hour < hours; hour++) {
    for (let n = 0; n < roundsPerHour; n++) {
      const round_ = hour * roundsPerHour + n;
      world.setNow(new Date(start + round_ * 15 * minuteMs).toISOString());
      await round(Math.floor(((round_ + 1) * arrivals) / rounds) - Math.floor((round_ * arrivals) / rounds));
    }
    const now = world.deps.clock();
    expect(await history.orphans()).toEqual([]);
    expect(holdings).toEqual([]);
    for (const kind of await history.replay()) seenKinds.add(kind);
    expect(history.problems).toEqual([]);
    const report = await readReport(world.db, {
      brandIds: [brandId],
      from: new Date(start - hourMs),
      to: new Date(now.getTime() + 1),
      now,
    });
    expect({ hour, met: report["sla.met"], missed: report["sla.missed"], received: report.received }).toEqual(
      {
        hour,
        ...history.recount(now.getTime()),
      },
    );
  }
  expect(texts.size).toBe(arrivals);
  const expected = [
    "opened",
    "claimed",
    "lease-expired",
    "ended",
    "reopened",
    "snoozed",
    "awaiting-author",
    "woken",
    "escalated",
    "submitted",
    "approved",
    "place-added",
    "author-edited",
    "sla-near",
    "sla-breached",
  ];
  expect(expected.filter(kind => !seenKinds.has(kind))).toEqual([]);
}, 900_000);
