import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { assignOpen } from "#pipeline/desk/auto-assign.ts";
import { wakeSnoozed } from "#pipeline/desk/pause.ts";
import { endWriting } from "#pipeline/desk/writing.ts";
import { type Api, openApi } from "./app.ts";
import { angry, pushRows, row } from "./desk.ts";
import { type Desk, openDesk } from "./steps.ts";

let api: Api;
let desk: Desk;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  api.world.setNow("2026-11-20T12:00:00Z");
  desk = await openDesk(api);
});

const now = () => api.deps.clock();
const makePerson = async (fields: object = {}) => {
  const { status, body } = await api.call("POST", "/v1/people", { body: { name: "Вера", ...fields } });
  expect([status, body.detail]).toEqual([201, undefined]);
  const id = body.id as string;
  return { id, key: await api.makeKey("manager", { personId: id }) };
};
const makeDepartment = async () =>
  (await api.call("POST", "/v1/departments", { body: { name: `Отдел ${Math.random()}` } })).body.id as string;
const told = async (caseId: string) =>
  api.world.db
    .selectFrom("change")
    .select(["event", "person_ids"])
    .where("subject_id", "=", caseId)
    .orderBy("seq")
    .execute();
const long = `${angry} Заходили втроём после работы, ждали сорок минут, заказ перепутали дважды, извиняться никто не стал, чек не пробили.`;

describe("a case that is given to somebody", () => {
  it("comes to them first, to nobody else by claiming next, and the stream names them", async () => {
    const [first, second] = [await desk.open("a"), await desk.open("b")];
    const assigned = await desk.step(second, "assign", { personId: api.personId }, api.keys.approver);
    expect(assigned.body).toMatchObject({ assignee: api.personId, status: "open", claim: null, version: 2 });
    expect(await desk.claimNext({}, api.keys.approver)).toEqual([first]);
    expect(await desk.list(`assignee=${api.personId}`)).toEqual([second]);
    expect(await desk.list("unassigned=true")).toEqual([first]);
    expect(await desk.claimNext({ limit: 1 })).toEqual([second]);
    expect((await told(second)).at(1)).toEqual({ event: "case.assigned", person_ids: [api.personId] });
  });

  it("goes on being held by its holder, and can be given to nobody who is away, gone or of another brand", async () => {
    const caseId = await desk.open("a");
    await desk.step(caseId, "claim");
    const held = await desk.step(caseId, "assign", { personId: api.approverId }, api.keys.approver);
    expect(held.body).toMatchObject({ assignee: api.approverId, claim: { by: api.personId } });
    const absences = [{ from: "2026-11-20T00:00:00+03:00", to: "2026-11-27T00:00:00+03:00" }];
    const away = await makePerson({ absences });
    const refused = await desk.step(caseId, "assign", { personId: away.id });
    expect([refused.status, refused.body.detail]).toEqual([
      422,
      expect.stringContaining("2026-11-26T21:00:00.000Z"),
    ]);
    const foreign = await makePerson({ brandIds: [api.foreignBrandId] });
    expect((await desk.step(caseId, "assign", { personId: foreign.id })).status).toBe(422);
    await api.call("DELETE", `/v1/people/${foreign.id}`);
    expect((await desk.step(caseId, "assign", { personId: foreign.id })).status).toBe(422);
    expect((await desk.step(caseId, "assign", { personId: null, departmentId: foreign.id })).status).toBe(
      422,
    );
  });
});

describe("claiming next", () => {
  it("asks for what the person can answer, unless any skill is wished for", async () => {
    const russian = await desk.open("ru");
    const english = await desk.open("en", {
      text: "Волна is a terrible coffee shop, rude staff, they cheated us and never gave the money back!",
    });
    expect((await desk.read(english)).mention.language).toBe("en");
    const reader = await makePerson({ languages: ["en"] });
    const elsewhere = await makePerson({ sourceKinds: ["phpbb-forum"] });
    const stranger = await makePerson({ brandIds: [api.brandId] });
    expect(await desk.claimNext({}, elsewhere.key)).toEqual([]);
    expect(await desk.claimNext({}, reader.key)).toEqual([english]);
    const theirs = await api.call("POST", "/v1/queue/claim", { key: stranger.key, body: { limit: 100 } });
    expect(theirs.body.items).toEqual([]);
    expect(await desk.claimNext({ anySkill: true }, reader.key)).toEqual([russian]);
  });

  it("takes from everybody's queue and the person's own department, or from the one it names", async () => {
    const departmentId = await makeDepartment();
    const lawyer = await makePerson({ departmentId });
    const [common, theirs] = [await desk.open("a"), await desk.open("b")];
    await desk.step(theirs, "assign", { personId: null, departmentId });
    expect(await desk.list(`department=${departmentId}`)).toEqual([theirs]);
    expect(await desk.claimNext({ departmentId }, lawyer.key)).toEqual([theirs]);
    await desk.step(theirs, "release", undefined, lawyer.key);
    expect(await desk.claimNext()).toEqual([common]);
    await desk.step(common, "release");
    expect((await desk.claimNext({}, lawyer.key)).toSorted()).toEqual([common, theirs].toSorted());
    await api.call("DELETE", `/v1/departments/${departmentId}`);
    expect(await desk.read(theirs)).toMatchObject({ departmentId: null });
  });

  it("gives a lead the right to take a case from its holder", async () => {
    const caseId = await desk.open("a");
    await desk.step(caseId, "claim", { leaseSeconds: 28_800 });
    const agent = await makePerson();
    const lead = await makePerson({ role: "lead" });
    expect((await desk.step(caseId, "release", undefined, agent.key)).status).toBe(409);
    expect((await desk.step(caseId, "release", undefined, lead.key)).body).toMatchObject({ status: "open" });
  });
});

describe("a case that is put aside", () => {
  it("by snoozing comes back at its time, to whoever held it", async () => {
    const caseId = await desk.open("a");
    await desk.step(caseId, "claim");
    const past = await desk.step(caseId, "snooze", { until: "2026-11-20T11:59:59Z" });
    expect(past.status).toBe(422);
    const snoozed = await desk.step(caseId, "snooze", { until: "2026-11-20T14:00:00+01:00" });
    expect(snoozed.body).toMatchObject({
      status: "snoozed",
      snoozedUntil: "2026-11-20T13:00:00.000Z",
      assignee: api.personId,
      claim: null,
    });
    expect(await desk.claimNext()).toEqual([]);
    expect(await wakeSnoozed(api.world.db, new Date("2026-11-20T12:59:59Z"))).toBe(0);
    expect(await wakeSnoozed(api.world.db, new Date("2026-11-20T13:00:00Z"))).toBe(1);
    expect(await desk.read(caseId)).toMatchObject({
      status: "open",
      snoozedUntil: null,
      assignee: api.personId,
    });
    expect((await told(caseId)).at(-1)).toEqual({ event: "case.woken", person_ids: [api.personId] });
    expect((await desk.step(caseId, "wake")).status).toBe(409);
  });

  it("by waiting for the author loses no time, and comes back when he edits his text", async () => {
    const caseId = await desk.open("a");
    const { dueAt } = await desk.read(caseId);
    expect((await desk.step(caseId, "wait")).body.status).toBe("awaiting-author");
    api.world.setNow("2026-11-20T14:00:00Z");
    await pushRows(api, [row(desk.sourceId, { externalId: "a", text: `${angry} Жду ответа до вечера!` })]);
    const after = await desk.read(caseId);
    expect([after.status, after.history.at(-1)]).toMatchObject([
      "open",
      { kind: "woken", data: { by: "author" } },
    ]);
    expect(Date.parse(after.dueAt) - Date.parse(dueAt)).toBe(2 * 3_600_000);
  });

  it("by waiting comes back for his word in the thread, and for nobody else's", async () => {
    const post = (externalId: string, authorId: string, text: string) =>
      row(desk.sourceId, {
        externalId,
        kind: "post",
        threadId: "t-1",
        rating: null,
        text,
        author: { id: authorId, name: authorId },
        url: `https://forum.example/${externalId}`,
      });
    const { body } = await pushRows(api, [post("p-1", "anna", angry)]);
    const { caseId } = (await api.call("GET", `/v1/mentions/${body.results[0].mentionIds[0]}`)).body;
    await desk.step(caseId, "wait");
    await pushRows(api, [post("p-2", "boris", "И я так думаю про эту кофейню")]);
    expect((await desk.read(caseId)).status).toBe("awaiting-author");
    await pushRows(api, [post("p-3", "anna", "Номер заказа 17, чек прилагаю")]);
    expect((await desk.read(caseId)).status).toBe("open");
  });
});

describe("words on a case", () => {
  it("call people, who find it by them; the text stays out of history and stream", async () => {
    const [caseId, other] = [await desk.open("a"), await desk.open("b")];
    await desk.step(other, "note", { text: "Никого не зову" });
    const noted = await desk.step(caseId, "note", {
      text: "Посмотри, пожалуйста",
      personIds: [api.approverId, api.approverId],
    });
    expect(noted.body.version).toBe(2);
    expect(await desk.list("mentionedMe=true", api.keys.approver)).toEqual([caseId]);
    expect(await desk.list("mentionedMe=true")).toEqual([]);
    expect(await desk.list("mentionedMe=true", await api.makeKey("analyst"))).toEqual([]);
    expect((await told(caseId)).at(-1)).toEqual({ event: "case.mentioned", person_ids: [api.approverId] });
    const { notes, history } = await desk.read(caseId);
    expect(notes).toMatchObject([{ text: "Посмотри, пожалуйста", mentioned: [api.approverId] }]);
    expect(JSON.stringify(history)).not.toContain("Посмотри");
    expect((await desk.step(caseId, "note", { text: "x", personIds: [caseId] })).status).toBe(422);
  });

  it("are tags and root causes, each a whole list, that the queue is filtered by", async () => {
    const [caseId] = [await desk.open("a"), await desk.open("b")];
    const tagged = await desk.step(caseId, "tag", { tags: ["доставка", "доставка"], rootCauses: ["курьер"] });
    expect(tagged.body).toMatchObject({ tags: ["доставка"], rootCauses: ["курьер"] });
    expect(await desk.list(`tag=${encodeURIComponent("доставка")}`)).toEqual([caseId]);
    expect(await desk.list(`rootCause=${encodeURIComponent("курьер")}`)).toEqual([caseId]);
    expect(await desk.list("rootCause=x")).toEqual([]);
    const cleared = await desk.step(caseId, "tag", { tags: [] });
    expect(cleared.body).toMatchObject({ tags: [], rootCauses: ["курьер"] });
    expect((await desk.step(caseId, "tag", {})).status).toBe(422);
  });
});

describe("escalation", () => {
  it("takes the case from its holder into the queue of those who decide, and tells them", async () => {
    const departmentId = await makeDepartment();
    const lead = await makePerson({ role: "lead", departmentId });
    await makePerson({ departmentId });
    const caseId = await desk.open("a");
    await desk.step(caseId, "claim");
    const { status, body } = await desk.step(caseId, "escalate", { departmentId, reason: "Грозит судом" });
    expect([status, body.detail]).toEqual([200, undefined]);
    expect(body).toMatchObject({
      status: "open",
      claim: null,
      assignee: null,
      departmentId,
      escalatedAt: "2026-11-20T12:00:00.000Z",
    });
    expect((await told(caseId)).at(-1)).toEqual({ event: "case.escalated", person_ids: [lead.id] });
    expect(await desk.list("escalated=true")).toEqual([caseId]);
    expect(await desk.list("mentionedMe=true", lead.key)).toEqual([caseId]);
    expect((await desk.read(caseId)).notes).toMatchObject([{ text: "Грозит судом" }]);
    expect((await desk.step(caseId, "escalate", { reason: "x" })).status).toBe(422);
    const toPerson = await desk.step(caseId, "escalate", { personId: lead.id, reason: "x" });
    expect(toPerson.body.assignee).toBe(lead.id);
  });
});

describe("a merge", () => {
  it("moves the texts, ends the case as answered elsewhere, and later re-posts follow", async () => {
    const into = await desk.open("a");
    const merged = await desk.open("b", { text: long, publishedAt: "2026-11-20T10:00:00Z" });
    const { body } = await desk.step(merged, "merge", { intoId: into });
    expect(body).toMatchObject({
      status: "ended",
      outcome: "answered-elsewhere",
      mergedInto: into,
      version: 2,
    });
    expect(await desk.read(into)).toMatchObject({
      status: "open",
      version: 2,
      mentions: [{ id: expect.any(String) }, { id: expect.any(String) }],
    });
    expect((await desk.read(merged)).mentions).toEqual([]);
    const again = await desk.step(merged, "reopen");
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining(into)]);
    const copy = await api.world.makeSource([desk.brandId]);
    const pushed = await pushRows(api, [row(copy, { externalId: "c", text: long, author: { id: "u-9" } })]);
    const mention = await api.call("GET", `/v1/mentions/${pushed.body.results[0].mentionIds[0]}`);
    expect(mention.body.caseId).toBe(into);
    await desk.step(into, "resolve", { outcome: "answered", answerUrl: "https://reviews.example/1#a" });
    const answered = (await desk.read(into)).mentions.map((place: { answered: boolean }) => place.answered);
    expect(answered).toEqual([true, true, true]);
  });

  it("never wins time: the case takes over the clock that is due first", async () => {
    const merged = await desk.open("a");
    const { dueAt } = await desk.read(merged);
    api.world.setNow("2026-11-20T18:00:00Z");
    const into = await desk.open("b");
    expect((await desk.read(into)).dueAt > dueAt).toBe(true);
    await desk.step(merged, "merge", { intoId: into });
    expect((await desk.read(into)).dueAt).toBe(dueAt);
  });

  it("needs a living case of the same brand that is another one", async () => {
    const caseId = await desk.open("a");
    const ended = await desk.open("b");
    await desk.step(ended, "resolve", { outcome: "spam" });
    const other = await (await openDesk(api)).open("c");
    expect((await desk.step(caseId, "merge", { intoId: caseId })).status).toBe(422);
    expect((await desk.step(caseId, "merge", { intoId: other })).status).toBe(422);
    expect((await desk.step(caseId, "merge", { intoId: ended })).status).toBe(409);
    expect(await desk.read(caseId)).toMatchObject({ status: "open", version: 1 });
  });
});

describe("steps in bulk", () => {
  const bulk = (cases: object[], step: string, body?: object) =>
    api.call("POST", "/v1/queue/bulk", {
      key: api.keys.manager,
      body: { cases, step, ...(body ? { body } : {}) },
    });

  it("answer for each case as the single step would, and undo none that went", async () => {
    const [free, stale, held] = [await desk.open("a"), await desk.open("b"), await desk.open("c")];
    await desk.step(held, "claim", undefined, api.keys.approver);
    const foreign = "00000000-0000-7000-8000-000000000000";
    const { status, body } = await bulk(
      [
        { id: free, version: 1 },
        { id: stale, version: 9 },
        { id: held, version: 2 },
        { id: foreign, version: 1 },
      ],
      "resolve",
      { outcome: "no-reply-needed" },
    );
    expect(status).toBe(200);
    expect(body.items).toMatchObject([
      { id: free, status: 200, case: { status: "ended", version: 2 }, problem: null },
      { id: stale, status: 412, case: null, problem: { current: { id: stale, version: 1 } } },
      { id: held, status: 409, problem: { current: { claim: { by: api.approverId } } } },
      { id: foreign, status: 404, problem: { type: "urn:molva:problem:not-found" } },
    ]);
    expect((await desk.read(free)).status).toBe("ended");
  });

  it("are refused as a whole when the step is unknown, its body is wrong or a case stands twice", async () => {
    const caseId = await desk.open("a");
    const one = { id: caseId, version: 1 };
    expect((await bulk([one], "eat")).status).toBe(422);
    const wrong = await bulk([one], "resolve", { outcome: "gone" });
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([422, "body.outcome"]);
    expect((await bulk([one, one], "release")).status).toBe(422);
    expect((await bulk([], "release")).status).toBe(422);
    expect((await bulk([one], "reopen")).body.items[0].status).toBe(409);
  });

  it("of two people at once each find every case, and each case goes one of the ways", async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => desk.open(`m-${n}`)));
    const cases = ids.map(id => ({ id, version: 1 }));
    const answers = await Promise.all([
      bulk(cases, "assign", { personId: api.personId }),
      bulk(cases.toReversed(), "tag", { tags: ["x"] }),
    ]);
    const went = answers.map(({ body }) =>
      body.items.filter((item: { status: number }) => item.status === 200),
    );
    expect(went[0].length + went[1].length).toBe(20);
  });
});

describe("who is writing", () => {
  it("stands in the case until it ends, and the stream tells of changes alone", async () => {
    const caseId = await desk.open("a");
    const write = (seconds: number, key = api.keys.manager) =>
      api.call("POST", `/v1/queue/${caseId}/writing`, { key, body: { seconds } });
    expect((await write(30)).status).toBe(204);
    expect((await write(60)).status).toBe(204);
    await write(10, api.keys.approver);
    const seen = await desk.read(caseId);
    expect(seen.writing.map((one: { personId: string }) => one.personId).toSorted()).toEqual(
      [api.personId, api.approverId].toSorted(),
    );
    expect(seen.version).toBe(1);
    api.world.setNow("2026-11-20T12:00:11Z");
    expect((await desk.read(caseId)).writing).toEqual([
      { personId: api.personId, until: "2026-11-20T12:01:00.000Z" },
    ]);
    expect(await endWriting(api.world.db, now())).toBe(1);
    await write(0);
    await write(0);
    const writing = (await told(caseId)).filter(({ event }) => event === "case.writing");
    expect(writing.map(({ person_ids }) => person_ids?.length)).toEqual([1, 2, 1, 0]);
    expect((await write(30, api.foreign.manager)).status).toBe(404);
    expect((await write(30, await api.makeKey("manager"))).status).toBe(403);
    expect((await write(301)).status).toBe(422);
  });
});

describe("automatic assignment", () => {
  const turnOn = () =>
    api.call("PATCH", `/v1/brands/${desk.brandId}`, { body: { desk: { autoAssign: true } } });
  const assignees = async (ids: readonly string[]) =>
    Promise.all(ids.map(async id => (await desk.read(id)).assignee));

  it("gives to who is present and has room, the least loaded first, and fills nobody beyond capacity", async () => {
    const brandIds = [desk.brandId];
    const [small, large] = [
      await makePerson({ brandIds, capacity: 2 }),
      await makePerson({ brandIds, capacity: 4 }),
    ];
    await makePerson({ brandIds, absences: [{ from: "2026-11-01T00:00:00Z", to: "2026-12-01T00:00:00Z" }] });
    // People without limits to their skills are the tests' others; they are full.
    await api.world.db.updateTable("person").set({ capacity: 0 }).where("brand_ids", "is", null).execute();
    const ids = await Promise.all(Array.from({ length: 8 }, (_, n) => desk.open(`c-${n}`)));
    expect(await assignOpen(api.world.db, now())).toBe(0);
    await turnOn();
    const given = await Promise.all([assignOpen(api.world.db, now()), assignOpen(api.world.db, now())]);
    expect(given[0] + given[1]).toBe(6);
    const counts = Map.groupBy(await assignees(ids), id => id);
    expect([counts.get(small.id)?.length, counts.get(large.id)?.length, counts.get(null)?.length]).toEqual([
      2, 4, 2,
    ]);
    const [left] = await desk.list("unassigned=true");
    const done = await desk.list(`assignee=${small.id}`);
    await desk.step(done[0] as string, "resolve", { outcome: "spam" });
    expect(await assignOpen(api.world.db, now())).toBe(0);
    expect(await assignOpen(api.world.db, new Date(now().getTime() + 60_000))).toBe(1);
    expect((await desk.read(left as string)).assignee).toBe(small.id);
  });

  it("leaves alone what a person gave to nobody, until they give it to somebody", async () => {
    const brandIds = [desk.brandId];
    await api.world.db.updateTable("person").set({ capacity: 0 }).where("brand_ids", "is", null).execute();
    const { id: personId } = await makePerson({ brandIds, capacity: 5 });
    await turnOn();
    const caseId = await desk.open("a");
    expect(await assignOpen(api.world.db, now())).toBe(1);
    await desk.step(caseId, "assign", { personId: null });
    await assignOpen(api.world.db, new Date("2027-11-20T12:00:00Z"));
    expect(await assignees([caseId])).toEqual([null]);
    await desk.step(caseId, "assign", { personId });
    expect(await assignees([caseId])).toEqual([personId]);
  });

  it("goes by language, source kind and department, and takes back what the absent were given", async () => {
    const brandIds = [desk.brandId];
    const departmentId = await makeDepartment();
    await api.world.db.updateTable("person").set({ capacity: 0 }).where("brand_ids", "is", null).execute();
    const english = await makePerson({ brandIds, languages: ["en"] });
    const lawyer = await makePerson({ brandIds, languages: ["ru"], departmentId });
    await makePerson({ brandIds, sourceKinds: ["phpbb-forum"] });
    const plain = await desk.open("a");
    const legal = await desk.open("b");
    await desk.step(legal, "assign", { personId: null, departmentId });
    await turnOn();
    await assignOpen(api.world.db, now());
    expect(await assignees([plain, legal])).toEqual([lawyer.id, lawyer.id]);
    await desk.step(plain, "claim", undefined, lawyer.key);
    const absences = [{ from: "2026-11-20T12:30:00Z", to: "2026-11-21T00:00:00Z" }];
    await api.call("PATCH", `/v1/people/${lawyer.id}`, { body: { absences } });
    await api.call("PATCH", `/v1/people/${english.id}`, { body: { languages: ["en", "ru"], departmentId } });
    await assignOpen(api.world.db, now());
    expect(await assignees([legal])).toEqual([lawyer.id]);
    await assignOpen(api.world.db, new Date("2026-11-20T12:30:00Z"));
    // What somebody holds stays theirs until the lease ends.
    expect(await assignees([legal, plain])).toEqual([english.id, lawyer.id]);
  });
});

describe("a person who leaves", () => {
  it("gives back what they held, loses every key, and stays in the history", async () => {
    const { id, key } = await makePerson();
    const second = await api.makeKey("manager", { personId: id });
    const [held, given] = [await desk.open("a"), await desk.open("b")];
    await desk.step(held, "claim", undefined, key);
    await desk.step(given, "assign", { personId: id });
    expect((await api.call("DELETE", `/v1/people/${id}`)).status).toBe(204);
    expect(await desk.read(held)).toMatchObject({ status: "open", claim: null });
    expect(await desk.read(given)).toMatchObject({ assignee: null });
    for (const one of [key, second])
      expect((await api.call("GET", "/v1/queue", { key: one })).status).toBe(401);
    expect((await api.call("GET", `/v1/people/${id}`)).body.archivedAt).toBe("2026-11-20T12:00:00.000Z");
    expect((await desk.read(held)).history.some((event: { personId: string }) => event.personId === id)).toBe(
      true,
    );
    const listed = (await api.call("GET", "/v1/people?limit=500")).body.items;
    expect(listed.some((person: { id: string }) => person.id === id)).toBe(false);
    expect(
      (await api.call("POST", "/v1/keys", { body: { name: "x", role: "manager", personId: id } })).status,
    ).toBe(422);
    expect((await api.call("PATCH", `/v1/people/${id}`, { body: { capacity: 1 } })).status).toBe(404);
    expect((await api.call("DELETE", `/v1/people/${api.approverId}`)).status).toBe(409);
  });
});
