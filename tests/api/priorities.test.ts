import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { nobody, takeStep } from "#pipeline/cases.ts";
import { raisePriorities } from "#pipeline/priorities.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { lockCases } from "#store/case.ts";
import { inTransaction } from "#store/db.ts";
import { type Api, openApi } from "./app.ts";
import { angry, openCase, pushRows, row } from "./desk.ts";

let api: Api;
let brandId: string;
let sourceId: string;
let counter = 0;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  api.world.setNow("2026-11-20T12:00:00Z");
  brandId = await api.world.makeBrand();
  sourceId = await api.world.makeSource([brandId]);
  counter++;
});

const show = async (caseId: string) => (await api.call("GET", `/v1/queue/${caseId}`)).body;
const factor = async (caseId: string, name: string) =>
  (await show(caseId)).priorityFactors.find((each: { factor: string }) => each.factor === name);
const recompute = () => raisePriorities(api.world.deps);
/** A long text of this test alone, so that a repeat of it is a re-post. */
const long = () =>
  `Случай номер ${counter}: в кофейне Волна мне подали холодный кофе, нахамили при всех гостях, обсчитали на двести рублей и отказались вернуть деньги, ужасное место, никому не советую.`;
const other = { author: { name: "Пётр", id: "u-77", reach: 10 } };

describe("the priority of a case is computed again", () => {
  it("when its text is edited, at the next tick, and at no other tick", async () => {
    const { caseId } = await openCase(api, sourceId, "p-1", { rating: { value: 2, scale: 5 } });
    const before = await show(caseId);
    expect(await recompute()).toBe(0);
    await pushRows(api, [row(sourceId, { externalId: "p-1", text: `${angry} И это ещё не всё!` })]);
    expect(await recompute()).toBe(1);
    expect(await recompute()).toBe(0);
    const after = await show(caseId);
    expect(await factor(caseId, "rating")).toMatchObject({ points: 15, why: "оценка 1 из 5" });
    expect(after.priority).toBeGreaterThan(before.priority);
    expect(after.version).toBe(before.version);
  });

  it("when more people react to its text", async () => {
    const { caseId } = await openCase(api, sourceId, "p-2");
    expect(await factor(caseId, "engagement")).toMatchObject({ points: 2, why: "текст собрал 3 реакции" });
    await pushRows(api, [row(sourceId, { externalId: "p-2", engagement: { likes: 99, views: 900 } })]);
    await recompute();
    expect(await factor(caseId, "engagement")).toMatchObject({ points: 6, why: "текст собрал 99 реакций" });
  });

  it("when a person says that it is negative after all", async () => {
    const { caseId, mentionId } = await openCase(api, sourceId, "p-3");
    await api.call("PATCH", `/v1/mentions/${mentionId}`, {
      key: api.keys.manager,
      body: { tone: "negative" },
    });
    await recompute();
    expect(await factor(caseId, "tone")).toMatchObject({ why: "сотрудник отметил текст как негативный" });
  });

  it("when its text gains a place, and its cluster grows, until a day has passed", async () => {
    const { caseId } = await openCase(api, sourceId, "p-4", { text: long() });
    const elsewhere = await api.world.makeSource([brandId]);
    await pushRows(api, [row(elsewhere, { externalId: "p-4-copy", text: long(), ...other })]);
    await recompute();
    expect(await factor(caseId, "copies")).toMatchObject({ points: 3, why: "текст размещён в 2 местах" });
    expect(await factor(caseId, "growth")).toMatchObject({
      points: 2,
      why: "за сутки появилась 1 копия текста",
    });
    api.world.setNow("2026-11-21T12:00:00Z");
    await recompute();
    expect(await factor(caseId, "growth")).toBeUndefined();
  });

  it("when it is escalated", async () => {
    const { caseId } = await openCase(api, sourceId, "p-5");
    await inTransaction(api.world.db, async tx => {
      const [locked] = await lockCases(tx, [caseId]);
      const step = { escalated_at: api.deps.clock(), updated_at: api.deps.clock() };
      if (locked) await takeStep(tx, locked, step, { kind: "escalated", actor: nobody, data: {} });
    });
    await recompute();
    expect(await factor(caseId, "escalation")).toMatchObject({ points: 20 });
  });

  it("when its page is seen in search results, and by the best place of them", async () => {
    const url = `https://reviews.example/page-${counter}`;
    const { caseId } = await openCase(api, sourceId, "p-6", { url });
    const found = (position: number, query: string) => ({
      sourceId,
      item: pushedItem({
        externalId: `s-${query}`,
        kind: "search-result",
        url,
        text: "Отзывы о кофейне",
        observation: { query, position, region: "213", device: "desktop", foundCount: null },
      }),
    });
    const rows = [found(12, "волна отзывы"), found(2, "кофейня волна")];
    const options = { trigger: "push", maySee: async () => true, now: api.deps.clock() } as const;
    await inTransaction(api.world.db, tx => push(tx, api.world.deps, rows, options));
    await recompute();
    const serp = await factor(caseId, "serp");
    expect(serp).toMatchObject({ points: 12, why: "страница на 2-м месте в поисковой выдаче" });
  });

  it("when the brand weighs its factors otherwise, or reads another language", async () => {
    const { caseId } = await openCase(api, sourceId, "p-7");
    const change = (body: object) => api.call("PATCH", `/v1/brands/${brandId}`, { body });
    expect((await change({ desk: { priorityWeights: { rating: 2 } }, language: "en" })).status).toBe(200);
    await recompute();
    expect(await factor(caseId, "rating")).toEqual({ factor: "rating", points: 30, why: "rated 1 of 5" });
    expect((await change({ desk: {} })).body.desk).toEqual({ priorityWeights: { rating: 2 } });
    expect((await change({ desk: { priorityWeights: { rating: 9 } } })).status).toBe(422);
    expect((await change({ desk: { priorityWeights: { luck: 1 } } })).status).toBe(422);
  });

  it("when half of the working time to answer is over", async () => {
    const body = { sla: { hours: 8, urgentHours: 8, urgentFrom: 100 } };
    await api.call("PATCH", `/v1/brands/${brandId}`, { body });
    const { caseId } = await openCase(api, sourceId, "p-8");
    api.world.setNow("2026-11-20T16:00:00Z");
    await recompute();
    expect(await factor(caseId, "time")).toMatchObject({ points: 5, why: "прошла половина срока ответа" });
  });
});

describe("an author who has complained before", () => {
  const author = () => ({ author: { name: "Олег", id: `again-${counter}`, reach: null } });
  const text = (n: number) => `Кофейня Волна ужасная, раз ${n}: хамят, обманывают, кофе отвратительный!`;
  const negative = (n: number, more: object = {}) =>
    openCase(api, sourceId, `a-${counter}-${n}`, {
      text: text(n),
      publishedAt: `2026-11-20T0${n}:00:00.000Z`,
      ...author(),
      ...more,
    });

  it("makes a case more urgent by each earlier negative of this brand, until one is no negative after all", async () => {
    const first = await negative(1);
    expect(await factor(first.caseId, "repeat-author")).toBeUndefined();
    await negative(2);
    const third = await negative(3);
    expect(await factor(third.caseId, "repeat-author")).toMatchObject({
      points: 6,
      why: "у автора уже было 2 негативных упоминания бренда",
    });
    await api.call("PATCH", `/v1/mentions/${first.mentionId}`, {
      key: api.keys.manager,
      body: { spam: true },
    });
    await recompute();
    expect(await factor(third.caseId, "repeat-author")).toMatchObject({ points: 3 });
  });

  it("is known by an id: a name alone may be many people's", async () => {
    const anonymous = { author: { name: "Гость", id: null, reach: null } };
    await negative(1, anonymous);
    const second = await negative(2, anonymous);
    expect(await factor(second.caseId, "repeat-author")).toBeUndefined();
  });
});
