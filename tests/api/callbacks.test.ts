import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Api, openApi } from "./app.ts";
import { openCase } from "./desk.ts";
import { signedBySlack } from "./slack.ts";

const signingSecret = "0123456789abcdef0123456789abcdef";
const member = "U0123ABCD";
const team = "T0123ABCD";
const responseUrl = "https://hooks.slack.com/actions/T1/2/x";

let api: Api;
let deliveryId: string;
let alertId: string;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  api.world.setNow("2026-11-20T12:00:00Z");
  await api.world.db.deleteFrom("chat_answer").execute();
  await api.world.db.deleteFrom("person_chat").execute();
  await api.world.db.updateTable("alert_channel").set({ enabled: false }).execute();
  const settings = { botToken: "xoxb-1", channel: "C024BE91L", signingSecret };
  const channel = await must("POST", "/v1/alert-channels", { kind: "slack", name: "Дежурные", settings });
  const rule = { brandId: api.brandId, kind: "negative-mention", name: "Негатив", channelIds: [channel.id] };
  const { id: ruleId } = await must("POST", "/v1/alert-rules", rule);
  const sourceId = await api.world.makeSource([api.brandId]);
  await openCase(api, sourceId, `c-${channel.id}`);
  alertId = (await must("GET", `/v1/alerts?ruleId=${ruleId}`)).items[0].id;
  deliveryId = (await must("GET", `/v1/deliveries?channelId=${channel.id}`)).items[0].id;
});

const must = async (method: "GET" | "POST" | "PATCH", path: string, body?: object) => {
  const called = await api.call(method, path, body === undefined ? {} : { body });
  if (called.status >= 300) throw new Error(called.text);
  return called.body;
};

/** A press on the message's button, signed as told. */
const press = (
  signed: {
    user?: object;
    team?: object | null;
    secret?: string;
    at?: Date;
    headers?: object;
    body?: string;
  } = {},
) => {
  const {
    user = {},
    team: from = { id: team },
    secret = signingSecret,
    at = api.deps.clock(),
    headers = {},
  } = signed;
  const payload = {
    type: "block_actions",
    team: from,
    user: { id: member, username: "vera", ...user },
    response_url: responseUrl,
    actions: [{ action_id: "molva-ack", value: deliveryId, type: "button" }],
  };
  const call = signedBySlack(payload, secret, at);
  return api.call("POST", call.url, {
    key: null,
    body: signed.body ?? call.body,
    headers: { ...call.headers, ...headers },
  });
};

const acked = async () => (await must("GET", `/v1/alerts/${alertId}`)).ackedBy;
const answers = () => api.world.db.selectFrom("chat_answer").selectAll().execute();
const know = () =>
  must("PATCH", `/v1/people/${api.personId}`, { chats: [{ kind: "slack", teamId: team, userId: member }] });

describe("a button pressed in Slack", () => {
  it("acknowledges in the name of the person that the user is, once", async () => {
    await know();
    expect((await press()).status).toBe(200);
    expect(await acked()).toBe(api.personId);
    api.world.setNow("2026-11-20T12:01:00Z");
    expect((await press()).status).toBe(200);
    expect((await must("GET", `/v1/alerts/${alertId}`)).ackedAt).toBe("2026-11-20T12:00:00.000Z");
    expect((await answers()).map(row => row.text)).toEqual(["Подтверждено.", "Уже подтверждено."]);
    const { items } = await must("GET", "/v1/audit?limit=1");
    expect(items[0]).toMatchObject({
      action: "ack",
      object: "delivery",
      objectId: deliveryId,
      personId: api.personId,
    });
  });

  it("is heard although another channel's secrets cannot be read", async () => {
    await know();
    const settings = { botToken: "xoxb-2", channel: "C024BE91M", signingSecret };
    const { id } = await must("POST", "/v1/alert-channels", { kind: "slack", name: "Забытые", settings });
    const lost = { secrets: Buffer.from("sealed with a key that is gone") };
    await api.world.db.updateTable("alert_channel").set(lost).where("id", "=", id).execute();
    expect((await press()).status).toBe(200);
    expect(await acked()).toBe(api.personId);
  });

  it("by a stranger acknowledges nothing, and tells them the id that an administrator needs", async () => {
    expect((await press({ user: { id: "U0STRANGER" } })).status).toBe(200);
    expect(await acked()).toBeNull();
    const [answer] = await answers();
    expect(answer?.text).toContain(`${team}/U0STRANGER`);
    // Whoever has the address can write to that user: it is kept under seal.
    expect(answer?.address.toString("latin1")).not.toContain("hooks.slack.com");
    expect(api.deps.secrets.open(answer?.address as Buffer)).toBe(responseUrl);
  });

  it.each([
    ["another workspace", { team: { id: "T0OTHER" } }],
    ["another workspace that shares the channel", { user: { team_id: "T0OTHER" } }],
    ["nobody knows where", { team: null }],
  ])("by somebody of %s who has the same id acknowledges nothing", async (_where, pressed) => {
    await know();
    expect((await press(pressed)).status).toBe(200);
    expect(await acked()).toBeNull();
  });

  it("by a member of an organisation of several workspaces counts by the organisation's id", async () => {
    const chats = [{ kind: "slack", teamId: "E0ORG", userId: member }];
    await must("PATCH", `/v1/people/${api.personId}`, { chats });
    await press({ user: { team_id: "E0ORG" } });
    expect(await acked()).toBe(api.personId);
  });

  it("by somebody who has left acknowledges nothing", async () => {
    const { id } = await must("POST", "/v1/people", {
      name: "Пётр",
      chats: [{ kind: "slack", teamId: team, userId: member }],
    });
    await api.call("DELETE", `/v1/people/${id}`);
    await press();
    expect(await acked()).toBeNull();
  });

  it.each([
    ["with another secret", { secret: "fedcba9876543210fedcba9876543210" }],
    ["six minutes ago", { at: new Date("2026-11-20T11:54:00Z") }],
    ["six minutes ahead", { at: new Date("2026-11-20T12:06:00Z") }],
    ["without a signature", { headers: { "x-slack-signature": "" } }],
    ["in another version", { headers: { "x-slack-signature": "v1=00" } }],
    ["with a time that is none", { headers: { "x-slack-request-timestamp": "now" } }],
    ["over other words", { body: "payload=%7B%7D" }],
  ])("that was signed %s is refused", async (_how, signed) => {
    await know();
    expect((await press(signed)).status).toBe(401);
    expect(await acked()).toBeNull();
    expect(await answers()).toEqual([]);
  });

  it("is taken up to five minutes late", async () => {
    await know();
    expect((await press({ at: new Date("2026-11-20T11:55:01Z") })).status).toBe(200);
    expect(await acked()).toBe(api.personId);
  });

  it("must come as a form, and as much of it as Slack sends", async () => {
    expect((await press({ headers: { "content-type": "application/json" } })).status).toBe(415);
    expect((await press({ body: `payload=${"x".repeat(600_000)}` })).status).toBe(413);
    const json = await api.call("POST", "/v1/brands", {
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "name=x",
    });
    expect(json.status).toBe(415);
  });
});

describe("the chat users of a person", () => {
  it("are set, shown and taken away, and are one person at a time", async () => {
    const chats = [
      { kind: "slack", teamId: team, userId: member },
      { kind: "telegram", userId: "123456789" },
    ];
    const person = await must("PATCH", `/v1/people/${api.personId}`, { chats });
    expect(person.chats).toEqual(chats);
    const taken = await api.call("POST", "/v1/people", { body: { name: "Пётр", chats: [chats[1]] } });
    expect(taken.status).toBe(422);
    expect(taken.body.errors[0].path).toBe("chats.0");
    expect((await must("PATCH", `/v1/people/${api.personId}`, { chats: [] })).chats).toEqual([]);
    for (const chat of [
      { kind: "telegram", userId: "@vera" },
      { kind: "slack", userId: member },
    ]) {
      const refused = await api.call("PATCH", `/v1/people/${api.personId}`, { body: { chats: [chat] } });
      expect(refused.status).toBe(422);
    }
    const twice = await api.call("PATCH", `/v1/people/${api.personId}`, {
      body: { chats: [chats[1], chats[1]] },
    });
    expect(twice.body.errors).toMatchObject([{ path: "chats.1" }]);
  });
});

describe("a webhook's secret", () => {
  it("is replaced by a new one, shown once, and the old one signs too until the overlap is over", async () => {
    const settings = { url: "https://hooks.example/x" };
    const made = await must("POST", "/v1/alert-channels", { kind: "webhook", name: "x", settings });
    const path = `/v1/alert-channels/${made.id}/rotate-secret`;
    const rotated = await must("POST", path, { overlapHours: 2 });
    expect(rotated.issued.secret).toMatch(/^whsec_/);
    expect(rotated.issued.secret).not.toBe(made.issued.secret);
    expect(rotated.settings).toEqual({ ...settings, previousUntil: "2026-11-20T14:00:00.000Z" });
    const stored = await api.world.db
      .selectFrom("alert_channel")
      .selectAll()
      .where("id", "=", made.id)
      .executeTakeFirstOrThrow();
    expect(JSON.parse(api.deps.secrets.open(stored.secrets))).toEqual({
      secret: rotated.issued.secret,
      previousSecret: made.issued.secret,
    });
    expect((await must("POST", path, { overlapHours: 0 })).settings).toEqual(settings);
  });

  it("is nothing that a chat has", async () => {
    const settings = { botToken: "1:AAA", chatId: 1 };
    const made = await must("POST", "/v1/alert-channels", { kind: "telegram", name: "x", settings });
    expect((await api.call("POST", `/v1/alert-channels/${made.id}/rotate-secret`, { body: {} })).status).toBe(
      422,
    );
  });
});
