import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { addPerson } from "#pipeline/people.ts";
import { inTransaction } from "#store/db.ts";
import { type Api, openApi } from "./app.ts";
import { angry, openCase, pushRows, row } from "./desk.ts";
import { type Desk, openDesk, sorry } from "./replies-desk.ts";

let api: Api;
let desk: Desk;
/** Another approver, who writes nothing here. */
let second: string;

beforeAll(async () => {
  api = await openApi();
  const vera = await inTransaction(api.world.db, tx => addPerson(tx, "Вера", api.deps.clock()));
  second = await api.makeKey("approver", { personId: vera.id });
});
afterAll(() => api.close());
beforeEach(async () => {
  api.world.setNow("2026-11-20T12:00:00Z");
  desk = await openDesk(api);
});

const states = (body: { items: { state: string }[] }) => body.items.map(reply => reply.state);

describe("four eyes", () => {
  it("are asked for by the brand's rule, and the author's are not another's", async () => {
    await desk.settings({ approval: [{ priorityFrom: 0 }] });
    const caseId = await desk.open("a-1");
    const sent = await desk.step(caseId, "reply", { text: sorry }, { key: api.keys.approver });
    expect([sent.body.reply.state, sent.body.status]).toEqual(["submitted", "awaiting-approval"]);
    const own = await desk.step(caseId, "approve", {}, { key: api.keys.approver });
    expect([own.status, own.body.detail]).toEqual([403, expect.stringContaining("another person")]);
    expect((await desk.step(caseId, "approve", {})).status).toBe(403);
    const service = await api.makeKey("approver");
    expect((await desk.step(caseId, "approve", {}, { key: service })).status).toBe(403);
    const approved = await desk.step(caseId, "approve", {}, { key: second });
    expect(approved.body.reply).toMatchObject({ state: "approved", submittedBy: api.approverId });
    expect(approved.body.reply.decidedBy).not.toBe(api.approverId);
  });

  it("are not those of whoever wrote an earlier draft of it", async () => {
    const caseId = await desk.open("a-2");
    await desk.step(caseId, "draft", { text: "Черновик Бориса, совсем другой." }, { key: api.keys.approver });
    const submitted = await desk.step(caseId, "submit", { text: sorry });
    expect(submitted.body.reply).toMatchObject({ draftedBy: api.personId, submittedBy: api.personId });
    expect((await desk.step(caseId, "approve", {}, { key: api.keys.approver })).status).toBe(403);
    expect((await desk.step(caseId, "approve", {}, { key: second })).status).toBe(200);
  });

  it("let a template through as it stands, but not with a word changed", async () => {
    await desk.settings({ approval: [{ origins: ["person", "model"] }], answers: { duplicates: false } });
    const template = await api.call("POST", "/v1/templates", {
      body: { name: "Извинение", brandId: desk.brandId, text: "{{author}}, простите нас. Ваша {{brand}}" },
    });
    expect(template.status).toBe(201);
    const templateId = template.body.id;
    const asItStands = await desk.step(await desk.open("a-3"), "reply", { templateId });
    expect(asItStands.body.reply).toMatchObject({ state: "approved", origin: "template" });
    expect(asItStands.body.reply.text).toMatch(/^Анна, простите нас\. Ваша Brand /);
    const changed = await desk.step(await desk.open("a-4"), "reply", { templateId, text: "Простите нас!" });
    expect(changed.body.reply).toMatchObject({ state: "submitted", origin: "person", templateId });
    const drafted = await desk.open("a-5");
    await desk.step(drafted, "draft", { text: "Черновик.", fromModel: true });
    const edited = await desk.step(drafted, "reply", { text: "Черновик, исправленный." });
    expect(edited.body.reply).toMatchObject({ state: "submitted", origin: "model" });
  });

  it("send the case back to its author with the reason, which the history does not repeat", async () => {
    const caseId = await desk.open("a-6");
    await desk.step(caseId, "submit", { text: sorry });
    const rejected = await desk.step(
      caseId,
      "reject",
      { reason: "Сухо: добавьте, что сделали" },
      { key: second },
    );
    expect(rejected.body).toMatchObject({
      status: "open",
      assignee: api.personId,
      reply: { state: "rejected" },
    });
    const again = await desk.step(caseId, "submit", { text: `${sorry} Смену предупредили.` });
    expect(again.body.reply.state).toBe("submitted");
    const { replies, history } = (await desk.get(`/v1/queue/${caseId}`)).body;
    expect(
      replies.map((reply: { state: string; reason: string | null }) => [reply.state, reply.reason]),
    ).toEqual([
      ["rejected", "Сухо: добавьте, что сделали"],
      ["submitted", null],
    ]);
    const { rows } = await sql<{ all: string }>`
      select (select string_agg(data::text, ' ') from case_event) || (select string_agg(fields::text || coalesce(object_id, ''), ' ') from audit) as all`.execute(
      api.world.db,
    );
    for (const text of ["Сухо", "жаль", "Смену"]) {
      expect(rows[0]?.all).not.toContain(text);
      expect(JSON.stringify(history)).not.toContain(text);
    }
  });

  it("and what waits is taken back by its author, its approver or a lead alone", async () => {
    const caseId = await desk.open("a-7");
    await desk.step(caseId, "submit", { text: sorry }, { key: api.keys.approver });
    expect((await desk.step(caseId, "withdraw", undefined)).status).toBe(403);
    expect((await desk.step(caseId, "withdraw", undefined, { key: api.keys.admin })).body.reply.state).toBe(
      "draft",
    );
  });
});

describe("what may not be sent", () => {
  it("is an emptied text too: a draft may be empty for a while, its writer is told, and nobody gets it", async () => {
    const caseId = await desk.open("c-0");
    await desk.step(caseId, "draft", { text: sorry });
    const emptied = await desk.step(caseId, "draft", { text: " \n " });
    expect([emptied.status, emptied.body.reply.text]).toEqual([200, ""]);
    expect(emptied.body.problems.map((one: { check: string }) => one.check)).toEqual(["empty"]);
    for (const step of ["submit", "reply"]) {
      const { status, body } = await desk.step(caseId, step, undefined);
      expect([status, body.errors]).toEqual([
        422,
        [{ path: "text", message: "The answer is empty; write what you want to say" }],
      ]);
    }
  });

  it("is drafted with its problems, and neither submitted nor approved", async () => {
    await desk.settings({ answers: { forbiddenWords: ["клиент*"], contacts: ["+7 495 123-45-67"] } });
    const caseId = await desk.open("c-1");
    const text = "Клиенты правы, обещаем вернуть! Звоните 8 (495) 123-45-67 или 89160000000.";
    const { body } = await desk.step(caseId, "draft", { text });
    expect(body.problems.map((one: { check: string; found: string }) => [one.check, one.found])).toEqual([
      ["forbidden-word", "Клиенты"],
      ["promise-word", "обещаем"],
      ["personal-data", "89160000000"],
    ]);
    const submitted = await desk.step(caseId, "submit", undefined);
    expect([submitted.status, submitted.body.errors.length]).toEqual([422, 3]);
    expect(submitted.body.errors[0]).toEqual({
      path: "text",
      message: expect.stringContaining("“Клиенты” (characters 1–7)"),
    });
    const waiting = await desk.open("c-2");
    await desk.step(waiting, "submit", { text: sorry });
    await desk.settings({ answers: { forbiddenWords: ["жаль"] } });
    expect((await desk.step(waiting, "approve", {}, { key: second })).status).toBe(422);
    expect(states((await desk.get(`/v1/queue/${waiting}/replies`)).body)).toEqual(["submitted"]);
  });

  it("is too long for the place by its kind's own limits", async () => {
    const caseId = await desk.open("c-3");
    await desk.sell(caseId);
    const long = await desk.step(caseId, "reply", { text: "я".repeat(5_001) });
    expect([long.status, long.body.detail]).toEqual([
      422,
      expect.stringContaining("1 more than Wildberries"),
    ]);
    const fitting = await desk.step(caseId, "reply", { text: "я".repeat(5_000) });
    expect(fitting.body.reply).toMatchObject({ state: "approved", assisted: false });
  });

  it("repeats one of the last ten answers of the brand, those of the same case apart", async () => {
    for (let n = 0; n < 11; n++)
      await desk.step(await desk.open(`d-${n}`), "reply", { text: `Ответ номер ${"и".repeat(n + 1)}.` });
    const again = await desk.step(await desk.open("d-x"), "reply", { text: "ОТВЕТ номер ии!" });
    expect([again.status, again.body.detail]).toEqual([422, expect.stringContaining("the answer 10 before")]);
    const eleventh = await desk.step(await desk.open("d-y"), "reply", { text: "Ответ номер и." });
    expect(eleventh.status).toBe(200);
  });
});

describe("the time to send", () => {
  it("is when the tick finds the reply due, and never for what a person posts", async () => {
    const caseId = await desk.open("t-1");
    await desk.sell(caseId);
    const sendAt = "2026-11-21T06:00:00.000Z";
    const later = await desk.step(caseId, "reply", { text: sorry, sendAt });
    expect(later.body.reply).toMatchObject({ state: "approved", sendAt, nextAttemptAt: sendAt });
    const back = await desk.step(caseId, "withdraw", undefined);
    expect(back.body.reply).toMatchObject({ state: "draft", nextAttemptAt: null, decidedBy: null });
    await desk.step(caseId, "submit", { sendAt });
    api.world.setNow("2026-11-22T00:00:00Z");
    const late = await desk.step(caseId, "approve", {}, { key: second });
    expect(late.body.reply.nextAttemptAt).toBe("2026-11-22T00:00:00.000Z");
    const byHand = await desk.open("t-2");
    expect(
      (await desk.step(byHand, "reply", { text: "Простите!", sendAt: "2026-11-23T06:00:00Z" })).status,
    ).toBe(422);
    const posted = await desk.step(byHand, "reply", { text: "Простите!" });
    expect(posted.body.reply).toMatchObject({ assisted: true, nextAttemptAt: null });
    for (const wrong of ["2026-11-21T06:00:00Z", "2027-11-21T06:00:00Z"])
      expect(
        (await desk.step(await desk.open(`t-${wrong}`), "draft", { text: "Да", sendAt: wrong })).status,
      ).toBe(422);
  });
});

describe("several places and brands", () => {
  const long = `${angry} Заходили втроём после работы, ждали сорок минут, заказ перепутали дважды, извиняться никто не стал, чек не пробили.`;

  it("one reply per place of a case, which waits until each is on its way", async () => {
    const caseId = await desk.open("p-1", { text: long });
    const other = await api.world.makeSource([desk.brandId]);
    const { caseId: same } = await openCase(api, other, "p-1", { text: long, author: { id: "else" } });
    expect(same).toBe(caseId);
    const { mentions } = (await desk.get(`/v1/queue/${caseId}`)).body;
    const [one, two] = mentions.map((place: { documentId: string }) => place.documentId);
    const first = await desk.step(caseId, "reply", { documentId: one, text: sorry });
    expect(first.body).toMatchObject({ status: "open", reply: { state: "approved", documentId: one } });
    expect((await desk.step(caseId, "reply", { documentId: one, text: sorry })).status).toBe(409);
    const last = await desk.step(caseId, "submit", { documentId: two, text: sorry });
    expect(last.body.status).toBe("awaiting-approval");
    const approved = await desk.step(caseId, "approve", {}, { key: second });
    expect(approved.body).toMatchObject({ status: "awaiting-publication", reply: { documentId: two } });
    const unclear = await desk.step(caseId, "withdraw", undefined, { key: api.keys.admin });
    expect([unclear.status, unclear.body.errors[0].path]).toEqual([422, "replyId"]);
    const wrong = await desk.step(await desk.open("p-2"), "draft", { documentId: one, text: sorry });
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([422, "documentId"]);
  });

  it("two own brands in one text share one answer, written in one case and seen in both", async () => {
    const twin = await api.world.makeBrand();
    const shared = await api.world.makeSource([desk.brandId, twin]);
    const { body } = await pushRows(api, [row(shared, { externalId: "twins" })]);
    const [one, two] = await Promise.all(
      body.results[0].mentionIds.map(
        async (id: string) => (await desk.get(`/v1/mentions/${id}`)).body.caseId as string,
      ),
    );
    await desk.step(one, "draft", { text: sorry });
    const other = await desk.step(two, "draft", { text: "Другой ответ" });
    expect([other.status, other.body.detail]).toEqual([409, expect.stringContaining(one)]);
    expect((await desk.get(`/v1/queue/${two}/replies`)).body.items).toMatchObject([
      { caseId: one, state: "draft" },
    ]);
    await desk.step(one, "resolve", { outcome: "not-about-brand" });
    expect((await desk.step(two, "draft", { text: sorry })).status).toBe(200);
    expect(states((await desk.get(`/v1/queue/${two}/replies`)).body)).toEqual(["removed", "draft"]);
  });

  it("is one answer for two brands even when both begin at once", async () => {
    const twin = await api.world.makeBrand();
    const shared = await api.world.makeSource([desk.brandId, twin]);
    for (let round = 0; round < 5; round++) {
      const { body } = await pushRows(api, [row(shared, { externalId: `race-${round}` })]);
      const cases = await Promise.all(
        body.results[0].mentionIds.map(
          async (id: string) => (await desk.get(`/v1/mentions/${id}`)).body.caseId,
        ),
      );
      const answers = await Promise.all(
        cases.map(caseId => desk.step(caseId, "draft", { text: sorry }, { version: 1 })),
      );
      expect(answers.map(answer => answer.status).toSorted()).toEqual([200, 409]);
    }
  });
});

describe("two people at once", () => {
  const both = (
    caseId: string,
    name: string,
    bodies: [object, object],
    keys: [string, string],
    version: number,
  ) => Promise.all([0, 1].map(n => desk.step(caseId, name, bodies[n], { key: keys[n] as string, version })));
  const [manager, approver] = [() => api.keys.manager, () => api.keys.approver];

  it("submit: one text is taken, the other is told to read again", async () => {
    for (let round = 0; round < 5; round++) {
      const caseId = await desk.open(`two-${round}`);
      const texts: [object, object] = [{ text: `${sorry} Анна` }, { text: `${sorry} Борис` }];
      const answers = await both(caseId, "submit", texts, [manager(), approver()], 1);
      expect(answers.map(answer => answer.status).toSorted()).toEqual([200, 412]);
      const won = answers.find(answer => answer.status === 200);
      const { items } = (await desk.get(`/v1/queue/${caseId}/replies`)).body;
      expect(items).toMatchObject([{ state: "submitted", text: won?.body.reply.text }]);
    }
  });

  it("approve and withdraw: one of the two is done, never both", async () => {
    for (let round = 0; round < 5; round++) {
      const caseId = await desk.open(`aw-${round}`);
      await desk.step(caseId, "submit", { text: `${sorry} ${"а".repeat(round + 1)}` });
      const answers = await Promise.all([
        desk.step(caseId, "approve", {}, { key: second, version: 2 }),
        desk.step(caseId, "withdraw", undefined, { version: 2 }),
      ]);
      expect(answers.map(answer => answer.status).toSorted()).toEqual([200, 412]);
      const state = answers[0]?.status === 200 ? "approved" : "draft";
      expect(states((await desk.get(`/v1/queue/${caseId}/replies`)).body)).toEqual([state]);
    }
  });

  it("approve: the reply is released once", async () => {
    const caseId = await desk.open("ap-1");
    await desk.step(caseId, "submit", { text: sorry });
    const answers = await both(caseId, "approve", [{}, {}], [second, approver()], 2);
    expect(answers.map(answer => answer.status).toSorted()).toEqual([200, 412]);
    const { history } = (await desk.get(`/v1/queue/${caseId}`)).body;
    expect(history.filter((event: { kind: string }) => event.kind === "approved")).toHaveLength(1);
  });
});

describe("an answer in public", () => {
  const published = async (externalId: string, sentAt = "2026-11-20T12:00:00Z") => {
    const caseId = await desk.open(externalId);
    await desk.sell(caseId);
    await desk.step(caseId, "reply", { text: sorry });
    await desk.force(caseId, "published");
    await api.world.db
      .updateTable("reply")
      .set({ sent_at: new Date(sentAt) })
      .where("case_id", "=", caseId)
      .execute();
    return caseId;
  };

  it("is changed as often and as long as its source lets it", async () => {
    await desk.settings({ answers: { duplicates: false } });
    const caseId = await published("pub-1");
    const [original] = (await desk.get(`/v1/queue/${caseId}/replies`)).body.items;
    const edit = await desk.step(caseId, "reply", { text: `${sorry} Деньги вернулись?` });
    expect(edit.body.reply).toMatchObject({ state: "approved", editOf: original.id });
    expect((await desk.step(caseId, "draft", { text: "Третий" })).status).toBe(409);
    await desk.force(caseId, "published");
    const used = await desk.step(caseId, "draft", { text: "Ещё раз" });
    expect([used.status, used.body.detail]).toEqual([409, expect.stringContaining("1 time")]);
    const old = await published("pub-2", "2026-09-01T12:00:00Z");
    expect((await desk.step(old, "draft", { text: "Поздно" })).body.detail).toContain("60 days");
  });
});

describe("an erased author", () => {
  it("leaves no text and no reason in the replies, and nothing to be sent", async () => {
    const caseId = await desk.open("er-1", { author: { id: "gone-1", name: "Пётр" } });
    await desk.step(caseId, "submit", { text: "Пётр, простите нас." });
    await desk.step(caseId, "reject", { reason: "Пётр обидится" }, { key: second });
    await desk.step(caseId, "reply", { text: "Пётр, нам жаль." });
    expect((await api.call("DELETE", "/v1/authors/push/gone-1")).status).toBe(200);
    const { text } = await desk.get(`/v1/queue/${caseId}/replies`);
    expect(text).not.toContain("Пётр");
    expect(states(JSON.parse(text))).toEqual(["rejected", "removed"]);
  });
});

describe("replies in bulk", () => {
  const bulk = async (ids: readonly string[], step: string, body: object, key = api.keys.manager) => {
    const cases = await Promise.all(
      ids.map(async id => ({ id, version: (await desk.get(`/v1/queue/${id}`)).body.version })),
    );
    return api.call("POST", "/v1/queue/bulk", { key, body: { cases, step, body } });
  };

  it("are filled for each author from a template, and those that fail the checks say why", async () => {
    const template = await api.call("POST", "/v1/templates", {
      body: { name: "Всем", brandId: desk.brandId, text: "{{author}}, простите нас: мы всё исправим." },
    });
    const author = (name: string) => ({ author: { id: name, name } });
    const anna = await desk.open("m-1", author("Анна"));
    const boris = await desk.open("m-2", author("Борис"));
    const second = await desk.open("m-3", author("Анна"));
    const { status, body } = await bulk([anna, boris, second], "reply", { templateId: template.body.id });
    expect(status).toBe(200);
    const statuses = body.items.map((item: { status: number }) => item.status);
    expect(statuses).toEqual([200, 200, 422]);
    expect(body.items[2].problem.errors).toMatchObject([{ path: "text" }]);
    const texts = await Promise.all(
      [anna, boris].map(async id => (await desk.get(`/v1/queue/${id}/replies`)).body.items[0].text),
    );
    expect(texts).toEqual(["Анна, простите нас: мы всё исправим.", "Борис, простите нас: мы всё исправим."]);
  });

  it("ask of the key what the single step asks", async () => {
    await desk.settings({ answers: { duplicates: false } });
    const ids = [await desk.open("m-4"), await desk.open("m-5")];
    await bulk(ids, "submit", { text: sorry });
    expect((await bulk(ids, "approve", {})).status).toBe(403);
    const approved = await bulk(ids, "approve", {}, second);
    expect(approved.body.items.map((item: { status: number }) => item.status)).toEqual([200, 200]);
  });
});
