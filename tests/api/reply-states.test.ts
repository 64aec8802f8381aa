import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { replySteps } from "#pipeline/desk/reply-machine.ts";
import { replyStates } from "#store/tables.ts";
import { type Api, openApi } from "./app.ts";
import { type Desk, openDesk, sorry } from "./replies-desk.ts";

let api: Api;
let desk: Desk;
let count = 0;

beforeAll(async () => {
  api = await openApi();
  desk = await openDesk(api);
  await desk.settings({ answers: { duplicates: false } });
});
afterAll(() => api.close());

/** What each step makes of each state: the state after it and the case's, or null where it is a conflict. Written by hand from the rules. */
const table: Record<string, Partial<Record<string, [string, string]>>> = {
  draft: {
    none: ["draft", "open"],
    draft: ["draft", "open"],
    // In public already: a change of it begins beside it.
    published: ["draft", "open"],
    // Over: a new one begins.
    rejected: ["draft", "open"],
    refused: ["draft", "open"],
    removed: ["draft", "open"],
  },
  submit: {
    none: ["submitted", "awaiting-approval"],
    draft: ["submitted", "awaiting-approval"],
    published: ["submitted", "awaiting-approval"],
    rejected: ["submitted", "awaiting-approval"],
    refused: ["submitted", "awaiting-approval"],
    removed: ["submitted", "awaiting-approval"],
  },
  reply: {
    none: ["approved", "awaiting-publication"],
    draft: ["approved", "awaiting-publication"],
    published: ["approved", "awaiting-publication"],
    rejected: ["approved", "awaiting-publication"],
    refused: ["approved", "awaiting-publication"],
    removed: ["approved", "awaiting-publication"],
  },
  approve: { submitted: ["approved", "awaiting-publication"] },
  reject: { submitted: ["rejected", "open"] },
  withdraw: {
    draft: ["removed", "open"],
    submitted: ["draft", "open"],
    approved: ["draft", "open"],
  },
  missing: { unknown: ["draft", "open"] },
};

const bodies: Record<string, object> = {
  draft: { text: sorry },
  submit: { text: sorry },
  reply: { text: sorry },
  approve: {},
  reject: { reason: "Слишком сухо" },
  withdraw: {},
  missing: {},
};

it("covers every step that people take", () => {
  expect(Object.keys(table).toSorted()).toEqual(replySteps.toSorted());
});

describe.each(Object.keys(table))("the step %s", step => {
  it.each(["none", ...replyStates])("from %s leads where the rules say, or changes nothing", async state => {
    const caseId = await desk.open(`s-${count++}`);
    if (state !== "none") {
      await desk.step(caseId, "draft", { text: `${sorry} Раньше.` }, { version: 1 });
      await desk.force(caseId, state as never);
    }
    const before = (await desk.get(`/v1/queue/${caseId}`)).body;
    const key = step === "approve" || step === "reject" ? api.keys.approver : api.keys.manager;
    const answer = await desk.step(caseId, step, bodies[step], { key, version: before.version });
    const after = (await desk.get(`/v1/queue/${caseId}`)).body;
    const expected = table[step]?.[state];
    if (expected === undefined) {
      expect([answer.status, answer.body.current?.version]).toEqual([409, before.version]);
      expect([after.version, after.replies]).toEqual([before.version, before.replies]);
      return;
    }
    expect([answer.status, answer.body.reply?.state, answer.body.status]).toEqual([200, ...expected]);
    expect([after.version, after.status]).toEqual([before.version + 1, expected[1]]);
    const isNew = ["none", "published", "rejected", "refused", "removed"].includes(state);
    expect(after.replies).toHaveLength(before.replies.length + (isNew ? 1 : 0));
    expect(after.history.at(-1).data.replyId).toBe(answer.body.reply.id);
  });
});

describe("a reply", () => {
  it("needs the version that the caller saw, and a living case", async () => {
    const caseId = await desk.open("v-1");
    const path = `/v1/queue/${caseId}/draft`;
    const { manager: key } = api.keys;
    expect((await api.call("POST", path, { key, body: { text: sorry } })).status).toBe(428);
    expect((await desk.step(caseId, "draft", { text: sorry }, { version: 7 })).status).toBe(412);
    await desk.step(caseId, "resolve", { outcome: "no-reply-needed" });
    expect((await desk.step(caseId, "draft", { text: sorry })).status).toBe(409);
    expect((await desk.step(caseId, "draft", { text: sorry }, { key: api.foreign.manager })).status).toBe(
      404,
    );
  });

  it("is not written in a case that somebody else holds, and keeps the holder's claim while it is a draft", async () => {
    const caseId = await desk.open("v-2");
    await desk.step(caseId, "claim", { leaseSeconds: 600 }, { key: api.keys.approver });
    const refused = await desk.step(caseId, "draft", { text: sorry });
    expect([refused.status, refused.body.current.claim.by]).toEqual([409, api.approverId]);
    const written = await desk.step(caseId, "draft", { text: sorry }, { key: api.keys.approver });
    expect([written.body.status, written.body.claim.by]).toEqual(["claimed", api.approverId]);
    const sent = await desk.step(caseId, "reply", undefined, { key: api.keys.approver });
    expect([sent.body.status, sent.body.claim]).toEqual(["awaiting-publication", null]);
  });

  it("that is let go of with its case is sent no more", async () => {
    for (const state of ["draft", "submitted", "approved"] as const) {
      const caseId = await desk.open(`e-${state}`);
      await desk.sell(caseId);
      await desk.step(caseId, "draft", { text: sorry });
      await desk.force(caseId, state);
      await desk.step(caseId, "resolve", { outcome: "spam" });
      const [reply] = (await desk.get(`/v1/queue/${caseId}/replies`)).body.items;
      expect([reply.state, reply.nextAttemptAt]).toEqual(["removed", null]);
    }
  });
});
