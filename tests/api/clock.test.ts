import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nobody, takeStep } from "#pipeline/cases.ts";
import { watchClocks } from "#pipeline/desk/watch-clocks.ts";
import { raisePriorities } from "#pipeline/priorities.ts";
import { type CaseStep, lockCases } from "#store/case.ts";
import { inTransaction } from "#store/db.ts";
import { type Api, openApi } from "./app.ts";
import { openCase, pushRows, row } from "./desk.ts";

const hourMs = 3_600_000;
let api: Api;
let brandId: string;
let sourceId: string;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  // A Friday, 15:00 in Moscow.
  at("2026-11-20T12:00:00Z");
  brandId = await api.world.makeBrand();
  sourceId = await api.world.makeSource([brandId]);
});

const at = (iso: string) => api.world.setNow(iso);
const tick = async () => {
  await raisePriorities(api.world.deps);
  await watchClocks(api.world.deps);
};
const change = (body: object) => api.call("PATCH", `/v1/brands/${brandId}`, { body });
const show = async (caseId: string) => (await api.call("GET", `/v1/queue/${caseId}`)).body;
const slaEvents = async (caseId: string) =>
  (await show(caseId)).history.filter(({ kind }: { kind: string }) => kind.startsWith("sla-"));
const kinds = async (caseId: string) => (await slaEvents(caseId)).map(({ kind }: { kind: string }) => kind);
/** A step of the program's own at the present time. */
const move = (caseId: string, step: Partial<CaseStep>) =>
  inTransaction(api.world.db, async tx => {
    const [locked] = await lockCases(tx, [caseId]);
    if (!locked) throw new Error(`no case ${caseId}`);
    await takeStep(
      tx,
      locked,
      { ...step, updated_at: api.deps.clock() },
      { kind: "moved", actor: nobody, data: {} },
    );
  });
/** The official answer, as the platform shows and dates it. */
const answer = (externalId: string, publishedAt: string) =>
  pushRows(api, [
    row(sourceId, {
      externalId,
      answer: { text: "Разобрались, деньги вернули.", authorName: "Волна", publishedAt, state: "published" },
    }),
  ]);

describe("the clock of a case", () => {
  it("tells once when the answer is due soon and once when it is overdue, dated by the due time", async () => {
    const { caseId } = await openCase(api, sourceId, "c-1");
    expect((await show(caseId)).sla).toEqual({
      targetMs: 24 * hourMs,
      usedMs: 0,
      leftMs: 24 * hourMs,
      dueAt: "2026-11-21T12:00:00.000Z",
      breachedAt: null,
      state: "running",
    });
    at("2026-11-21T07:11:59Z");
    await tick();
    expect(await kinds(caseId)).toEqual([]);
    at("2026-11-21T07:12:00Z");
    await tick();
    await tick();
    expect(await kinds(caseId)).toEqual(["sla-near"]);
    expect((await show(caseId)).sla).toMatchObject({ state: "near", usedMs: 19.2 * hourMs });
    at("2026-11-21T12:00:07Z");
    expect((await show(caseId)).overdue).toBe(true);
    await tick();
    await tick();
    expect(await kinds(caseId)).toEqual(["sla-near", "sla-breached"]);
    const shown = await show(caseId);
    expect(shown.sla).toMatchObject({ state: "breached", breachedAt: "2026-11-21T12:00:00.000Z" });
    expect(shown.version).toBe(1);
    const { rows } = await sql<{ event: string }>`
      select event from change where subject_id = ${caseId} order by seq`.execute(api.world.db);
    expect(rows.map(({ event }) => event)).toEqual(["case.opened", "case.sla-near", "case.sla-breached"]);
    const late = await api.call("GET", `/v1/queue?overdue=true&brandId=${brandId}`);
    expect(late.body.items.map(({ id }: { id: string }) => id)).toEqual([caseId]);
  });

  it("stands while the case waits for its author, and runs on with what it had", async () => {
    await change({ sla: { preset: "working-day" } });
    const { caseId } = await openCase(api, sourceId, "c-2");
    // Mon–Fri 9 to 18 in Moscow: three hours on Friday, six on Monday.
    expect((await show(caseId)).sla.dueAt).toBe("2026-11-23T12:00:00.000Z");
    at("2026-11-20T14:00:00Z");
    await move(caseId, { status: "awaiting-author" });
    at("2026-11-26T14:00:00Z");
    await tick();
    expect(await show(caseId)).toMatchObject({
      overdue: false,
      sla: { state: "standing", usedMs: 2 * hourMs, dueAt: null, breachedAt: null },
    });
    // Thursday 17:00 in Moscow: one hour that day, six on Friday.
    await move(caseId, { status: "open" });
    expect((await show(caseId)).sla).toMatchObject({
      state: "running",
      usedMs: 2 * hourMs,
      dueAt: "2026-11-27T12:00:00.000Z",
    });
  });

  it("is met by an answer from before the due time that was seen after it, and the miss is taken back", async () => {
    const { caseId } = await openCase(api, sourceId, "c-3");
    at("2026-11-21T13:00:00Z");
    await tick();
    expect((await show(caseId)).sla.state).toBe("breached");
    await answer("c-3", "2026-11-21T11:00:00.000Z");
    expect(await show(caseId)).toMatchObject({
      status: "ended",
      answeredAt: "2026-11-21T11:00:00.000Z",
      sla: { state: "met", usedMs: 23 * hourMs, breachedAt: null },
    });
    expect(await kinds(caseId)).toEqual(["sla-breached", "sla-kept"]);
  });

  it("keeps a late answer a miss, found before or by the answer itself", async () => {
    const { caseId: told } = await openCase(api, sourceId, "c-4");
    const { caseId: unnoticed } = await openCase(api, sourceId, "c-5", {
      text: "В кофейне Волна мне подали тухлую рыбу, ужас, ужас!",
    });
    await move(unnoticed, { assignee_id: null });
    at("2026-11-22T13:00:00Z");
    await sql`update "case" set sla_next_at = null where id = ${unnoticed}`.execute(api.world.db);
    await tick();
    await answer("c-4", "2026-11-22T12:30:00.000Z");
    await pushRows(api, [
      row(sourceId, {
        externalId: "c-5",
        text: "В кофейне Волна мне подали тухлую рыбу, ужас, ужас!",
        answer: { text: "Простите.", authorName: "Волна", publishedAt: null, state: "published" },
      }),
    ]);
    for (const caseId of [told, unnoticed]) {
      expect((await show(caseId)).sla).toMatchObject({
        state: "breached",
        breachedAt: "2026-11-21T12:00:00.000Z",
      });
      expect((await kinds(caseId)).at(-1)).toBe("sla-breached");
    }
    expect((await show(told)).firstAnswerAt).toBe("2026-11-22T12:30:00.000Z");
  });

  it("starts anew when the author writes again after an answer, and goes on when a case ended by mistake", async () => {
    const { caseId } = await openCase(api, sourceId, "c-6");
    at("2026-11-20T22:00:00Z");
    await move(caseId, { status: "ended", outcome: "no-reply-needed", ended_at: api.deps.clock() });
    at("2026-11-22T22:00:00Z");
    await move(caseId, { status: "open", outcome: null, ended_at: null });
    expect((await show(caseId)).sla).toMatchObject({
      usedMs: 10 * hourMs,
      dueAt: "2026-11-23T12:00:00.000Z",
    });
    at("2026-11-23T13:00:00Z");
    await tick();
    await answer("c-6", "2026-11-23T12:30:00.000Z");
    at("2026-11-25T12:00:00Z");
    await move(caseId, { status: "open", outcome: null, ended_at: null });
    expect((await show(caseId)).sla).toMatchObject({
      state: "running",
      usedMs: 0,
      dueAt: "2026-11-26T12:00:00.000Z",
      breachedAt: "2026-11-23T12:00:00.000Z",
    });
  });
});

describe("the time to answer", () => {
  it("of a brand comes from a preset with its working hours, and the presets are published", async () => {
    const { body } = await change({
      sla: { preset: "working-day-urgent", holidays: [{ date: "2026-11-23" }] },
    });
    expect(body).toMatchObject({
      businessHours: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }],
      sla: {
        preset: "working-day-urgent",
        hours: 9,
        urgentHours: 4,
        urgentFrom: 70,
        policies: [],
        holidays: [{ date: "2026-11-23", shifts: [] }],
      },
    });
    const { caseId } = await openCase(api, sourceId, "c-7", { rating: null, engagement: {}, author: null });
    expect((await show(caseId)).sla.dueAt).toBe("2026-11-24T12:00:00.000Z");
    const presets = await api.call("GET", "/v1/sla-presets", { key: api.keys.analyst });
    expect(presets.body.items.map(({ id }: { id: string }) => id)).toEqual([
      "working-day",
      "working-day-urgent",
      "round-the-clock",
    ]);
    expect((await change({ sla: { hours: 9 } })).status).toBe(422);
  });

  it("shrinks when a case becomes urgent, counted from then, so that nothing is late by it at once", async () => {
    // Only an escalation counts, and it makes any case urgent.
    await change({
      desk: { priorityWeights: { tone: 0, rating: 0, reach: 0, engagement: 0, escalation: 5 } },
    });
    const { caseId } = await openCase(api, sourceId, "c-8");
    at("2026-11-20T18:00:00Z");
    await move(caseId, { escalated_at: api.deps.clock() });
    await tick();
    const shown = await show(caseId);
    expect(shown.priority).toBe(100);
    expect(shown.sla).toMatchObject({ targetMs: 10 * hourMs, dueAt: "2026-11-20T22:00:00.000Z" });
    expect(await slaEvents(caseId)).toMatchObject([
      { kind: "sla-changed", data: { targetMs: 10 * hourMs, dueAt: "2026-11-20T22:00:00.000Z" } },
    ]);
  });

  it("is given to cases from before the clock, whether they are overdue or not", async () => {
    const { caseId: old } = await openCase(api, sourceId, "c-10");
    at("2026-11-21T00:00:00Z");
    const { caseId: young } = await openCase(api, sourceId, "c-11", {
      text: "В кофейне Волна ужасный кофе и грязные столы!",
    });
    await sql`
      update "case" set sla_target_ms = 0, sla_next_at = null, next_priority_at = created_at
      where brand_id = ${brandId}`.execute(api.world.db);
    at("2026-11-21T18:00:00Z");
    await tick();
    expect((await show(old)).sla).toMatchObject({
      targetMs: 24 * hourMs,
      state: "breached",
      breachedAt: "2026-11-21T12:00:00.000Z",
    });
    expect((await show(young)).sla).toMatchObject({ dueAt: "2026-11-22T00:00:00.000Z", state: "running" });
  });

  it("is overdue at once when another calendar says so", async () => {
    await change({ businessHours: [{ days: [6], from: "09:00", to: "18:00" }] });
    const { caseId } = await openCase(api, sourceId, "c-12");
    at("2026-11-22T12:00:00Z");
    await change({ businessHours: null });
    await tick();
    expect((await show(caseId)).sla).toMatchObject({
      state: "breached",
      breachedAt: "2026-11-21T12:00:00.000Z",
    });
    expect(await kinds(caseId)).toEqual(["sla-breached"]);
  });

  it("follows another calendar of the brand in all its open cases", async () => {
    const { caseId } = await openCase(api, sourceId, "c-9");
    await change({ businessHours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "09:00", to: "21:00" }] });
    await tick();
    // Six hours on Friday, twelve on Saturday, six on Sunday.
    expect((await show(caseId)).sla.dueAt).toBe("2026-11-22T12:00:00.000Z");
  });
});
