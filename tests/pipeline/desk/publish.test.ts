import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createNet, type Net } from "#net/client.ts";
import { publishDue } from "#pipeline/desk/publish.ts";
import { ingestPage } from "#pipeline/ingest/page.ts";
import { itemOf } from "#pipeline/parse-reply.ts";
import { sourceFacts } from "#pipeline/source-facts.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { findSource } from "#store/source.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { moderate, type Seller, sellerToken, startSeller, type Trouble } from "#tests/seller.ts";

const firstMs = Date.parse("2026-11-20T12:00:00Z");
const dayMs = 86_400_000;
const ourText = "Здравствуйте! Нам очень жаль, вернём деньги сегодня.";

let world: World;
let seller: Seller;
let net: Net;
let brandId: string;
let sourceId: string;
let startMs = firstMs;
let nowMs: number;
let trouble: (request: { method: string; path: string; id: string | null }) => Trouble | null;

beforeAll(async () => {
  world = await openWorld(new Date(firstMs).toISOString());
  net = createNet({ allow: ["127.0.0.1"], userAgent: "Molva/test", contact: "test" });
});
afterAll(async () => {
  await net.close();
  await world.close();
});
beforeEach(async () => {
  // Quotas remember the time: each test has its own season.
  startMs += 200 * dayMs;
  at(0);
  trouble = () => null;
  seller = await startSeller({
    now: world.deps.clock,
    moderationMs: () => null,
    trouble: request => trouble(request),
  });
  brandId = await world.makeBrand({ query: "волна" });
  sourceId = await makeSource();
});
afterEach(async () => {
  await world.db.updateTable("reply").set({ next_attempt_at: null }).execute();
  await seller.stop();
});

const minuteMs = 60_000;
/** Minutes after the start of the test. */
function at(minutes: number): void {
  nowMs = startMs + minutes * minuteMs;
  world.setNow(new Date(nowMs).toISOString());
}

async function makeSource(settings: object = {}, token = sellerToken): Promise<string> {
  const id = await world.makeSource([brandId], {
    kind: "wildberries-seller",
    settings: { baseUrl: seller.url, ...settings },
  });
  const credentials = world.deps.secrets.seal(JSON.stringify({ token }));
  await world.db.updateTable("source").set({ credentials }).where("id", "=", id).execute();
  return id;
}

/** A run over all texts of the seller. */
async function collect(): Promise<void> {
  const row = await findSource(world.db, sourceId);
  const facts = sourceFacts(row!);
  for (const path of ["feedbacks", "questions"])
    for (const isAnswered of [false, true]) {
      const url = `${seller.url}/api/v1/${path}?isAnswered=${isAnswered}&skip=0`;
      const body = await (await fetch(url, { headers: { authorization: sellerToken } })).text();
      const list = `${isAnswered ? "" : "un"}answered${path === "questions" ? "-questions" : ""}`;
      const request = { url, state: { list, skip: 0, from: null, deep: false } };
      const ask = {
        settings: facts.settings,
        cursor: null,
        progress: null,
        now: world.deps.clock(),
        since: null,
      };
      const { items } = facts.kind.parse!({ request, url, status: 200, headers: {}, body }, ask);
      await inTransaction(world.db, tx =>
        ingestPage(tx, world.deps, facts.ingest, items.map(itemOf), world.deps.clock()),
      );
    }
}

interface Approved {
  replyId: string;
  caseId: string;
}

/** A text of the seller with its case and an approved answer that is due. */
async function approve(
  externalId: string,
  changes: { text?: string; assisted?: boolean } = {},
): Promise<Approved> {
  const { document_id, case_id } = await world.db
    .selectFrom("mention")
    .innerJoin("document", "document.id", "mention.document_id")
    .select(["document_id", "case_id"])
    .where("external_id", "=", externalId)
    .where("brand_id", "=", brandId)
    .executeTakeFirstOrThrow();
  const caseId = case_id as string;
  await world.db
    .updateTable("case")
    .set({ status: "awaiting-publication", claimed_by: null, claim_expires_at: null })
    .where("id", "=", caseId)
    .where("status", "<>", "ended")
    .execute();
  const replyId = newId();
  const now = world.deps.clock();
  await world.db
    .insertInto("reply")
    .values({
      id: replyId,
      case_id: caseId,
      document_id,
      account: sourceId,
      source_id: sourceId,
      state: "approved",
      text: changes.text ?? ourText,
      assisted: changes.assisted ?? false,
      next_attempt_at: changes.assisted ? null : now,
      created_at: now,
      updated_at: now,
    })
    .execute();
  return { replyId, caseId };
}

async function ready(id: string, changes: Parameters<Seller["add"]>[1] = {}) {
  const text = seller.add(id, changes);
  await collect();
  return { text, ...(await approve(id)) };
}

const publish = () => publishDue({ ...world.deps, net }, AbortSignal.timeout(30_000));

const replyOf = (id: string) =>
  world.db.selectFrom("reply").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const caseOf = (id: string) =>
  world.db.selectFrom("case").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
const historyOf = async (caseId: string) =>
  (
    await world.db
      .selectFrom("case_event")
      .select("kind")
      .where("case_id", "=", caseId)
      .orderBy("id")
      .execute()
  ).map(({ kind }) => kind);
const sends = (id: string) =>
  seller.requests.filter(({ method, id: about }) => method !== "GET" && about === id);
let lastId = 0;
const nextId = () => `review-${++lastId}`;

/** Publishes at each of these minutes. */
async function publishAt(...minutes: number[]): Promise<void> {
  for (const minute of minutes) {
    at(minute);
    await publish();
  }
}

describe("an approved answer", () => {
  test("is sent once, counts as sent until it is seen, and then ends its case", async () => {
    const id = nextId();
    const { text, replyId, caseId } = await ready(id);
    await publish();
    expect(text.taken).toEqual([ourText]);
    expect(await replyOf(replyId)).toMatchObject({
      state: "sent",
      attempt_count: 1,
      posted_at: null,
      lease: null,
    });
    expect(await caseOf(caseId)).toMatchObject({ status: "awaiting-publication", first_answer_at: null });
    await publishAt(1, 4);
    expect((await replyOf(replyId)).state).toBe("sent");
    moderate(text);
    await publishAt(16);
    const reply = await replyOf(replyId);
    expect(reply).toMatchObject({ state: "published", next_attempt_at: null, reason: null });
    expect(reply.sent_at).toEqual(new Date(startMs));
    const ended = await caseOf(caseId);
    expect(ended).toMatchObject({ status: "ended", outcome: "answered" });
    expect(ended.first_answer_at).not.toBeNull();
    expect(text.taken).toEqual([ourText]);
    expect((await historyOf(caseId)).filter(kind => kind.startsWith("reply-"))).toEqual([
      "reply-sent",
      "reply-published",
    ]);
  });

  test("is seen by an ordinary run too", async () => {
    const { text, replyId, caseId } = await ready(nextId());
    await publish();
    moderate(text);
    await collect();
    expect((await replyOf(replyId)).state).toBe("published");
    expect((await caseOf(caseId)).outcome).toBe("answered");
  });

  test("to a question is shown to buyers", async () => {
    const { text, replyId, caseId } = await ready(nextId(), {
      kind: "question",
      text: "Почему чайник ужасно воняет, вы обманули и нахамили?",
    });
    await publish();
    moderate(text);
    await publishAt(1);
    expect(text.taken).toEqual([ourText]);
    expect((await replyOf(replyId)).state).toBe("published");
    expect((await caseOf(caseId)).status).toBe("ended");
  });

  test("turned down by the moderators goes back to the people with the reason in their language", async () => {
    const { text, replyId, caseId } = await ready(nextId(), { verdict: "rejected" });
    await publish();
    moderate(text);
    await publishAt(1);
    expect(await replyOf(replyId)).toMatchObject({
      state: "refused",
      reason: "Модераторы площадки отклонили ответ. Измените его и отправьте снова.",
      next_attempt_at: null,
    });
    expect(await caseOf(caseId)).toMatchObject({ status: "open", outcome: null });
    const again = await approve(text.id, { text: `${ourText} Приносим извинения.` });
    text.verdict = "wbRu";
    await publish();
    moderate(text);
    await publishAt(2);
    expect((await replyOf(again.replyId)).state).toBe("published");
    expect(text.taken).toHaveLength(2);
  });

  test("under a wrong id is never believed, though 204 says yes", async () => {
    sourceId = await makeSource({ token: "basic" });
    const { text, replyId, caseId } = await ready(nextId());
    text.removed = true;
    await publish();
    expect((await replyOf(replyId)).state).toBe("sent");
    await publishAt(13);
    expect(await replyOf(replyId)).toMatchObject({ state: "refused" });
    expect((await replyOf(replyId)).reason).toContain("больше не находит");
    expect((await caseOf(caseId)).status).toBe("open");
  });

  test("is not sent where a look finds another answer", async () => {
    const { text, replyId } = await ready(nextId());
    text.answer = { text: "Напишите нам в чат.", state: "wbRu", editable: true };
    await publish();
    expect(sends(text.id)).toEqual([]);
    expect((await replyOf(replyId)).state).toBe("refused");
  });

  test("is refused by a wrong token with what to do", async () => {
    sourceId = await makeSource({}, "another");
    const { replyId, caseId } = await ready(nextId());
    await publish();
    expect((await replyOf(replyId)).reason).toContain("создайте новый токен");
    expect((await caseOf(caseId)).status).toBe("open");
  });

  test.each([
    ["1 character", "!", "Знаков в ответе: 1"],
    ["5,001 characters", "ы".repeat(5001), "от 2 до 5000"],
  ])("of %s is never sent", async (_what, text, words) => {
    const id = nextId();
    seller.add(id);
    await collect();
    const { replyId } = await approve(id, { text });
    await publish();
    expect(sends(id)).toEqual([]);
    expect((await replyOf(replyId)).reason).toContain(words);
  });
});

describe("when the end of a request is not seen", () => {
  const losing = (wrong: Trouble) => {
    let left = 1;
    trouble = ({ method }) => (method !== "GET" && left-- > 0 ? wrong : null);
  };

  test.each<[string, Trouble]>([
    ["the answer is lost", { at: "after", status: "cut" }],
    ["500 comes after it was taken", { at: "after", status: 500 }],
  ])("%s: it is looked for, found, and not sent again", async (_what, wrong) => {
    losing(wrong);
    const { text, replyId } = await ready(nextId());
    await publish();
    expect(await replyOf(replyId)).toMatchObject({ state: "sending", posted_at: new Date(startMs) });
    await publishAt(1);
    expect((await replyOf(replyId)).state).toBe("sent");
    moderate(text);
    await publishAt(5, 10, 30);
    expect((await replyOf(replyId)).state).toBe("published");
    expect(text.taken).toEqual([ourText]);
  });

  test.each<[string, Trouble]>([
    ["the line is cut", { at: "before", status: "cut" }],
    ["503 comes before it was read", { at: "before", status: 503 }],
  ])("%s: it is sent again when it surely did not arrive", async (_what, wrong) => {
    losing(wrong);
    const { text, replyId } = await ready(nextId());
    await publishAt(0, 1);
    expect(sends(text.id)).toHaveLength(1);
    await publishAt(3);
    expect(sends(text.id)).toHaveLength(2);
    expect(text.taken).toEqual([ourText]);
    expect((await replyOf(replyId)).state).toBe("sent");
  });

  test("it is `unknown` when the source never tells, and no more once a run sees it", async () => {
    const { text, replyId, caseId } = await ready(nextId());
    trouble = ({ method }) => (method === "GET" ? null : { at: "after", status: "cut" });
    await publish();
    trouble = ({ path }) => (path.endsWith("/feedback") ? { at: "before", status: 500 } : null);
    await publishAt(1, 3, 10, 30, 60, 120, 240, 480);
    expect((await replyOf(replyId)).state).toBe("unknown");
    expect((await replyOf(replyId)).reason).toContain("Не удалось выяснить");
    expect(sends(text.id)).toHaveLength(1);
    expect((await historyOf(caseId)).at(-1)).toBe("reply-unknown");
    moderate(text);
    await collect();
    expect((await replyOf(replyId)).state).toBe("published");
    expect((await caseOf(caseId)).outcome).toBe("answered");
  });

  test("people get it back when it was sent often and never arrived", async () => {
    trouble = ({ method }) => (method === "GET" ? null : { at: "before", status: 502 });
    const { text, replyId, caseId } = await ready(nextId());
    for (let minute = 0; minute < 600; minute += 2) await publishAt(minute);
    expect(sends(text.id)).toHaveLength(7);
    expect(await replyOf(replyId)).toMatchObject({ state: "refused" });
    expect((await caseOf(caseId)).status).toBe("open");
  });

  test("429 is obeyed to the second, by all who share the token", async () => {
    let left = 1;
    trouble = ({ method }) =>
      method !== "GET" && left-- > 0
        ? { at: "before", status: 429, headers: { "x-ratelimit-retry": "120" } }
        : null;
    const first = await ready(nextId());
    await publish();
    expect(await replyOf(first.replyId)).toMatchObject({
      state: "approved",
      attempt_count: 0,
      posted_at: null,
    });
    const before = seller.requests.length;
    const second = await ready(nextId());
    const collected = seller.requests.length;
    expect(collected - before).toBe(4);
    await publishAt(1, 1.98);
    expect(seller.requests.length).toBe(collected);
    await publishAt(2.01, 2.1);
    expect(first.text.taken).toEqual([ourText]);
    expect(second.text.taken).toEqual([ourText]);
  });

  test("a basic token's quota is kept: one request in twelve minutes", async () => {
    sourceId = await makeSource({ token: "basic" });
    const ids = [nextId(), nextId(), nextId()];
    for (const id of ids) seller.add(id);
    await collect();
    for (const id of ids) await approve(id);
    for (let minute = 0; minute <= 36; minute++) await publishAt(minute);
    expect(seller.requests.filter(({ path }) => !path.endsWith("s"))).toHaveLength(4);
  });
});

describe("a worker that died", () => {
  const taken = (changes: object, replyId: string) =>
    world.db.updateTable("reply").set(changes).where("id", "=", replyId).execute();

  test("before its request left, loses nothing", async () => {
    const { text, replyId } = await ready(nextId());
    const lease = new Date(nowMs + minuteMs);
    await taken({ state: "sending", lease, next_attempt_at: lease }, replyId);
    await publishAt(0.5);
    expect(sends(text.id)).toEqual([]);
    await publishAt(1);
    expect(text.taken).toEqual([ourText]);
  });

  test("after its request left, is followed by a look before anything is sent", async () => {
    const { text, replyId } = await ready(nextId());
    const lease = new Date(nowMs + minuteMs);
    const posted = {
      state: "sending",
      lease,
      next_attempt_at: lease,
      posted_at: new Date(nowMs),
      attempt_count: 1,
    };
    await taken(posted, replyId);
    text.answer = { text: ourText, state: "wbRu", editable: true };
    await publishAt(1);
    expect(sends(text.id)).toEqual([]);
    expect((await replyOf(replyId)).state).toBe("published");
  });

  test("or only slept beyond its lease, sends nothing by it", async () => {
    const { text, replyId } = await ready(nextId());
    let steals = 1;
    trouble = ({ path }) => {
      if (path.endsWith("/feedback") && steals-- > 0) at(1.5);
      return null;
    };
    await publish();
    expect(steals).toBeLessThan(0);
    expect(text.taken).toEqual([ourText]);
    expect(await replyOf(replyId)).toMatchObject({ state: "sent", attempt_count: 1 });
  });

  test("two at once take no reply twice", async () => {
    const many = [];
    for (let n = 0; n < 6; n++) many.push(seller.add(nextId()));
    await collect();
    for (const { id } of many) await approve(id);
    await Promise.all([publish(), publish(), publish()]);
    for (let minute = 1; minute < 9; minute++) await publishAt(minute);
    expect(many.map(({ taken: answers }) => answers.length)).toEqual(many.map(() => 1));
  });
});

describe("what stood there in public", () => {
  async function published() {
    const one = await ready(nextId());
    await publish();
    moderate(one.text);
    await publishAt(1);
    return one;
  }

  test("and is gone later is removed, and the case comes back", async () => {
    const { text, replyId, caseId } = await published();
    text.answer = null;
    await collect();
    expect(await replyOf(replyId)).toMatchObject({ state: "removed" });
    expect((await caseOf(caseId)).status).toBe("open");
    text.answer = { text: ourText, state: "wbRu", editable: true };
    await collect();
    expect((await replyOf(replyId)).state).toBe("published");
    expect((await caseOf(caseId)).status).toBe("ended");
  });

  test("may be changed once, within sixty days", async () => {
    const { text, replyId, caseId } = await published();
    const edit = async (changed: string) => {
      const now = world.deps.clock();
      const { document_id, account, source_id } = await replyOf(replyId);
      const id = newId();
      await world.db
        .insertInto("reply")
        .values({
          id,
          case_id: caseId,
          document_id,
          account,
          source_id,
          state: "approved",
          text: changed,
          edit_of: replyId,
          next_attempt_at: now,
          created_at: now,
          updated_at: now,
        })
        .execute();
      await publish();
      return id;
    };
    const first = await edit(`${ourText}!`);
    expect(text.answer?.text).toBe(`${ourText}!`);
    moderate(text);
    await publishAt(5);
    expect((await replyOf(first)).state).toBe("published");
    expect((await replyOf(replyId)).edited_at).not.toBeNull();
    expect((await caseOf(caseId)).status).toBe("ended");
    const second = await edit("Ещё раз.");
    expect((await replyOf(second)).reason).toContain("больше не разрешает");
    expect(sends(text.id).map(({ method }) => method)).toEqual(["POST", "PATCH"]);

    const old = await published();
    at(61 * 24 * 60);
    const late = newId();
    const row = await replyOf(old.replyId);
    await world.db
      .insertInto("reply")
      .values({
        ...row,
        id: late,
        edit_of: old.replyId,
        state: "approved",
        text: "Поздно.",
        next_attempt_at: world.deps.clock(),
      })
      .execute();
    await publish();
    expect((await replyOf(late)).reason).toContain("истёк");
    expect((await replyOf(old.replyId)).state).toBe("published");
  });
});

test("an answer that a person posts by hand is published when a run sees it", async () => {
  const id = nextId();
  const text = seller.add(id);
  await collect();
  const { replyId, caseId } = await approve(id, { assisted: true });
  await publish();
  expect(sends(id)).toEqual([]);
  expect((await caseOf(caseId)).status).toBe("awaiting-publication");
  text.answer = { text: ourText, state: "wbRu", editable: true };
  await collect();
  expect((await replyOf(replyId)).state).toBe("published");
  expect((await caseOf(caseId)).outcome).toBe("answered");
});
