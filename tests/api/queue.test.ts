import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Api, type Called, openApi } from "./app.ts";
import { angry, happy, openCase, pushRows, row } from "./desk.ts";

let api: Api;
let brandId: string;
let sourceId: string;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  api.world.setNow("2026-11-20T12:00:00Z");
  brandId = await api.world.makeBrand();
  sourceId = await api.world.makeSource([brandId]);
});

const get = (path: string, key = api.keys.manager) => api.call("GET", path, { key });
const step = (
  caseId: string,
  name: string,
  version: number | null,
  body?: object,
  key = api.keys.manager,
): Promise<Called> =>
  api.call("POST", `/v1/queue/${caseId}/${name}`, {
    key,
    ...(body === undefined ? {} : { body }),
    headers: version === null ? {} : { "if-match": `"${version}"` },
  });
const claimNext = (body: object = {}, key = api.keys.manager) =>
  api.call("POST", "/v1/queue/claim", { key, body: { brandIds: [brandId], ...body } });
const caseIds = (body: { items: { id: string }[] }) => body.items.map(item => item.id);

describe("a case goes its way", () => {
  it("from a pushed negative over claim, note and resolve to reopen, with its history", async () => {
    const { mentionId, caseId } = await openCase(api, sourceId, "r-1");
    const claimed = await claimNext({ limit: 1 });
    expect(claimed.body.items).toMatchObject([
      {
        id: caseId,
        mentionId,
        brandId,
        status: "claimed",
        version: 2,
        assignee: null,
        outcome: null,
        dueAt: "2026-11-21T12:00:00.000Z",
        claim: { by: api.personId, expiresAt: "2026-11-20T12:15:00.000Z" },
        mention: { id: mentionId, text: angry, tone: "negative" },
      },
    ]);
    const { rows: audited } = await sql`
      select action, person_id from audit where object = 'case' and object_id = ${caseId}`.execute(
      api.world.db,
    );
    expect(audited).toEqual([{ action: "claim", person_id: api.personId }]);
    const noted = await step(caseId, "note", 2, { text: "Позвонить\u0000" });
    expect([noted.status, noted.body.version, noted.headers["etag"]]).toEqual([200, 3, '"3"']);
    const resolved = await step(caseId, "resolve", 3, {
      outcome: "answered",
      answerUrl: "https://reviews.example/1#a",
    });
    expect(resolved.body).toMatchObject({
      status: "ended",
      outcome: "answered",
      answerUrl: "https://reviews.example/1#a",
      claim: null,
      mention: { answered: true },
    });
    const reopened = await step(caseId, "reopen", 4);
    expect(reopened.body).toMatchObject({ status: "open", outcome: null, version: 5 });
    const detail = (await get(`/v1/queue/${caseId}`)).body;
    expect(detail.notes).toMatchObject([{ text: "Позвонить", personId: api.personId }]);
    expect(detail.history.map((event: { kind: string }) => event.kind)).toEqual([
      "opened",
      "claimed",
      "noted",
      "ended",
      "reopened",
    ]);
    expect(JSON.stringify(detail.history)).not.toContain("Позвонить");
    const events = (await get(`/v1/queue/${caseId}/events`)).body;
    expect(events.items).toEqual(detail.history);
  });

  it("ends by itself when the official answer is seen", async () => {
    const { caseId } = await openCase(api, sourceId, "r-1");
    await pushRows(api, [
      row(sourceId, { answer: { text: "Простите нас", publishedAt: "2026-11-20T11:00:00Z" } }),
    ]);
    expect((await get(`/v1/queue/${caseId}`)).body).toMatchObject({
      status: "ended",
      outcome: "answered",
      mentions: [{ answered: true, answerState: "published" }],
    });
  });

  it("is claimed by nobody else: the holder prolongs, others get 409 with the holder", async () => {
    const { caseId } = await openCase(api, sourceId, "r-1");
    const first = await step(caseId, "claim", null, { leaseSeconds: 60 });
    expect(first.body.claim).toEqual({ by: api.personId, expiresAt: "2026-11-20T12:01:00.000Z" });
    const lost = await step(caseId, "claim", null, undefined, api.keys.approver);
    expect(lost.status).toBe(409);
    expect(lost.body.current).toMatchObject({ status: "claimed", version: 2, claim: { by: api.personId } });
    const longer = await step(caseId, "claim", null);
    expect(longer.body).toMatchObject({ version: 2, claim: { expiresAt: "2026-11-20T12:15:00.000Z" } });
    expect((await step(caseId, "release", 2, undefined, api.keys.approver)).status).toBe(409);
    expect((await step(caseId, "release", 2)).body).toMatchObject({
      status: "open",
      claim: null,
      version: 3,
    });
  });

  it("takes a step only with the version that stands: 428 without, 412 with another, 409 when impossible", async () => {
    const { caseId } = await openCase(api, sourceId, "r-1");
    expect((await step(caseId, "resolve", null, { outcome: "spam" })).status).toBe(428);
    const stale = await step(caseId, "resolve", 7, { outcome: "spam" });
    expect([stale.status, stale.body.current]).toEqual([
      412,
      { id: caseId, status: "open", outcome: null, version: 1, claim: null },
    ]);
    const impossible = await step(caseId, "reopen", 1);
    expect([impossible.status, impossible.body.current.status]).toEqual([409, "open"]);
    expect(
      (await api.call("POST", `/v1/queue/${caseId}/release`, { headers: { "if-match": "*" } })).status,
    ).toBe(400);
    expect((await step(caseId, "resolve", 1, { outcome: "escalated" })).status).toBe(422);
    expect(
      (await step(caseId, "resolve", 1, { outcome: "answered", answerUrl: "javascript:alert(1)" })).status,
    ).toBe(422);
  });

  it("lets one of fifty operators take each version", async () => {
    const { caseId } = await openCase(api, sourceId, "r-1");
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => step(caseId, "note", 1, { text: `note ${n}` })),
    );
    const count = (status: number) => answers.filter(answer => answer.status === status).length;
    expect([count(200), count(412)]).toEqual([1, 49]);
    expect((await get(`/v1/queue/${caseId}`)).body.notes).toHaveLength(1);
  });
});

describe("claims", () => {
  it("of 100 clients at once never give one case to two", async () => {
    const rows = Array.from({ length: 120 }, (_, n) => row(sourceId, { externalId: `c-${n}` }));
    await pushRows(api, rows);
    const key = [api.keys.manager, api.keys.approver, api.keys.admin];
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) => claimNext({ limit: 1 }, key[n % 3])),
    );
    const taken = answers.flatMap(answer => caseIds(answer.body));
    expect(taken).toHaveLength(100);
    expect(new Set(taken).size).toBe(100);
    const left = await claimNext({ limit: 100 });
    expect(left.body.items).toHaveLength(20);
    expect((await claimNext()).body).toEqual({ items: [] });
  });

  it("need a person, a role of the desk, a lease of 30 s to 8 h and a brand in scope", async () => {
    await openCase(api, sourceId, "r-1");
    const service = await api.makeKey("manager");
    const refused = await claimNext({}, service);
    expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining("/v1/keys")]);
    expect((await claimNext({}, api.keys.analyst)).status).toBe(403);
    expect((await claimNext({ leaseSeconds: 29 })).status).toBe(422);
    expect((await claimNext({ leaseSeconds: 28_801 })).status).toBe(422);
    expect((await claimNext({}, api.foreign.manager)).status).toBe(404);
    const other = await api.call("POST", "/v1/queue/claim", { key: api.foreign.manager, body: {} });
    expect(other.body).toEqual({ items: [] });
    expect((await claimNext({ minPriority: 100 })).body.items).toEqual([]);
    expect((await claimNext({ leaseSeconds: 30 })).body.items).toHaveLength(1);
  });
});

describe("the list", () => {
  it("shows what is most urgent first, pages through, and hides what has ended", async () => {
    await pushRows(api, [
      row(sourceId, {
        externalId: "calm",
        text: "Волна: кофе плохой.",
        rating: null,
        author: null,
        engagement: {},
      }),
      row(sourceId, {
        externalId: "loud",
        text: `${angry} Отравились, подаём в суд!`,
        author: { id: "u-9", reach: 1_000_000 },
      }),
      row(sourceId, { externalId: "plain" }),
    ]);
    const { body } = await get(`/v1/queue?brandId=${brandId}`);
    expect(body.items).toHaveLength(3);
    const priorities = body.items.map((item: { priority: number }) => item.priority);
    expect(priorities).toEqual(priorities.toSorted((a: number, b: number) => b - a));
    expect(body.items[0].mention.externalId).toBe("loud");
    expect(body.items[0].priorityFactors.length).toBeGreaterThan(0);
    const paged = [];
    for (let cursor = ""; ; ) {
      const { body: one } = await get(`/v1/queue?brandId=${brandId}&limit=1${cursor}`);
      paged.push(...caseIds(one));
      if (one.nextCursor === null) break;
      cursor = `&cursor=${one.nextCursor}`;
    }
    expect(paged).toEqual(caseIds(body));
    await step(paged[0] as string, "resolve", 1, { outcome: "no-reply-needed" });
    expect(caseIds((await get(`/v1/queue?brandId=${brandId}`)).body)).toEqual(paged.slice(1));
    expect(caseIds((await get(`/v1/queue?brandId=${brandId}&status=ended`)).body)).toEqual(paged.slice(0, 1));
  });

  it("filters by holder, source kind, tag, priority and lateness", async () => {
    const mine = await openCase(api, sourceId, "a");
    const free = await openCase(api, sourceId, "b", { publishedAt: "2026-11-20T11:00:00Z" });
    await step(mine.caseId, "claim", null);
    await api.call("PATCH", `/v1/mentions/${free.mentionId}`, { body: { tags: ["доставка"] } });
    const found = async (query: string) => caseIds((await get(`/v1/queue?brandId=${brandId}&${query}`)).body);
    expect(await found(`assignee=${api.personId}`)).toEqual([mine.caseId]);
    expect(await found("status=open")).toEqual([free.caseId]);
    expect(await found(`tag=${encodeURIComponent("доставка")}`)).toEqual([free.caseId]);
    expect(await found("sourceKind=rss-feed")).toEqual([]);
    expect(await found("sourceKind=push")).toHaveLength(2);
    const mistyped = await get(`/v1/queue?brandId=${brandId}&sourceKind=rssfeed`);
    expect([mistyped.status, mistyped.body.detail]).toEqual([400, expect.stringContaining('"rss-feed"?')]);
    expect(await found("minPriority=100")).toEqual([]);
    expect(await found("overdue=true")).toEqual([]);
    api.world.setNow("2026-11-30T12:00:00Z");
    expect(await found("overdue=true")).toHaveLength(2);
    expect((await get(`/v1/queue?brandId=${brandId}&minPriority=101`)).status).toBe(400);
    expect((await get(`/v1/queue?brandId=${brandId}`, api.foreign.manager)).status).toBe(404);
    expect((await get(`/v1/queue/${mine.caseId}`, api.foreign.manager)).status).toBe(404);
    expect((await step(mine.caseId, "release", 2, undefined, api.foreign.manager)).status).toBe(404);
  });
});

describe("one case", () => {
  it("shows the thread around it, oldest first, with at most 20 texts", async () => {
    const thread = Array.from({ length: 31 }, (_, n) =>
      row(sourceId, {
        externalId: `t-${n}`,
        kind: "post",
        threadId: "topic-1",
        rating: null,
        text: n === 15 ? angry : `Сообщение ${n}`,
        author: { id: `u-${n}`, name: `Гость ${n}` },
        publishedAt: new Date(Date.UTC(2026, 10, 20, 8, n)).toISOString(),
      }),
    );
    const { body } = await pushRows(api, thread);
    const mention = (await get(`/v1/mentions/${body.results[15].mentionIds[0]}`)).body;
    const { thread: around } = (await get(`/v1/queue/${mention.caseId}`)).body;
    const expected = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25];
    expect(around.map((one: { text: string }) => one.text)).toEqual(expected.map(n => `Сообщение ${n}`));
  });

  it("holds every place of a re-post, each with its own answer, and links the case after it", async () => {
    const long = `${angry} Заходили втроём после работы, ждали сорок минут, заказ перепутали дважды, извиняться никто не стал, чек не пробили.`;
    const first = await openCase(api, sourceId, "p-1", { text: long });
    const other = await api.world.makeSource([brandId]);
    const second = await openCase(api, other, "p-1", { text: long, author: { id: "else" } });
    expect(second.caseId).toBe(first.caseId);
    const { mentions } = (await get(`/v1/queue/${first.caseId}`)).body;
    expect(
      mentions.map((place: { id: string; answerState: string }) => [place.id, place.answerState]),
    ).toEqual([
      [first.mentionId, "none"],
      [second.mentionId, "none"],
    ]);
    const { body: mention } = await get(`/v1/mentions/${second.mentionId}`);
    expect(mention).toMatchObject({
      duplicate: true,
      cluster: [{ id: first.mentionId, caseId: first.caseId }],
    });
    await step(first.caseId, "resolve", (await get(`/v1/queue/${first.caseId}`)).body.version, {
      outcome: "no-reply-needed",
    });
    const third = await openCase(api, await api.world.makeSource([brandId]), "p-1", {
      text: long,
      author: { id: "third" },
    });
    expect((await get(`/v1/queue/${third.caseId}`)).body).toMatchObject({ previousCaseId: first.caseId });
  });

  it("shows the case of another own brand about the same text", async () => {
    const twin = await api.world.makeBrand();
    const shared = await api.world.makeSource([brandId, twin]);
    const { body } = await pushRows(api, [row(shared)]);
    const caseOf = async (n: number) =>
      (await get(`/v1/mentions/${body.results[0].mentionIds[n]}`)).body.caseId;
    const [one, two] = [await caseOf(0), await caseOf(1)];
    const detail = (await get(`/v1/queue/${one}`)).body;
    expect(detail.otherCases).toEqual([
      { id: two, brandId: expect.any(String), status: "open", outcome: null },
    ]);
    await step(one, "resolve", 1, { outcome: "answered", answerUrl: "https://reviews.example/1#a" });
    expect((await get(`/v1/queue/${two}`)).body).toMatchObject({ status: "ended" });
  });

  it("is not there for praise", async () => {
    const { body } = await pushRows(api, [row(sourceId, { text: happy, rating: { value: 5, scale: 5 } })]);
    expect((await get(`/v1/mentions/${body.results[0].mentionIds[0]}`)).body.caseId).toBeNull();
  });
});
