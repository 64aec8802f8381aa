import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cleanText } from "#domain/text.ts";
import { listMentions, type MentionOrder } from "#store/mention-list.ts";
import { describeShared, readSharedJson } from "#tests/shared.ts";
import { type Api, openApi } from "./app.ts";
import { angry, happy, pushRows, row, settled } from "./desk.ts";

let api: Api;
let brandId: string;
let sourceId: string;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  brandId = await api.world.makeBrand();
  sourceId = await api.world.makeSource([brandId]);
});

const one = async (id: string, key?: string) =>
  api.call("GET", `/v1/mentions/${id}`, key === undefined ? {} : { key });
const list = async (query: string, key?: string) =>
  api.call("GET", `/v1/mentions?brandId=${brandId}&${query}`, key === undefined ? {} : { key });
const idsOf = (body: { items: { externalId: string }[] }) => body.items.map(item => item.externalId);

describe("pushed texts are answered row by row", () => {
  it("stores what is right and says what is wrong with the rest, in the order given", async () => {
    const { status, body } = await pushRows(api, [
      row(sourceId),
      row(sourceId, { externalId: "bad-kind", kind: "tweet" }),
      row(sourceId, { externalId: "foreign", sourceId: "01890000-0000-7000-8000-000000000000" }),
      "nonsense",
      row(sourceId, { externalId: "unmatched", text: "Совсем о другом" }),
      row(sourceId, { externalId: "typo", textt: "?" }),
      row(sourceId, { externalId: "empty", text: " \u0000 ", rating: null }),
      row(sourceId, { externalId: "late", publishedAt: "yesterday" }),
    ]);
    expect(status).toBe(200);
    const { results } = body;
    expect(
      results.map((result: { externalId: string; status: string }) => [result.externalId, result.status]),
    ).toEqual([
      ["r-1", "created"],
      ["bad-kind", "rejected"],
      ["foreign", "rejected"],
      ["", "rejected"],
      ["unmatched", "created"],
      ["typo", "rejected"],
      ["empty", "rejected"],
      ["late", "rejected"],
    ]);
    expect(results[0].mentionIds).toHaveLength(1);
    expect(results[4].mentionIds).toEqual([]);
    expect(results[1].error).toContain("kind");
    expect(results[2].error).toContain("There is no source");
    expect(results[5].error).toContain("textt");
    expect(results[6].error).toContain("text: is empty");
    expect(results[7].error).toContain("RFC 3339");
  });

  it("tells an update from a repetition", async () => {
    await pushRows(api, [row(sourceId)]);
    const { body } = await pushRows(api, [row(sourceId), row(sourceId, { text: happy })]);
    expect(body.results.map((result: { status: string }) => result.status)).toEqual(["updated", "updated"]);
    const again = await pushRows(api, [row(sourceId, { text: happy })]);
    expect(again.body.results[0].status).toBe("unchanged");
  });

  it("takes 1,000 rows and refuses 1,001, an empty list and unknown fields by name", async () => {
    const rows = Array.from({ length: 1_000 }, (_, n) =>
      row(sourceId, { externalId: `bulk-${n}`, text: happy }),
    );
    const { status, body } = await pushRows(api, rows);
    expect(status).toBe(200);
    expect(body.results).toHaveLength(1_000);
    expect(new Set(body.results.map((result: { status: string }) => result.status))).toEqual(
      new Set(["created"]),
    );
    expect((await pushRows(api, [...rows, row(sourceId)])).status).toBe(422);
    expect((await pushRows(api, [])).status).toBe(422);
    const extra = await api.call("POST", "/v1/mentions", {
      body: { mentions: [row(sourceId)], dryRun: true },
    });
    expect(extra.status).toBe(422);
    expect(extra.text).toContain("dryRun");
  });

  it("lets the ingest key push and read nothing, and a scoped key push only to its own brands' sources", async () => {
    expect((await pushRows(api, [row(sourceId)], api.keys.ingest)).body.results[0].status).toBe("created");
    expect((await list("", api.keys.ingest)).status).toBe(403);
    expect((await pushRows(api, [row(sourceId)], api.keys.analyst)).status).toBe(403);
    const scoped = await pushRows(api, [row(sourceId)], api.foreign.ingest);
    expect(scoped.body.results[0]).toMatchObject({ status: "rejected" });
  });

  it("never turns a number or a time that no column holds into a failure of the others", async () => {
    const { status, body } = await pushRows(api, [
      row(sourceId, { externalId: "ok" }),
      row(sourceId, { externalId: "tiny", rating: { value: 1e-300, scale: 1e-300 } }),
      row(sourceId, { externalId: "views", engagement: { views: 9e15 } }),
      row(sourceId, { externalId: "year-0", publishedAt: "0000-01-01T00:00:00Z" }),
      row(sourceId, { externalId: "year-10000", publishedAt: "9999-12-31T23:59:59-12:00" }),
      row(sourceId, { externalId: "я".repeat(501) }),
      row(sourceId, { externalId: "script", url: "javascript:alert(1)" }),
      row(sourceId, { externalId: "half", rating: { value: 1e-30, scale: 5 } }),
    ]);
    expect(status).toBe(200);
    expect(body.results.map((result: { status: string }) => result.status)).toEqual([
      "created",
      ...Array(6).fill("rejected"),
      "created",
    ]);
  });

  it("stores texts whose every word is another one, and keys of the longest kind", async () => {
    const letters = [...Array(1 << 16).keys()].map(n => (n + 0x10000).toString(5)).join(" ");
    const text = `Волна ${letters}`.slice(0, 100_000);
    const noise = (length: number) =>
      Array.from({ length }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join("");
    const { body } = await pushRows(api, [
      row(sourceId, { externalId: noise(500), threadId: noise(500), text, author: { id: noise(500) } }),
    ]);
    expect(body.results[0].status).toBe("created");
  });

  it("takes two pushes of the same new texts at the same time", async () => {
    const rows = Array.from({ length: 40 }, (_, n) => row(sourceId, { externalId: `twin-${n}` }));
    const answers = await Promise.all([
      pushRows(api, rows),
      pushRows(api, rows.toReversed()),
      pushRows(api, rows),
    ]);
    expect(answers.map(answer => answer.status)).toEqual([200, 200, 200]);
    expect((await list("limit=500")).body.items).toHaveLength(40);
  });
});

describe("a mention is one document × one brand", () => {
  it("shows the document's fields, the tone and the answer with its evidence", async () => {
    const answer = {
      text: "Анна, деньги вернули.",
      authorName: "Волна",
      publishedAt: "2026-11-20T10:00:00Z",
      url: "https://reviews.example/1#a",
    };
    const { body } = await pushRows(api, [row(sourceId, { answer, title: "Обман" })]);
    const mention = (await one(body.results[0].mentionIds[0])).body;
    expect(mention).toMatchObject({
      brandId,
      sourceId,
      sourceKind: "push",
      externalId: "r-1",
      kind: "review",
      url: "https://reviews.example/1",
      title: "Обман",
      text: angry,
      version: 1,
      rating: { value: 1, scale: 5 },
      author: { id: "u-5", name: "Анна", url: null, reach: 1200 },
      publishedAt: "2026-11-20T09:14:03.000Z",
      occurredAt: "2026-11-20T09:14:03.000Z",
      dateBasis: "published",
      engagement: { likes: 3, views: 900 },
      tone: "negative",
      human: null,
      answered: true,
      answer: {
        state: "published",
        text: answer.text,
        authorName: "Волна",
        url: answer.url,
        at: "2026-11-20T10:00:00.000Z",
        basis: "platform",
      },
      versions: [],
      cluster: [],
    });
    expect(mention.answer.evidence).not.toBe("");
    const sum = mention.explanation.parts.reduce(
      (total: number, part: { weight: number }) => total + part.weight,
      0,
    );
    expect(sum).toBeCloseTo(mention.explanation.logit, 6);
    for (const part of mention.explanation.parts)
      expect(mention[part.field].slice(part.start, part.end).length).toBe(part.end - part.start);
  });

  it("keeps the texts that edits replaced", async () => {
    await pushRows(api, [row(sourceId)]);
    const { body } = await pushRows(api, [row(sourceId, { text: happy })]);
    const mention = (await one(body.results[0].mentionIds[0])).body;
    expect(mention).toMatchObject({ version: 2, text: happy, versions: [{ version: 1, text: angry }] });
  });

  it("is hidden from keys of other brands, also in lists", async () => {
    const { body } = await pushRows(api, [row(sourceId)]);
    expect((await one(body.results[0].mentionIds[0], api.foreign.analyst)).status).toBe(404);
    expect((await list("", api.foreign.analyst)).status).toBe(404);
    const all = await api.call("GET", "/v1/mentions", { key: api.foreign.analyst });
    expect(all.body.items).toEqual([]);
    const since = await api.call("GET", "/v1/mentions?sinceSeq=0", { key: api.foreign.analyst });
    expect(since.body.items).toEqual([]);
  });
});

describe("lists", () => {
  beforeEach(async () => {
    await pushRows(api, [
      row(sourceId, { externalId: "a", publishedAt: "2026-11-18T00:00:00Z" }),
      row(sourceId, {
        externalId: "b",
        publishedAt: "2026-11-20T00:00:00Z",
        text: happy,
        rating: { value: 5, scale: 5 },
        author: { id: "u-6", name: "Пётр Ёлкин" },
      }),
      row(sourceId, {
        externalId: "c",
        publishedAt: "2026-11-19T00:00:00Z",
        kind: "post",
        rating: null,
        text: "The Волна app is terrible, it crashes and support never answers",
        author: null,
      }),
    ]);
  });

  it("are newest first by the time of the text, and page through without a gap", async () => {
    expect(idsOf((await list("")).body)).toEqual(["b", "c", "a"]);
    const first = (await list("limit=2")).body;
    expect(idsOf(first)).toEqual(["b", "c"]);
    const second = (await list(`limit=2&cursor=${first.nextCursor}`)).body;
    expect(idsOf(second)).toEqual(["a"]);
    expect(second.nextCursor).toBeNull();
  });

  it("are newest first by the last change with sort=-seq", async () => {
    const [a] = (await list("")).body.items.filter((item: { externalId: string }) => item.externalId === "a");
    await api.call("PATCH", `/v1/mentions/${a.id}`, { body: { tags: ["x"] } });
    const first = (await list("sort=-seq&limit=1")).body;
    expect(idsOf(first)).toEqual(["a"]);
    const rest = (await list(`sort=-seq&limit=5&cursor=${first.nextCursor}`)).body;
    expect(new Set(idsOf(rest))).toEqual(new Set(["b", "c"]));
  });

  it.each([
    ["kind=post", ["c"]],
    ["kind=post,review", ["b", "c", "a"]],
    ["tone=positive", ["b"]],
    ["tone=negative", ["c", "a"]],
    ["language=en", ["c"]],
    ["author=u-5", ["a"]],
    ["author=%D0%BF%D1%91%D1%82%D1%80%20%D1%91%D0%BB%D0%BA%D0%B8%D0%BD", ["b"]],
    ["ratingLte=2", ["a"]],
    ["answered=true", []],
    ["answered=false&spam=false&duplicate=false", ["b", "c", "a"]],
    ["from=2026-11-19T00:00:00Z&to=2026-11-20T00:00:00Z", ["c"]],
    ["sourceKind=push", ["b", "c", "a"]],
    ["sourceKind=rss-feed", []],
    ["q=деньгами", ["a"]],
    ["q=crash", ["c"]],
    ["q=вежливый -персонал", []],
    ["q=вежливого OR crashing", ["b", "c"]],
    ["q=%00", ["b", "c", "a"]],
  ])("filter by %s", async (query, expected) => {
    const { status, body } = await list(encodeURI(decodeURI(query)).replaceAll("%2500", "%00"));
    if (query === "q=%00") expect(status).toBeLessThan(500);
    else expect(idsOf(body)).toEqual(expected);
  });

  it.each([
    ["деньгами", ["a"]],
    ["вежливого OR crashing", ["b", "c"]],
    ["-crash", ["b", "a"]],
  ])("find %s alike, whether the newest fill the page or the words are looked up", async (q, expected) => {
    for (const near of [0, 1, 2, 100]) {
      const order = { by: "occurredAt", after: null } as const;
      const filters = { brandIds: [brandId], q };
      const walked = { near, far: 100 };
      const { rows } = await listMentions(api.world.db, filters, order, expected.length, walked);
      expect([near, rows.map(mention => mention.external_id)]).toEqual([near, expected]);
    }
  });

  it.each([
    [null, "occurredAt"],
    [null, "seq"],
    ["own", "occurredAt"],
    ["two", "occurredAt"],
  ] as const)(
    "that only exclude words are read a stretch at a time, and to the end by the cursor: brands %s, by %s",
    async (brands, by) => {
      const own = brands === "two" ? [brandId, await api.world.makeBrand()] : [brandId];
      const filters = { brandIds: brands === null ? null : own, sourceId: [sourceId], q: "-персонал -crash" };
      const walked = { near: 0, far: 1 };
      const pages: string[][] = [];
      let order: MentionOrder = { by, after: null };
      for (;;) {
        const { rows, stoppedAt } = await listMentions(api.world.db, filters, order, 2, walked);
        pages.push(rows.map(mention => mention.external_id));
        if (stoppedAt === null) break;
        order = (by === "seq" ? { by, after: stoppedAt[0] } : { by, after: stoppedAt }) as MentionOrder;
      }
      expect(pages.length).toBe(4);
      expect(pages.flat()).toEqual(["a"]);
    },
  );

  it("go on by nextCursor from a page that holds too few because words were only excluded", async () => {
    const { db } = api.world;
    const source = sql`${sourceId}::uuid`;
    await sql`
      with copied as (
        insert into document select (jsonb_populate_record(d, jsonb_build_object(
          'id', gen_random_uuid(), 'external_id', 'copy-' || n, 'published_at', at, 'occurred_at', at))).*
        from document d, generate_series(1, 2100) n, lateral (select timestamptz '2026-11-18 12:00:00Z' + n * interval '1 second' as at) t
        where d.source_id = ${source} and d.external_id = 'c' returning id, occurred_at)
      insert into mention (id, document_id, brand_id, source_id, source_kind, kind, language, occurred_at, first_seen_at,
        scored_at, model_tone, score, confidence, uncertain, basis, conflict, model_version, model_spam, acts, seq)
      select gen_random_uuid(), copied.id, m.brand_id, m.source_id, m.source_kind, m.kind, m.language, copied.occurred_at, m.first_seen_at,
        m.scored_at, m.model_tone, m.score, m.confidence, m.uncertain, m.basis, m.conflict, m.model_version, m.model_spam, m.acts, -row_number() over ()
      from copied, mention m join document d on d.id = m.document_id
      where d.source_id = ${source} and d.external_id = 'c'`.execute(db);
    const first = (await list("q=-crash&limit=5")).body;
    expect(idsOf(first)).toEqual(["b"]);
    const second = (await list(`q=-crash&limit=5&cursor=${first.nextCursor}`)).body;
    expect([idsOf(second), second.nextCursor]).toEqual([["a"], null]);
  });

  it("refuse a filter, a cursor or a sort that is none, and name it", async () => {
    for (const query of [
      "tonne=negative",
      "tone=angry",
      "cursor=abc",
      `cursor=${Buffer.from(JSON.stringify(["then", sourceId])).toString("base64url")}`,
      "sort=likes",
      "limit=501",
      "from=today",
      "sinceSeq=1&tone=negative",
    ]) {
      const { status, body } = await list(query);
      expect([query, status]).toEqual([query, 400]);
      expect(body.detail.length).toBeGreaterThan(10);
    }
  });
});

describe("a person's correction", () => {
  it("stands beside the model's value, moves the list and the case, and survives another push", async () => {
    const { body } = await pushRows(api, [row(sourceId)]);
    const id = body.results[0].mentionIds[0];
    const corrected = await api.call("PATCH", `/v1/mentions/${id}`, {
      key: api.keys.manager,
      body: {
        tone: "neutral",
        tags: ["доставка", "доставка"],
        aspects: [{ aspect: "price", tone: "negative" }],
      },
    });
    expect(corrected.status).toBe(200);
    expect(corrected.body).toMatchObject({
      tone: "neutral",
      modelTone: "negative",
      tags: ["доставка"],
      human: { tone: "neutral", by: api.personId, aspects: [{ aspect: "price", tone: "negative" }] },
    });
    const found = await api.call("GET", `/v1/queue/${corrected.body.caseId}`);
    expect(found.body).toMatchObject({ status: "ended", outcome: "no-reply-needed" });
    await pushRows(api, [row(sourceId, { text: `${angry} Ещё раз.` })]);
    expect((await one(id)).body).toMatchObject({ tone: "neutral", version: 2 });
  });

  it.each(["ЧЁРНЫЙ", "черный"])("finds a word with ё however it is written: %s", async word => {
    await pushRows(api, [row(sourceId, { externalId: "yo", text: `${angry} Пришёл Чёрный вместо белого.` })]);
    expect(idsOf((await list(`q=${encodeURIComponent(`${word} пришел`)}`)).body)).toEqual(["yo"]);
  });

  it("takes a mention out and back, telling incremental readers", async () => {
    const { body } = await pushRows(api, [row(sourceId)]);
    const id = body.results[0].mentionIds[0];
    const { seq } = (await one(id)).body;
    await api.call("PATCH", `/v1/mentions/${id}`, { body: { matched: false } });
    expect((await list("")).body.items).toEqual([]);
    await settled(api);
    const since = (await list(`sinceSeq=${seq}`)).body;
    expect(since.items).toEqual([{ id, seq: expect.any(Number), deleted: true }]);
    await api.call("PATCH", `/v1/mentions/${id}`, { body: { matched: true } });
    await settled(api);
    expect((await list(`sinceSeq=${since.nextSeq}`)).body.items).toMatchObject([{ id, text: angry }]);
  });

  it("needs a role of the desk and something to correct", async () => {
    const { body } = await pushRows(api, [row(sourceId)]);
    const path = `/v1/mentions/${body.results[0].mentionIds[0]}`;
    expect((await api.call("PATCH", path, { key: api.keys.analyst, body: { spam: true } })).status).toBe(403);
    expect((await api.call("PATCH", path, { key: api.foreign.manager, body: { spam: true } })).status).toBe(
      404,
    );
    expect((await api.call("PATCH", path, { body: {} })).status).toBe(422);
    expect((await api.call("PATCH", path, { body: { score: 1 } })).status).toBe(422);
  });
});

describeShared("naughty strings", "suites/blns/blns.json", () => {
  it("go in as text, title and author, and come out of the list and the page as they are stored", async () => {
    const strings = readSharedJson<string[]>("suites/blns/blns.json");
    const extra = ["\u0000нуль", "\ud83d половина эмодзи", "\udc00", "a\u202eb"];
    const rows = [...strings, ...extra].map((text, n) =>
      row(sourceId, {
        externalId: `blns-${n}`,
        text: `Волна ${text}`,
        title: text.slice(0, 2_000),
        author: { id: `b-${n}`, name: text.slice(0, 500) },
      }),
    );
    const { status, body } = await pushRows(api, rows);
    expect(status).toBe(200);
    expect(body.results.filter((result: { status: string }) => result.status !== "created")).toEqual([]);
    const stored = new Map<string, { text: string; title: string; id: string; author: { name: string } }>();
    for (let cursor = ""; ; ) {
      const { body: page } = await list(`limit=100${cursor && `&cursor=${cursor}`}`);
      for (const item of page.items) stored.set(item.externalId, item);
      if (page.nextCursor === null) break;
      cursor = page.nextCursor;
    }
    for (const [n, sent] of rows.entries()) {
      const item = stored.get(`blns-${n}`);
      expect(item).toMatchObject({ text: cleanText(sent.text), title: cleanText(String(sent.title)) });
    }
    const last = stored.get(`blns-${rows.length - 4}`);
    expect((await one(last?.id as string)).body).toMatchObject({
      text: "Волна нуль",
      author: { name: "нуль" },
    });
    for (const text of strings.slice(0, 100)) {
      const { status: found } = await list(
        `q=${encodeURIComponent(text.toWellFormed().slice(0, 200))}&author=${encodeURIComponent(text.toWellFormed().slice(0, 200) || "x")}`,
      );
      expect(found).toBeLessThan(500);
    }
  });
});
