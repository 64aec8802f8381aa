import fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addPerson } from "#pipeline/people.ts";
import { inTransaction } from "#store/db.ts";
import { type Api, type Called, openApi } from "./app.ts";
import { pushRows, row } from "./desk.ts";
import { type Desk, openDesk } from "./steps.ts";

const peopleCount = 100;
let api: Api;
let desk: Desk;
let people: { id: string; key: string }[];

beforeAll(async () => {
  api = await openApi();
  desk = await openDesk(api);
  people = [];
  for (let n = 0; n < peopleCount; n++) {
    const { id } = await inTransaction(api.world.db, tx => addPerson(tx, `Оператор ${n}`, api.deps.clock()));
    people.push({ id, key: await api.makeKey("manager", { personId: id }) });
  }
}, 120_000);
afterAll(() => api.close());

/** Opens many cases at once; their ids. */
async function openMany(name: string, count: number): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, n) =>
    row(desk.sourceId, { externalId: `${name}-${n}`, author: { id: `${name}-${n}` } }),
  );
  for (let start = 0; start < count; start += 500) await pushRows(api, rows.slice(start, start + 500));
  const { rows: cases } = await sql<{ id: string }>`
    select c.id from "case" c join mention m on m.id = c.mention_id join document d on d.id = m.document_id
    where d.source_id = ${desk.sourceId}::uuid and d.external_id like ${`${name}-%`} order by c.id`.execute(
    api.world.db,
  );
  return cases.map(({ id }) => id);
}

test("100 people who claim until nothing is free hold every case once, each claim with one entry of history and audit", async () => {
  const ids = await openMany("claim", 1_000);
  const brandIds = [desk.brandId];
  const held = new Map<string, string[]>();
  let claims = 0;
  await Promise.all(
    people.map(async ({ id, key }, n) => {
      for (;;) {
        const limit = 1 + (n % 5);
        const { status, body } = await api.call("POST", "/v1/queue/claim", {
          key,
          body: { brandIds, limit },
        });
        expect([status, body.detail]).toEqual([200, undefined]);
        if (body.items.length === 0) return;
        claims++;
        for (const item of body.items) {
          expect(item.claim.by).toBe(id);
          held.set(item.id, [...(held.get(item.id) ?? []), id]);
        }
      }
    }),
  );
  expect([...held.keys()].toSorted()).toEqual(ids.toSorted());
  expect([...held.values()].filter(holders => holders.length > 1)).toEqual([]);
  const { rows } = await sql<{ history: number; audit: number; wrong: number }>`
    select (select count(*) from case_event where kind = 'claimed') as history,
      (select count(*) from audit where action = 'claim') as audit,
      (select count(*) from "case" where status <> 'claimed' or version <> 2) as wrong`.execute(api.world.db);
  expect(rows[0]).toEqual({ history: 1_000, audit: claims, wrong: 0 });
}, 180_000);

test("of 50 people who claim one case one gets it, the others learn who holds it and until when", async () => {
  const [caseId] = (await openMany("one", 1)) as [string];
  const answers = await Promise.all(
    people.slice(0, 50).map(async person => ({
      person,
      ...(await desk.stepAt(caseId, null, "claim", undefined, person.key)),
    })),
  );
  const winners = answers.filter(({ status }) => status === 200);
  expect(winners).toHaveLength(1);
  const claim = { by: winners[0]?.person.id, expiresAt: "2026-11-20T12:15:00.000Z" };
  for (const { status, body } of answers.filter(each => each.status !== 200)) {
    expect(status).toBe(409);
    expect(body.current).toEqual({ id: caseId, status: "claimed", outcome: null, version: 2, claim });
  }
});

const until = "2026-11-21T00:00:00Z";
/** Steps that people take without looking at each other; claim needs no version. */
const moves = {
  claim: undefined,
  release: undefined,
  note: { text: "заметка" },
  tag: { tags: ["срочно"] },
  snooze: { until },
  wait: undefined,
  wake: undefined,
  escalate: { reason: "решить" },
  assign: {},
  resolve: { outcome: "no-reply-needed" },
  reopen: undefined,
} as const;
type Move = keyof typeof moves;

const bodyOf = (move: Move, personId: string): object | undefined =>
  move === "assign" || move === "escalate" ? { ...moves[move], personId } : moves[move];

interface Taken {
  move: Move;
  personId: string;
  answer: Called;
  /** What a claim prolonged is no new version. */
  seen: number;
}

/** One person works on a case, each time with the version that they saw last, at moments that the scheduler picks. */
async function work(
  scheduler: fc.Scheduler,
  caseId: string,
  person: { id: string; key: string },
  plan: readonly Move[],
): Promise<Taken[]> {
  const taken: Taken[] = [];
  let seen = 1;
  for (const move of plan) {
    await scheduler.schedule(Promise.resolve(), move);
    const version = move === "claim" ? null : seen;
    const answer = await desk.stepAt(caseId, version, move, bodyOf(move, person.id), person.key);
    taken.push({ move, personId: person.id, answer, seen });
    seen = answer.body.version ?? answer.body.current?.version ?? seen;
  }
  return taken;
}

/** One winner per version, everybody else told why and what stands; nothing that was answered with 200 is lost. */
async function assertNothingLost(caseId: string, taken: readonly Taken[]): Promise<void> {
  const won = taken.filter(({ answer }) => answer.status === 200);
  for (const { move, seen, answer } of taken) {
    expect([move, answer.status, answer.body.detail]).toEqual([
      move,
      expect.toSatisfy(one => [200, 409, 412].includes(one)),
      answer.body.detail,
    ]);
    if (answer.status === 412) expect(answer.body.current.version).toBeGreaterThan(seen);
    if (answer.status !== 200)
      expect(answer.body.current).toMatchObject({ id: caseId, version: expect.any(Number) });
  }
  const after = await desk.read(caseId);
  const steps = after.history.filter((event: { kind: string }) => !event.kind.startsWith("sla-"));
  const versions = steps.map((event: { version: number }) => event.version);
  expect(versions).toEqual(versions.map((_: number, n: number) => n + 1));
  expect(after.version).toBe(versions.length);
  const byVersion = Map.groupBy(won, ({ answer }) => answer.body.version as number);
  for (const event of steps.slice(1)) {
    const winners = (byVersion.get(event.version) ?? []).filter(
      one => one.move !== "claim" || event.kind === "claimed",
    );
    const people = new Set(winners.map(one => one.personId));
    expect([event.kind, people.size, people.has(event.personId)]).toEqual([event.kind, 1, true]);
  }
  const made = (move: Move) => won.filter(one => one.move === move).length;
  expect(after.notes).toHaveLength(made("note") + made("escalate"));
  const last = won.toSorted((a, b) => a.answer.body.version - b.answer.body.version).at(-1);
  if (last) {
    const { status, outcome, assignee, tags, version } = last.answer.body;
    expect(after).toMatchObject({ status, outcome, assignee, tags, version });
  }
}

test("200 random schedules of people on one case: one winner per version, others told what stands, nothing lost", async () => {
  const ids = await openMany("schedule", 250);
  const audited = async () =>
    (await sql<{ n: number }>`select count(*) as n from audit`.execute(api.world.db)).rows[0]?.n as number;
  let next = 0;
  let entries = await audited();
  const plan = fc.array(fc.constantFrom(...(Object.keys(moves) as Move[])), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(plan, { minLength: 2, maxLength: 5 }),
      async (scheduler, plans) => {
        const caseId = ids[next++ % ids.length] as string;
        const workers = plans.map((moves, n) =>
          work(scheduler, caseId, people[n] as (typeof people)[0], moves),
        );
        const taken = (await scheduler.waitFor(Promise.all(workers))).flat();
        await assertNothingLost(caseId, taken);
        entries += taken.filter(({ answer }) => answer.status === 200).length;
        expect(await audited()).toBe(entries);
      },
    ),
    { numRuns: 200, endOnFailure: true },
  );
}, 300_000);
