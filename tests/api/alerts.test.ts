import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { secretBox } from "#boot/secret-box.ts";
import { readUpdates } from "#channels/telegram-updates.ts";
import { createNet } from "#net/client.ts";
import { notifyDue } from "#pipeline/notify.ts";
import { noteHeard, restListener, takeListener } from "#store/bot-listener.ts";
import { type Api, openApi } from "./app.ts";
import { angry, pushRows, row } from "./desk.ts";

let api: Api;
let brandId: string;
let sourceId: string;

const net = createNet({ allow: ["127.0.0.0/8"], userAgent: "Molva/test", contact: "" });
/** What the receiver was told, and what it answers next. */
const told: { headers: IncomingHttpHeaders; body: string }[] = [];
let answer = 200;
const receiver = createServer((request, response) => {
  let body = "";
  request.on("data", chunk => {
    body += String(chunk);
  });
  request.on("end", () => {
    told.push({ headers: request.headers, body });
    response.writeHead(answer).end(answer === 200 ? "ok" : "no");
  });
});
let origin: string;
/** Of this test's own: a receiver's pace is kept by its address. */
let url: string;
const sending: Promise<unknown>[] = [];

beforeAll(async () => {
  await new Promise<void>(resolve => receiver.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}`;
  api = await openApi();
  const tools = { ...api.deps, net, telegramApi: "http://127.0.0.1:1", slackApi: "http://127.0.0.1:1" };
  api.deps.enqueue.notify = async () => void sending.push(notifyDue(tools, AbortSignal.timeout(20_000)));
  const guard = api.deps.checkAddress;
  api.deps.checkAddress = address => {
    if (!address.startsWith(origin)) guard(address);
  };
});
afterAll(async () => {
  await Promise.all(sending);
  await net.close();
  receiver.close();
  await api.close();
});
beforeEach(async () => {
  told.length = 0;
  answer = 200;
  api.world.setNow("2026-11-20T12:00:00Z");
  brandId = await api.world.makeBrand();
  url = `${origin}/hooks/${brandId}`;
  sourceId = await api.world.makeSource([brandId]);
});

const post = (path: string, body: object = {}, key = api.keys.admin) => api.call("POST", path, { body, key });
const get = (path: string, key = api.keys.manager) => api.call("GET", path, { key });
const webhook = (overrides: object = {}) =>
  post("/v1/alert-channels", { kind: "webhook", name: "Приёмник", settings: { url }, ...overrides });
const rule = (channelIds: string[], overrides: object = {}) =>
  post("/v1/alert-rules", { brandId, kind: "negative-mention", name: "Негатив", channelIds, ...overrides });

describe("alert channels", () => {
  it("show a secret that was made once, and keep it sealed", async () => {
    const made = await webhook();
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      kind: "webhook",
      settings: { url },
      fullText: false,
      enabled: true,
      brokenSince: null,
    });
    expect(made.body.issued.secret).toMatch(/^whsec_/);
    const secret = made.body.issued.secret as string;
    const { body } = await get(`/v1/alert-channels/${made.body.id}`);
    expect(JSON.stringify([body, (await get("/v1/alert-channels")).body])).not.toContain(secret);
    expect(body.secretsSet).toEqual(["secret"]);
    const stored = await api.world.db
      .selectFrom("alert_channel")
      .selectAll()
      .where("id", "=", made.body.id)
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(stored.settings) + stored.secrets.toString("latin1")).not.toContain(secret);
    expect(api.lines.join("\n")).not.toContain(secret);
  });

  it("never repeat a secret to a repeated call", async () => {
    const call = () =>
      api.call("POST", "/v1/alert-channels", {
        headers: { "idempotency-key": "channel-1" },
        body: { kind: "webhook", name: "x", settings: { url } },
      });
    const first = await call();
    const second = await call();
    expect([first.status, second.status]).toEqual([201, 409]);
    expect(second.text).toContain(first.body.id);
    expect(second.text).not.toContain(first.body.issued.secret);
  });

  it("refuse settings that do not fit, by field, and addresses that may not be reached", async () => {
    const refused = async (kind: string, settings: object) => {
      const { status, body } = await post("/v1/alert-channels", { kind, name: "x", settings });
      expect(status).toBe(422);
      return body.errors?.[0]?.path ?? body.detail;
    };
    expect(await refused("slack", {})).toBe("settings.webhookUrl");
    expect(await refused("telegram", { botToken: "nonsense", chatId: 1 })).toBe("settings.botToken");
    expect(await refused("webhook", { url: "ftp://example.com" })).toBe("settings.url");
    expect(await refused("webhook", { url, colour: "red" })).toContain("settings");
    for (const hidden of ["http://169.254.169.254/latest", "http://localhost:5432/"]) {
      const { body } = await post("/v1/alert-channels", {
        kind: "webhook",
        name: "x",
        settings: { url: hidden },
      });
      expect(body.detail).toContain("MOLVA_EGRESS_ALLOW");
      expect(body.errors[0].path).toBe("settings.url");
    }
    const { body } = await post("/v1/alert-channels", {
      kind: "telegram",
      name: "x",
      settings: { botToken: "1:AAAA", chatId: "duty" },
    });
    expect(body.detail).toContain("the @name of a public channel or group");
    expect((await post("/v1/alert-channels", { kind: "pager", name: "x", settings: {} })).status).toBe(422);
  });

  it("change one setting and keep the others, secrets too", async () => {
    const made = await post("/v1/alert-channels", {
      kind: "telegram",
      name: "Дежурные",
      settings: { botToken: "123:AAAbbbCCC", chatId: -100 },
    });
    const path = `/v1/alert-channels/${made.body.id}`;
    const changed = await api.call("PATCH", path, {
      body: { settings: { chatId: "@duty_chat" }, fullText: true },
    });
    expect(changed.body).toMatchObject({
      settings: { chatId: "@duty_chat" },
      fullText: true,
      secretsSet: ["botToken"],
    });
    const stored = await api.world.db
      .selectFrom("alert_channel")
      .selectAll()
      .where("id", "=", made.body.id)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(api.deps.secrets.open(stored.secrets))).toEqual({ botToken: "123:AAAbbbCCC" });
    expect((await api.call("PATCH", path, { body: { settings: { botToken: null } } })).status).toBe(422);
    expect((await api.call("DELETE", path)).status).toBe(204);
    expect((await get(path)).status).toBe(404);
  });

  it("say why the buttons of their bot are not heard, and what to do, until they are", async () => {
    const make = async (settings: object) =>
      (await post("/v1/alert-channels", { kind: "telegram", name: "Дежурные", settings })).body.id as string;
    const unheard = await make({ botToken: "777:AAAbbbCCC", chatId: -100 });
    const silent = await make({ botToken: "777:AAAbbbCCC", chatId: -101, acknowledge: false });
    const other = await make({ botToken: "778:AAAbbbCCC", chatId: -100 });
    const now = api.deps.clock();
    const lease = randomUUID();
    await takeListener(api.world.db, "777", lease, { now, until: now });
    const conflict = { status: 409, headers: {}, body: '{"ok":false,"error_code":409}' };
    const { problem } = readUpdates(conflict, now) as { problem: string };
    await restListener(api.world.db, "777", lease, { now, restsMs: [0], problem, conflict: true });
    const problems = async () => {
      const { items } = (await get("/v1/alert-channels?limit=500")).body;
      const byId = new Map(
        items.map((one: { id: string; buttonsProblem: unknown }) => [one.id, one.buttonsProblem]),
      );
      return [unheard, silent, other].map(id => byId.get(id));
    };
    expect(await problems()).toEqual([expect.stringContaining("a bot of its own"), null, null]);
    expect((await get(`/v1/alert-channels/${unheard}`)).body.buttonsProblem).toBe(problem);
    await takeListener(api.world.db, "777", lease, { now, until: now });
    await noteHeard(api.world.db, "777", lease);
    expect(await problems()).toEqual([null, null, null]);
  });

  it("are listed and can be deleted when their secrets cannot be read any more", async () => {
    const made = await post("/v1/alert-channels", {
      kind: "telegram",
      name: "Дежурные",
      settings: { botToken: "779:AAAbbbCCC", chatId: -100 },
    });
    const { id } = made.body;
    const lost = { secrets: Buffer.from("not what anybody can open") };
    await api.world.db.updateTable("alert_channel").set(lost).where("id", "=", id).execute();
    const { status, body } = await get("/v1/alert-channels?limit=500");
    expect(status).toBe(200);
    const found = body.items.find((one: { id: string }) => one.id === id);
    expect(found).toMatchObject({ name: "Дежурные", secretsSet: [], buttonsProblem: null });
    expect((await api.call("DELETE", `/v1/alert-channels/${id}`)).status).toBe(204);
  });

  describe("whose secrets cannot be read any more", () => {
    const lose = async (kind: string, settings: object) => {
      const made = await post("/v1/alert-channels", { kind, name: "Дежурные", settings });
      const lost = { secrets: secretBox([randomBytes(32).toString("base64")]).seal("{}") };
      await api.world.db.updateTable("alert_channel").set(lost).where("id", "=", made.body.id).execute();
      return `/v1/alert-channels/${made.body.id}`;
    };
    const patch = (path: string, body: object) => api.call("PATCH", path, { body });

    it("are mended by new secrets, and changed in what needs none without losing what waits", async () => {
      const path = await lose("telegram", { botToken: "780:AAAbbbCCC", chatId: -100 });
      const id = path.split("/").at(-1) as string;
      const states = async () =>
        (await get(`/v1/deliveries?channelId=${id}`)).body.items.map((one: { state: string }) => one.state);
      await rule([id]);
      await pushRows(api, [row(sourceId)]);
      await Promise.all(sending);
      expect((await get(path)).body.brokenWhy).toMatch(/MOLVA_SECRET_KEYS_OLD.*give the secrets anew/);
      await pushRows(api, [row(sourceId, { externalId: "r-2" })]);
      api.world.setNow("2026-11-20T12:01:00Z");
      for (const change of [{ name: "Ночь" }, { enabled: true }]) {
        expect(await patch(path, change)).toMatchObject({
          status: 200,
          body: { ...change, brokenSince: expect.any(String), brokenWhy: expect.any(String) },
        });
        await Promise.all(sending);
        expect((await states()).toSorted()).toEqual(["failed", "gathering"]);
      }
      const mended = await patch(path, { settings: { botToken: "781:AAAbbbCCC" } });
      expect(mended).toMatchObject({
        status: 200,
        body: { settings: { chatId: -100 }, secretsSet: ["botToken"], brokenSince: null, brokenWhy: null },
      });
      const wrong = await patch(await lose("telegram", { botToken: "780:AAAbbbCCC", chatId: -100 }), {
        settings: { botToken: "781:AAAbbbCCC", chatId: "nobody" },
      });
      expect(wrong).toMatchObject({ status: 422, body: { errors: [{ path: "settings.chatId" }] } });
    });

    it("say what to give where a change needs them", async () => {
      const telegram = await lose("telegram", { botToken: "780:AAAbbbCCC", chatId: -100 });
      const slack = await lose("slack", { webhookUrl: "https://hooks.slack.com/services/T0/B0/xxx" });
      for (const refused of [
        await patch(telegram, { settings: { chatId: -101 } }),
        await patch(slack, { settings: { threadMinutes: 5 } }),
      ]) {
        expect(refused.status).toBe(422);
        expect(refused.body.detail).toMatch(/cannot be read.*botToken.*MOLVA_SECRET_KEYS_OLD/);
        expect(refused.body.errors).toMatchObject([{ path: "settings" }]);
      }
    });

    it("lose no secret that they may have had without a word", async () => {
      const webhookUrl = "https://hooks.slack.com/services/T0/B0/xxx";
      const path = await lose("slack", { webhookUrl, signingSecret: "0123456789abcdef" });
      const refused = await patch(path, { settings: { webhookUrl } });
      expect(refused.status).toBe(422);
      expect(refused.body.detail).toMatch(/cannot be read.*signingSecret.*null/);
      expect(refused.body.errors).toMatchObject([{ path: "settings.signingSecret" }]);
      const both = { webhookUrl, signingSecret: "fedcba9876543210" };
      expect((await patch(path, { settings: both })).body.secretsSet).toEqual([
        "webhookUrl",
        "signingSecret",
      ]);
      const other = await lose("slack", { webhookUrl });
      const without = { webhookUrl, signingSecret: null };
      expect((await patch(other, { settings: without })).body.secretsSet).toEqual(["webhookUrl"]);
    });

    it("get a new signing secret, without signatures of the old one", async () => {
      const path = await lose("webhook", { url });
      const both = await post(`${path}/rotate-secret`);
      expect(both.status).toBe(422);
      expect(both.body.detail).toMatch(/overlapHours.*MOLVA_SECRET_KEYS_OLD/);
      expect(both.body.errors).toMatchObject([{ path: "overlapHours" }]);
      const made = await post(`${path}/rotate-secret`, { overlapHours: 0 });
      expect(made).toMatchObject({ status: 200, body: { secretsSet: ["secret"] } });
      expect((await post(`${path}/test`)).body.state).toBe("delivered");
      const other = await lose("telegram", { botToken: "780:AAAbbbCCC", chatId: -100 });
      expect((await post(`${other}/rotate-secret`)).body.detail).toContain("no signing secret");
    });
  });

  it("are tested by a real message, whose fate is the answer", async () => {
    // The verifier has no clock to set: it refuses what is older than five minutes.
    api.world.setNow(new Date().toISOString());
    const made = await webhook();
    const good = await post(`/v1/alert-channels/${made.body.id}/test`);
    expect(good.body).toMatchObject({
      test: true,
      state: "delivered",
      ruleId: null,
      attempts: [{ attempt: 1, status: 200, answer: "ok" }],
    });
    const [message] = told;
    expect(() =>
      new Webhook(made.body.issued.secret).verify(
        message?.body ?? "",
        message?.headers as Record<string, string>,
      ),
    ).not.toThrow();
    answer = 410;
    const bad = await post(`/v1/alert-channels/${made.body.id}/test`);
    expect(bad.body).toMatchObject({
      state: "failed",
      attempts: [{ status: 410 }],
      problem: expect.stringContaining("410"),
    });
    const broken = (await get(`/v1/alert-channels/${made.body.id}`)).body;
    expect(broken).toMatchObject({
      brokenSince: expect.any(String),
      brokenWhy: expect.stringContaining("410"),
    });
    answer = 200;
    await post(`/v1/alert-channels/${made.body.id}/test`);
    expect((await get(`/v1/alert-channels/${made.body.id}`)).body).toMatchObject({
      brokenSince: null,
      brokenWhy: null,
    });
    await api.call("PATCH", `/v1/alert-channels/${made.body.id}`, { body: { enabled: false } });
    expect((await post(`/v1/alert-channels/${made.body.id}/test`)).status).toBe(422);
    expect((await get("/v1/deliveries", api.foreign.manager)).body.items).toEqual([]);
  });

  it("are the admin's to change and the desk's to see", async () => {
    const made = await webhook();
    expect(
      (await post("/v1/alert-channels", { kind: "webhook", name: "x", settings: { url } }, api.keys.manager))
        .status,
    ).toBe(403);
    expect((await get("/v1/alert-channels", api.keys.analyst)).status).toBe(403);
    expect((await post(`/v1/alert-channels/${made.body.id}/test`, {}, api.keys.manager)).status).toBe(403);
  });
});

describe("alert rules", () => {
  it("are made, changed and ended for brands and channels that are there", async () => {
    const channelId = (await webhook()).body.id;
    const made = await rule([channelId], { settings: { maxScore: -0.1 } });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      brandId,
      kind: "negative-mention",
      settings: { maxScore: -0.1 },
      channelIds: [channelId],
      enabled: true,
    });
    const path = `/v1/alert-rules/${made.body.id}`;
    expect(
      (await api.call("PATCH", path, { body: { settings: { maxRating: 2 }, enabled: false } })).body,
    ).toMatchObject({ settings: { maxRating: 2 }, enabled: false });
    expect((await rule([channelId], { settings: { maxScore: -7 } })).body.errors[0].path).toBe(
      "settings.maxScore",
    );
    expect((await rule([channelId], { settings: { minScore: 0 } })).status).toBe(422);
    const [kinds, intents] = [
      await rule([channelId], { settings: { sourceKinds: ["push", "phpbb-forun"] } }),
      await rule([channelId], { settings: { intents: ["threats"] } }),
    ];
    expect(kinds.body.errors).toMatchObject([
      { path: "settings.sourceKinds.1", message: expect.stringContaining("phpbb-forum") },
    ]);
    expect(intents.body.errors).toMatchObject([
      { path: "settings.intents.0", message: expect.stringContaining('did you mean "threat"?') },
    ]);
    expect((await rule([channelId, brandId])).body.errors[0].path).toBe("channelIds.1");
    const escalation = [{ afterMinutes: 5, channelIds: [brandId] }];
    expect((await rule([channelId], { timing: { escalation } })).body.errors[0].path).toBe(
      "timing.escalation.0.channelIds.0",
    );
    expect((await rule([channelId], { brandId: channelId })).body.errors[0].path).toBe("brandId");
    expect((await rule([channelId], { kind: "sms" })).status).toBe(422);
    expect((await get(path, api.foreign.analyst)).status).toBe(404);
    expect((await get(`/v1/alert-rules?brandId=${brandId}`, api.keys.analyst)).body.items).toHaveLength(1);
    expect((await api.call("DELETE", path)).status).toBe(204);
    expect((await get(path)).status).toBe(404);
  });
});

describe("an alert", () => {
  it("goes out in the transaction of its mention, is listed with its reason, acknowledged once, and sent again on demand", async () => {
    const channelId = (await webhook()).body.id;
    const { body: made } = await rule([channelId]);
    const pushed = await pushRows(api, [row(sourceId), row(sourceId, { externalId: "r-2" })]);
    await Promise.all(sending);
    expect(told).toHaveLength(2);
    expect(told.map(one => one.body).join()).not.toContain(angry.slice(0, 20));
    const { items } = (await get(`/v1/alerts?brandId=${brandId}`)).body;
    expect(items).toHaveLength(2);
    const [alert] = items;
    expect(alert).toMatchObject({
      ruleId: made.id,
      kind: "negative-mention",
      ackedAt: null,
      reason: { score: expect.any(Number) },
      why: expect.stringMatching(/^негатив −[01],\d\d/),
    });
    expect((await get("/v1/alerts?kind=negative")).body.detail).toContain("negative-mention");
    expect(pushed.body.results.flatMap((result: { mentionIds: string[] }) => result.mentionIds)).toContain(
      alert.mentionId,
    );
    const acked = await post(`/v1/alerts/${alert.id}/ack`, {}, api.keys.manager);
    expect(acked.body).toMatchObject({ ackedBy: api.personId, ackedAt: "2026-11-20T12:00:00.000Z" });
    expect((await post(`/v1/alerts/${alert.id}/ack`, {}, api.keys.approver)).body.ackedBy).toBe(api.personId);
    expect((await get(`/v1/alerts?brandId=${brandId}&acked=false`)).body.items).toHaveLength(1);
    expect((await get(`/v1/alerts/${alert.id}`, api.foreign.analyst)).status).toBe(404);
    expect((await post(`/v1/alerts/${alert.id}/ack`, {}, api.foreign.manager)).status).toBe(404);

    const { items: deliveries } = (await get(`/v1/deliveries?alertId=${alert.id}`)).body;
    expect(deliveries).toMatchObject([
      {
        channelId,
        ruleId: made.id,
        state: "delivered",
        alertIds: [alert.id],
        alertCount: 1,
        attempts: [{ status: 200, answer: "ok" }],
      },
    ]);
    const again = await post(`/v1/deliveries/${deliveries[0].id}/redeliver`, {}, api.keys.manager);
    expect([again.status, again.body.state]).toEqual([202, "waiting"]);
    await Promise.all(sending);
    const ids = told.map(one => one.headers["webhook-id"]);
    expect(ids.filter(id => id === deliveries[0].id)).toHaveLength(2);
    expect((await get(`/v1/deliveries/${deliveries[0].id}`)).body).toMatchObject({
      state: "delivered",
      attemptCount: 2,
    });
    expect((await post(`/v1/deliveries/${deliveries[0].id}/redeliver`, {}, api.foreign.manager)).status).toBe(
      404,
    );
    api.world.setNow("2026-11-20T12:01:00Z");
    const preview = await post("/v1/alert-rules/preview", { brandId, kind: "negative-mention" });
    expect(preview.body.items).toMatchObject([{ why: alert.why }, {}]);
  });

  it("that is held says by what, and goes when a silence ends, which ends once", async () => {
    const channelId = (await webhook()).body.id;
    await rule([channelId]);
    const silence = { brandId, reason: "Выкатка", until: "2026-11-20T18:00:00Z" };
    const path = `/v1/silences/${(await post("/v1/silences", silence)).body.id}`;
    await pushRows(api, [row(sourceId)]);
    await Promise.all(sending);
    const held = async () => (await get(`/v1/deliveries?channelId=${channelId}`)).body.items;
    expect(await held()).toMatchObject([
      { heldBy: "silence", silenceId: path.split("/").at(-1), nextAttemptAt: "2026-11-20T18:00:00.000Z" },
    ]);
    expect((await api.call("DELETE", path)).status).toBe(204);
    await Promise.all(sending);
    expect(await held()).toMatchObject([{ heldBy: null, silenceId: null, state: "delivered" }]);
    for (const again of [api.call("DELETE", path), api.call("PATCH", path, { body: { reason: "Ещё" } })]) {
      const { status, body } = await again;
      expect(status).toBe(409);
      expect(body.detail).toBe(
        "The silence was ended at 2026-11-20T12:00:00.000Z; POST /v1/silences makes a new one",
      );
    }
  });

  it("waits for a broken channel until it is switched on again, and fails with a deleted one", async () => {
    const made = (await webhook()).body;
    await rule([made.id]);
    answer = 410;
    await post(`/v1/alert-channels/${made.id}/test`);
    answer = 200;
    told.length = 0;
    await pushRows(api, [row(sourceId)]);
    await Promise.all(sending);
    expect(told).toEqual([]);
    await api.call("PATCH", `/v1/alert-channels/${made.id}`, { body: { name: "Починен" } });
    await Promise.all(sending);
    expect(told).toEqual([]);
    await api.call("PATCH", `/v1/alert-channels/${made.id}`, { body: { enabled: true } });
    await Promise.all(sending);
    expect(told).toHaveLength(1);
    answer = 500;
    await pushRows(api, [row(sourceId, { externalId: "r-9" })]);
    await Promise.all(sending);
    const waiting = (await get(`/v1/deliveries?channelId=${made.id}&state=waiting`)).body.items;
    expect(waiting).toMatchObject([{ attemptCount: 1, attempts: [{ status: 500 }] }]);
    await api.call("DELETE", `/v1/alert-channels/${made.id}`);
    expect((await get(`/v1/deliveries/${waiting[0].id}`)).body).toMatchObject({
      state: "failed",
      problem: expect.stringContaining("deleted"),
    });
    expect((await post(`/v1/deliveries/${waiting[0].id}/redeliver`)).status).toBe(409);
  });
});
