import { createDepartment } from "#pipeline/departments.ts";
import { addPerson } from "#pipeline/people.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import type { Api } from "./app.ts";
import { openCase, pushRows, row } from "./desk.ts";
import { makeSearchSource } from "./serp-desk.ts";
import { signedBySlack } from "./slack.ts";

/** One good call of a route, on objects of its own. */
export interface GoodCall {
  url: string;
  /** A string goes out as it is. */
  body?: object | string;
  headers?: Record<string, string>;
}

type Prepare = (api: Api) => Promise<GoodCall> | GoodCall;

let made = 0;
const unique = () => `${++made}`;

const must = async (called: Promise<{ status: number; text: string; body: unknown }>) => {
  const { status, text, body } = await called;
  if (status >= 300) throw new Error(text);
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  return body as any;
};

const makeCase = async (api: Api, brandId = api.brandId) => {
  const sourceId = await api.world.makeSource([brandId]);
  return openCase(api, sourceId, `c-${unique()}`, { author: { id: `u-${made}`, name: "Анна" } });
};

const makePerson = async (api: Api) =>
  (await inTransaction(api.world.db, tx => addPerson(tx, "Вера", api.deps.clock()))).id;

const makeDepartment = async (api: Api) =>
  (await inTransaction(api.world.db, tx => createDepartment(tx, `Отдел ${unique()}`, api.deps.clock()))).id;

const versionOf = async (api: Api, caseId: string): Promise<Record<string, string>> => {
  const { version } = await must(api.call("GET", `/v1/queue/${caseId}`));
  return { "if-match": `"${version}"` };
};

/** A step on a case that stands ready for it: `before` are the steps until there, taken by the manager. */
const step =
  (
    name: string,
    body: (api: Api, brandId: string) => Promise<object | undefined> | object | undefined,
    ...before: [string, object?][]
  ): Prepare =>
  async api => {
    // Of a brand of its own: answers may not repeat the last ones of their brand.
    const brandId = await api.world.makeBrand();
    const { caseId } = await makeCase(api, brandId);
    for (const [earlier, given] of before) {
      const headers = earlier === "claim" ? {} : await versionOf(api, caseId);
      const more = given === undefined ? {} : { body: given };
      await must(
        api.call("POST", `/v1/queue/${caseId}/${earlier}`, { key: api.keys.manager, headers, ...more }),
      );
    }
    const given = await body(api, brandId);
    const headers = await versionOf(api, caseId);
    return { url: `/v1/queue/${caseId}/${name}`, headers, ...(given === undefined ? {} : { body: given }) };
  };

const nothing = () => undefined;
const text = "Анна, здравствуйте! Нам очень жаль, что так вышло: мы поговорили со сменой.";
const until = "2026-11-21T00:00:00Z";

const makeTemplate = async (api: Api) => {
  const body = { name: `Ответ ${unique()}`, text: "Простите.", brandId: api.brandId };
  return (await must(api.call("POST", "/v1/templates", { body }))).id as string;
};

const webhook = () => ({
  kind: "webhook",
  name: `w-${unique()}`,
  settings: { url: "https://hooks.example/x" },
});
const makeChannel = async (api: Api) =>
  (await must(api.call("POST", "/v1/alert-channels", { body: webhook() }))).id as string;

const annotation = (api: Api) => ({
  brandId: api.brandId,
  kind: "release",
  title: `Версия ${unique()}`,
  at: "2026-11-18T09:00:00Z",
});
const makeAnnotation = async (api: Api) =>
  (await must(api.call("POST", "/v1/annotations", { body: annotation(api) }))).id as string;

const rule = (api: Api) => ({
  brandId: api.brandId,
  kind: "negative-mention",
  name: `r-${unique()}`,
  channelIds: [] as string[],
});
const makeRule = async (api: Api, channelIds: string[] = []) =>
  (await must(api.call("POST", "/v1/alert-rules", { body: { ...rule(api), channelIds } }))).id as string;

const silence = (api: Api) => ({
  brandId: api.brandId,
  reason: unique(),
  until: new Date(api.deps.clock().getTime() + 3_600_000).toISOString(),
});
const makeSilence = async (api: Api) =>
  (await must(api.call("POST", "/v1/silences", { body: silence(api) }))).id as string;

const reportSchedule = async (api: Api) => ({
  brandId: api.brandId,
  every: "daily",
  channelIds: [await makeChannel(api)],
});
const makeReportSchedule = async (api: Api) =>
  (await must(api.call("POST", "/v1/report-schedules", { body: await reportSchedule(api) }))).id as string;

const fire = async (api: Api): Promise<string> => {
  const ruleId = await makeRule(api, [await makeChannel(api)]);
  await makeCase(api);
  const { items } = await must(api.call("GET", `/v1/alerts?ruleId=${ruleId}`));
  return items[0].id;
};

const trackedQuery = async (api: Api) => ({
  brandId: api.brandId,
  sourceId: await makeSearchSource(api, api.brandId),
  query: `волна ${unique()}`,
  region: "213",
});
const trackQuery = async (api: Api) =>
  (await must(api.call("POST", "/v1/serp/queries", { body: await trackedQuery(api) }))).id as string;

/** A page that one look has brought. */
async function serpPage(api: Api): Promise<string> {
  const id = newId();
  const url = `https://page.example/${unique()}`;
  const page = {
    id,
    brand_id: api.brandId,
    url,
    url_hash: Buffer.from(url),
    first_seen_at: api.deps.clock(),
  };
  await api.world.db.insertInto("serp_page").values(page).execute();
  return id;
}

/** A button pressed by nobody of ours, signed as Slack signs. */
async function pressInSlack(api: Api): Promise<GoodCall> {
  const signingSecret = `signing-secret-${unique()}`;
  const settings = { webhookUrl: "https://hooks.slack.com/services/x", signingSecret };
  await must(api.call("POST", "/v1/alert-channels", { body: { kind: "slack", name: "s", settings } }));
  const action = { action_id: "molva-ack", value: "00000000-0000-7000-8000-000000000000" };
  const payload = { type: "block_actions", user: { id: "U0STRANGER" }, actions: [action] };
  return signedBySlack(payload, signingSecret, api.deps.clock());
}

/** Every writing route with a call that succeeds for whoever may make it. */
export const goodCalls: Record<string, Prepare> = {
  "DELETE /v1/authors/{sourceKind}/{authorId}": async api => {
    await makeCase(api);
    return { url: `/v1/authors/push/u-${made}` };
  },
  "POST /v1/brands": () => ({ url: "/v1/brands", body: { name: `Бренд ${unique()}`, query: "бренд" } }),
  "PATCH /v1/brands/{id}": api => ({ url: `/v1/brands/${api.brandId}`, body: { language: "ru" } }),
  "DELETE /v1/brands/{id}": async api => ({ url: `/v1/brands/${await api.world.makeBrand()}` }),
  "POST /v1/sources": api => ({
    url: "/v1/sources",
    body: { kind: "push", brandIds: [api.brandId], settings: {} },
  }),
  "PATCH /v1/sources/{id}": async api => ({
    url: `/v1/sources/${await api.world.makeSource([api.brandId])}`,
    body: { title: "x" },
  }),
  "DELETE /v1/sources/{id}": async api => ({
    url: `/v1/sources/${await api.world.makeSource([api.brandId])}`,
  }),
  "POST /v1/sources/{id}/run": async api => {
    const settings = { url: `https://a.example/${unique()}`, kind: "news" };
    return {
      url: `/v1/sources/${await api.world.makeSource([api.brandId], { kind: "rss-feed", settings })}/run`,
    };
  },
  "POST /v1/people": () => ({ url: "/v1/people", body: { name: "Вера" } }),
  "PATCH /v1/people/{id}": async api => ({
    url: `/v1/people/${await makePerson(api)}`,
    body: { capacity: 5 },
  }),
  "DELETE /v1/people/{id}": async api => ({ url: `/v1/people/${await makePerson(api)}` }),
  "POST /v1/departments": () => ({ url: "/v1/departments", body: { name: `Отдел ${unique()}` } }),
  "PATCH /v1/departments/{id}": async api => ({
    url: `/v1/departments/${await makeDepartment(api)}`,
    body: { name: `Отдел ${unique()}` },
  }),
  "DELETE /v1/departments/{id}": async api => ({ url: `/v1/departments/${await makeDepartment(api)}` }),
  "POST /v1/keys": api => ({
    url: "/v1/keys",
    body: { name: "x", role: "analyst", brandIds: [api.brandId] },
  }),
  "DELETE /v1/keys/{id}": async api => ({
    url: `/v1/keys/${(await api.makeKey("analyst", { brandIds: [api.brandId] })).split("_")[1]}`,
  }),
  "POST /v1/mentions": async api => {
    const sourceId = await api.world.makeSource([api.brandId]);
    return { url: "/v1/mentions", body: { mentions: [row(sourceId, { externalId: unique() })] } };
  },
  "PATCH /v1/mentions/{id}": async api => ({
    url: `/v1/mentions/${(await makeCase(api)).mentionId}`,
    body: { tags: ["x"] },
  }),
  "POST /v1/queue/claim": async api => {
    const brandId = await api.world.makeBrand();
    await pushRows(api, [row(await api.world.makeSource([brandId]), { externalId: unique() })]);
    return { url: "/v1/queue/claim", body: { brandIds: [brandId] } };
  },
  "POST /v1/queue/{id}/claim": step("claim", nothing),
  // An admin is a lead, and the manager's case is his to release; the approver is made one.
  "POST /v1/queue/{id}/release": step("release", nothing, ["claim"]),
  "POST /v1/queue/{id}/assign": step("assign", api => ({ personId: api.personId })),
  "POST /v1/queue/{id}/snooze": step("snooze", () => ({ until })),
  "POST /v1/queue/{id}/wait": step("wait", nothing),
  "POST /v1/queue/{id}/wake": step("wake", nothing, ["snooze", { until }]),
  "POST /v1/queue/{id}/escalate": step("escalate", api => ({ personId: api.personId, reason: "x" })),
  "POST /v1/queue/{id}/tag": step("tag", () => ({ tags: ["x"] })),
  "POST /v1/queue/{id}/merge": step("merge", async (api, brandId) => ({
    intoId: (await makeCase(api, brandId)).caseId,
  })),
  "POST /v1/queue/{id}/note": step("note", () => ({ text: "x" })),
  "POST /v1/queue/{id}/resolve": step("resolve", () => ({ outcome: "spam" })),
  "POST /v1/queue/{id}/reopen": step("reopen", nothing, ["resolve", { outcome: "spam" }]),
  "POST /v1/queue/{id}/draft": step("draft", () => ({ text })),
  "POST /v1/queue/{id}/submit": step("submit", () => ({ text })),
  "POST /v1/queue/{id}/reply": step("reply", () => ({ text })),
  "POST /v1/queue/{id}/approve": step("approve", nothing, ["submit", { text }]),
  "POST /v1/queue/{id}/reject": step("reject", () => ({ reason: "x" }), ["submit", { text }]),
  "POST /v1/queue/{id}/withdraw": step("withdraw", nothing, ["draft", { text }]),
  "POST /v1/queue/{id}/missing": async api => {
    const { caseId } = await makeCase(api, await api.world.makeBrand());
    const body = { text };
    const headers = await versionOf(api, caseId);
    await must(api.call("POST", `/v1/queue/${caseId}/draft`, { key: api.keys.manager, headers, body }));
    await api.world.db.updateTable("reply").set({ state: "unknown" }).where("case_id", "=", caseId).execute();
    return { url: `/v1/queue/${caseId}/missing`, headers: await versionOf(api, caseId) };
  },
  "POST /v1/queue/bulk": async api => {
    const cases = [{ id: (await makeCase(api)).caseId, version: 1 }];
    return { url: "/v1/queue/bulk", body: { cases, step: "tag", body: { tags: ["x"] } } };
  },
  "POST /v1/queue/{id}/writing": async api => ({
    url: `/v1/queue/${(await makeCase(api)).caseId}/writing`,
    body: { seconds: 30 },
  }),
  "POST /v1/templates": api => ({
    url: "/v1/templates",
    body: { name: `Ответ ${unique()}`, text: "Простите.", brandId: api.brandId },
  }),
  "PATCH /v1/templates/{id}": async api => ({
    url: `/v1/templates/${await makeTemplate(api)}`,
    body: { text: "Извините." },
  }),
  "DELETE /v1/templates/{id}": async api => ({ url: `/v1/templates/${await makeTemplate(api)}` }),
  "POST /v1/serp/queries": async api => ({ url: "/v1/serp/queries", body: await trackedQuery(api) }),
  "DELETE /v1/serp/queries/{id}": async api => ({ url: `/v1/serp/queries/${await trackQuery(api)}` }),
  "PATCH /v1/serp/pages/{id}": async api => ({
    url: `/v1/serp/pages/${await serpPage(api)}`,
    body: { standing: "ours" },
  }),
  "POST /v1/annotations": api => ({ url: "/v1/annotations", body: annotation(api) }),
  "PATCH /v1/annotations/{id}": async api => ({
    url: `/v1/annotations/${await makeAnnotation(api)}`,
    body: { title: unique() },
  }),
  "DELETE /v1/annotations/{id}": async api => ({ url: `/v1/annotations/${await makeAnnotation(api)}` }),
  "POST /v1/alert-rules": api => ({ url: "/v1/alert-rules", body: rule(api) }),
  "PATCH /v1/alert-rules/{id}": async api => ({
    url: `/v1/alert-rules/${await makeRule(api)}`,
    body: { name: unique() },
  }),
  "DELETE /v1/alert-rules/{id}": async api => ({ url: `/v1/alert-rules/${await makeRule(api)}` }),
  "POST /v1/report-schedules": async api => ({
    url: "/v1/report-schedules",
    body: await reportSchedule(api),
  }),
  "PATCH /v1/report-schedules/{id}": async api => ({
    url: `/v1/report-schedules/${await makeReportSchedule(api)}`,
    body: { at: "10:30" },
  }),
  "DELETE /v1/report-schedules/{id}": async api => ({
    url: `/v1/report-schedules/${await makeReportSchedule(api)}`,
  }),
  "POST /v1/silences": api => ({ url: "/v1/silences", body: silence(api) }),
  "PATCH /v1/silences/{id}": async api => ({
    url: `/v1/silences/${await makeSilence(api)}`,
    body: { reason: unique() },
  }),
  "DELETE /v1/silences/{id}": async api => ({ url: `/v1/silences/${await makeSilence(api)}` }),
  "POST /v1/alert-channels": () => ({ url: "/v1/alert-channels", body: webhook() }),
  "PATCH /v1/alert-channels/{id}": async api => ({
    url: `/v1/alert-channels/${await makeChannel(api)}`,
    body: { name: unique() },
  }),
  "DELETE /v1/alert-channels/{id}": async api => ({ url: `/v1/alert-channels/${await makeChannel(api)}` }),
  "POST /v1/alert-channels/{id}/test": async api => ({
    url: `/v1/alert-channels/${await makeChannel(api)}/test`,
  }),
  "POST /v1/alert-channels/{id}/rotate-secret": async api => ({
    url: `/v1/alert-channels/${await makeChannel(api)}/rotate-secret`,
    body: { overlapHours: 1 },
  }),
  "POST /v1/callbacks/slack": pressInSlack,
  "POST /v1/alerts/{id}/ack": async api => ({ url: `/v1/alerts/${await fire(api)}/ack` }),
  "POST /v1/deliveries/{id}/redeliver": async api => {
    const alertId = await fire(api);
    await endDeliveries(api);
    const { items } = await must(api.call("GET", `/v1/deliveries?alertId=${alertId}`));
    return { url: `/v1/deliveries/${items[0].id}/redeliver` };
  },
};

/** Questions that do not fit into an address: they change nothing. */
export const questions: Record<string, Prepare> = {
  "POST /v1/brands/preview": api => ({
    url: "/v1/brands/preview",
    body: { query: "волна", texts: [], brandId: api.brandId },
  }),
  "POST /v1/alert-rules/preview": api => ({
    url: "/v1/alert-rules/preview",
    body: { brandId: api.brandId, kind: "negative-mention" },
  }),
  "POST /v1/queue/{id}/suggestions": async api => ({
    url: `/v1/queue/${(await makeCase(api)).caseId}/suggestions`,
  }),
};

/** What changes nothing that lasts leaves no trace in the audit. */
export const untraced: ReadonlySet<string> = new Set([
  "POST /v1/queue/{id}/writing",
  "POST /v1/callbacks/slack",
]);

/** Nothing is sent in these tests: whatever waits has failed. */
async function endDeliveries({ world, deps }: Api): Promise<void> {
  await world.db
    .updateTable("delivery")
    .set({ state: "failed", ended_at: deps.clock(), next_attempt_at: null })
    .where("ended_at", "is", null)
    .execute();
}

/** Makes the API answer at once where it would wait for a message to be sent. */
export function sendNothing(api: Api): void {
  api.deps.enqueue.notify = () => endDeliveries(api);
}
