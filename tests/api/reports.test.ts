import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Api, openApi } from "./app.ts";
import { angry, happy, openCase, pushRows, row } from "./desk.ts";

let api: Api;
let brandId: string;
let sourceId: string;

const answered = (publishedAt: string | null) => ({
  text: "Здравствуйте! Просим прощения, уже разбираемся.",
  state: "published",
  publishedAt,
});
/** Reviews of one site by different people never cluster. */
const review = (name: string, publishedAt: string | null, overrides: Record<string, unknown> = {}) => ({
  externalId: name,
  publishedAt,
  author: { id: `author of ${name}`, name },
  url: `https://reviews.example/${name}`,
  ...overrides,
});
const open = async (name: string, publishedAt: string | null, overrides: Record<string, unknown> = {}) =>
  openCase(api, sourceId, name, review(name, publishedAt, overrides));
const step = async (caseId: string, name: string, body?: object) => {
  const { headers } = await api.call("GET", `/v1/queue/${caseId}`);
  const called = await api.call("POST", `/v1/queue/${caseId}/${name}`, {
    key: api.keys.manager,
    headers: { "if-match": String(headers["etag"]) },
    ...(body === undefined ? {} : { body }),
  });
  expect(called.text).toContain(caseId);
  return called;
};
const report = (query = "", key = api.keys.analyst) =>
  api.call(
    "GET",
    `/v1/reports/responses?brandId=${brandId}&${query.includes("from=") ? "" : "from=2026-11-15T00:00:00Z"}${query}`,
    { key },
  );
const behind = async (figure: string, query = "") => {
  const called = await api.call(
    "GET",
    `/v1/reports/responses/cases?brandId=${brandId}&from=2026-11-15T00:00:00Z&limit=500&figure=${figure}${query}`,
  );
  expect([called.status, called.text.slice(0, 300)]).toEqual([200, expect.anything()]);
  return called.body.items
    .map((item: { mention: { externalId: string } }) => item.mention.externalId)
    .toSorted();
};

beforeAll(async () => {
  api = await openApi("2026-11-16T12:00:00Z");
  const { world } = api;
  brandId = await world.makeBrand({ name: "Кофейня" });
  await world.db
    .updateTable("brand")
    .set({ sla: JSON.stringify({ hours: 24, urgentHours: 24, clock: "always" }) })
    .where("id", "=", brandId)
    .execute();
  sourceId = await world.makeSource([brandId]);
  // All are first seen on the 16th at noon, and due a day later.
  const a = await open("a", "2026-11-16T09:00:00Z");
  const b = await open("b", "2026-11-16T10:00:00Z");
  await open("c", "2026-11-16T11:00:00Z");
  const d = await open("d", "2026-11-16T11:30:00Z");
  await open("e", null, { kind: "post" });
  await open("f", "2026-11-16T11:00:00Z", { kind: "news" });
  await pushRows(api, [
    row(sourceId, review("g", "2026-11-16T08:00:00Z", { answer: answered("2026-11-16T09:30:00Z") })),
    row(sourceId, review("praise", "2026-11-16T08:00:00Z", { text: happy, rating: { value: 5, scale: 5 } })),
  ]);
  const i = await open("i", "2026-11-16T07:00:00Z");
  const j = await open("j", "2026-11-16T07:30:00Z");
  world.setNow("2026-11-16T13:00:00Z");
  await step(j.caseId, "merge", { intoId: i.caseId });
  world.setNow("2026-11-16T15:00:00Z");
  await pushRows(api, [
    row(sourceId, review("a", "2026-11-16T09:00:00Z", { answer: answered("2026-11-16T14:00:00Z") })),
  ]);
  world.setNow("2026-11-16T17:00:00Z");
  await step(i.caseId, "resolve", { outcome: "answered" });
  world.setNow("2026-11-16T18:00:00Z");
  await step(d.caseId, "resolve", { outcome: "no-reply-needed" });
  world.setNow("2026-11-17T11:00:00Z");
  await step(b.caseId, "tag", { rootCauses: ["грубость", "возврат денег"] });
  await step(b.caseId, "resolve", { outcome: "answered" });
  world.setNow("2026-11-18T12:00:00Z");
  await pushRows(api, [
    row(
      sourceId,
      review("a", "2026-11-16T09:00:00Z", {
        answer: answered("2026-11-16T14:00:00Z"),
        rating: { value: 3, scale: 5 },
      }),
    ),
  ]);
  // Edited, the answer is no longer to this text, and the case is open again until it is answered anew.
  await step(a.caseId, "resolve", { outcome: "answered" });
  world.setNow("2026-11-18T15:00:00Z");
  await pushRows(api, [row(sourceId, review("c", "2026-11-16T11:00:00Z", { answer: answered(null) }))]);
  world.setNow("2026-11-19T11:00:00Z");
  await open("h", "2026-11-18T12:00:00Z");
  world.setNow("2026-11-19T12:00:00Z");
});
afterAll(() => api.close());

describe("the report on responses", () => {
  it("has the figures that are counted by hand", async () => {
    const { status, body } = await report();
    expect(status).toBe(200);
    // Answered after 5, 25, 52, 1.5 and 10 hours: a, b, c, g, i.
    expect(body).toMatchObject({
      received: 8,
      unanswerable: 1,
      answered: 5,
      responseRate: 0.625,
      firstResponse: { count: 5, medianSeconds: 36_000, p90Seconds: 41.2 * 3_600, open: 2 },
      dateBasis: {
        platform: { count: 2, share: 0.4 },
        ours: { count: 2, share: 0.4 },
        seen: { count: 1, share: 0.2 },
      },
      sla: { due: 5, met: 3, missed: 2, pending: 1, share: 0.6 },
      outcomes: {
        answered: 4,
        "answered-elsewhere": 0,
        "author-updated": 0,
        removed: 0,
        "no-reply-needed": 1,
        "not-about-brand": 0,
        spam: 0,
      },
      reopened: 1,
      afterAnswer: {
        ratingRaised: 1,
        ratingLowered: 0,
        textEdited: 0,
        authorAnswered: 0,
        answerRemoved: 0,
      },
      backlog: {
        total: 3,
        overdue: 2,
        ages: {
          "under-4h": 0,
          "under-1d": 0,
          "under-3d": 1,
          "under-7d": 2,
          "under-30d": 0,
          "over-30d": 0,
        },
      },
      rootCauses: [
        { rootCause: "возврат денег", count: 1 },
        { rootCause: "грубость", count: 1 },
      ],
      series: null,
      groups: null,
    });
  });

  it("shows the cases behind each of them", async () => {
    expect(await behind("received")).toEqual(["a", "b", "c", "d", "e", "g", "h", "i"]);
    expect(await behind("unanswerable")).toEqual(["f"]);
    expect(await behind("responseRate")).toEqual(await behind("received"));
    expect(await behind("answered")).toEqual(["a", "b", "c", "g", "i"]);
    expect(await behind("firstResponse.open")).toEqual(["e", "h"]);
    expect(await behind("dateBasis.platform.count")).toEqual(["a", "g"]);
    expect(await behind("dateBasis.ours.count")).toEqual(["b", "i"]);
    expect(await behind("dateBasis.seen.count")).toEqual(["c"]);
    expect(await behind("sla.met")).toEqual(["a", "b", "i"]);
    expect(await behind("sla.missed")).toEqual(["c", "e"]);
    expect(await behind("sla.pending")).toEqual(["h"]);
    expect(await behind("outcomes.no-reply-needed")).toEqual(["d"]);
    expect(await behind("backlog.total")).toEqual(["e", "f", "h"]);
    expect(await behind("afterAnswer.ratingRaised")).toEqual(["a"]);
    expect(await behind("rootCauses", "&rootCause=%D0%B3%D1%80%D1%83%D0%B1%D0%BE%D1%81%D1%82%D1%8C")).toEqual(
      ["b"],
    );
  });

  it("counts a text that was answered when first seen, which has no case to show", async () => {
    const { body } = await api.call(
      "GET",
      `/v1/reports/responses/cases?brandId=${brandId}&from=2026-11-15T00:00:00Z&figure=answered`,
    );
    const only = body.items.filter((item: { caseId: string | null }) => item.caseId === null);
    expect(only.map((item: { mention: { externalId: string } }) => item.mention.externalId)).toEqual(["g"]);
  });

  it("splits by day in the zone asked for, and the days add up", async () => {
    const { body } = await report("&bucket=day&timezone=UTC&to=2026-11-19T00:00:00Z");
    expect(body.series.map((one: { start: string; received: number }) => [one.start, one.received])).toEqual([
      ["2026-11-15T00:00:00.000Z", 0],
      ["2026-11-16T00:00:00.000Z", 7],
      ["2026-11-17T00:00:00.000Z", 0],
      ["2026-11-18T00:00:00.000Z", 1],
    ]);
    expect(body.series[1].firstResponse.medianSeconds).toBe(36_000);
    const cut = await report("&bucket=day&timezone=UTC&to=2026-11-16T09:30:00Z");
    expect(cut.body.series.at(-1)).toMatchObject({ end: "2026-11-16T09:30:00.000Z", received: 3 });
    expect(cut.body.received).toBe(3);
  });

  it("splits by person, and what nobody did is nobody's", async () => {
    const { body } = await report("&groupBy=person");
    expect(
      body.groups.map(
        (group: { key: string | null; name: string | null; received: number; answered: number }) => [
          group.key,
          group.name,
          group.received,
          group.answered,
        ],
      ),
    ).toEqual([
      [api.personId, "Анна", 4, 3],
      [null, null, 4, 2],
    ]);
    expect(await behind("received", `&personId=${api.personId}`)).toEqual(["a", "b", "d", "i"]);
    expect(await behind("received", "&personId=none")).toEqual(["c", "e", "g", "h"]);
    expect((await report(`&personId=${api.personId}`)).body).toMatchObject({
      received: 4,
      replyEffect: null,
    });
  });

  it("splits by brand, source, source kind and aspect with their names", async () => {
    expect((await report("&groupBy=brand")).body.groups).toMatchObject([
      { key: brandId, name: "Кофейня", received: 8 },
    ]);
    expect((await report("&groupBy=source")).body.groups).toMatchObject([
      { key: sourceId, name: "source", received: 8 },
    ]);
    expect((await report("&groupBy=sourceKind")).body.groups).toMatchObject([
      { key: "push", name: null, received: 8 },
    ]);
    const { body } = await report("&groupBy=aspect");
    for (const { key, received } of body.groups) {
      const found = await behind("received", `&aspect=${encodeURIComponent(key ?? "none")}`);
      expect([key, found.length]).toEqual([key, received]);
    }
  });

  it("is asked rightly or not at all", async () => {
    expect((await report("&to=2026-11-14T00:00:00Z")).status).toBe(422);
    expect((await report("&from=2020-01-01T00:00:00Z&bucket=hour")).status).toBe(422);
    const bad = await api.call("GET", "/v1/reports/responses/cases?figure=rootCauses");
    expect(bad.status).toBe(422);
    expect((await report("", api.foreign.analyst)).status).toBe(404);
    const foreign = await api.call("GET", "/v1/reports/responses?from=2026-11-15T00:00:00Z", {
      key: api.foreign.analyst,
    });
    expect([foreign.status, foreign.body.received]).toEqual([200, 0]);
  });
});

describe("the reply effect", () => {
  it("compares answered reviews with unanswered ones like them", async () => {
    const { world } = api;
    const brand = await world.makeBrand();
    const source = await world.makeSource([brand]);
    const names = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
    const [answers, silent] = [names("answered", 10), names("silent", 9)];
    const push = async (at: string, of: readonly string[], overrides: Record<string, unknown>) => {
      world.setNow(at);
      const { body } = await pushRows(
        api,
        of.map(name => row(source, review(name, "2026-05-10T00:00:00Z", { text: angry, ...overrides }))),
      );
      expect(body.results.filter((one: { status: string }) => one.status === "rejected")).toEqual([]);
    };
    const answer = answered("2026-05-11T00:00:00Z");
    const better = { rating: { value: 4, scale: 5 } };
    await push("2026-05-10T06:00:00Z", [...answers, ...silent, "early", "first better"], {});
    // Better within the first day: compared with nothing, because answers are a day old by then.
    await push("2026-05-10T12:00:00Z", ["early"], better);
    await push("2026-05-11T06:00:00Z", answers, { answer });
    await push("2026-05-20T00:00:00Z", answers.slice(0, 4), { answer, ...better });
    await push("2026-05-20T00:00:00Z", silent.slice(0, 1), better);
    // Better before its answer, which therefore did not do it.
    await push("2026-05-20T00:00:00Z", ["first better"], better);
    await push("2026-05-25T00:00:00Z", ["first better"], {
      answer: answered("2026-05-24T00:00:00Z"),
      ...better,
    });
    // Better after ninety days: too late to count.
    await push("2026-09-01T00:00:00Z", answers.slice(4, 6), { answer, ...better });
    world.setNow("2026-11-19T12:00:00Z");
    const query = `brandId=${brand}&from=2026-05-01T00:00:00Z&to=2026-06-01T00:00:00Z`;
    const { body } = await api.call("GET", `/v1/reports/responses?${query}`);
    expect(body.replyEffect).toMatchObject({
      answered: { count: 10, improved: 4, share: 0.4 },
      unanswered: { count: 10, improved: 2, share: 0.2 },
      difference: 0.2,
      maturing: 0,
      notCompared: 0,
    });
    expect(body.replyEffect.low).toBeLessThan(0);
    expect(body.replyEffect.high).toBeGreaterThan(0.4);
    const { body: list } = await api.call(
      "GET",
      `/v1/reports/responses/cases?${query}&figure=replyEffect.unanswered.improved`,
    );
    expect(
      list.items.map((item: { mention: { externalId: string } }) => item.mention.externalId).toSorted(),
    ).toEqual(["first better", "silent0"]);
  });
});
