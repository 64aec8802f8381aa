import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createNet, type Net } from "#net/client.ts";
import { createDrafter } from "#pipeline/desk/draft-model.ts";
import { type Api, openApi } from "./app.ts";
import { type Desk, openDesk } from "./replies-desk.ts";

let api: Api;
let desk: Desk;
let net: Net;
let server: Server;
let url: string;
let asked: { path: string; headers: IncomingMessage["headers"]; body: string }[];
let say: (response: ServerResponse) => void;

const cold =
  "Волна: доставка ужасная! Курьер опоздал на два часа, пицца приехала холодная. Меня зовут Гаухар, тел. +7 916 123-45-67, заказ №77812, почта g@mail.ru, карта 4111 1111 1111 1111.";
const secrets = ["Гаухар", "916", "77812", "g@mail.ru", "4111", "Сеитова"];

const completion = (content: string) => (response: ServerResponse) =>
  response
    .writeHead(200, { "content-type": "application/json" })
    .end(JSON.stringify({ id: "x", choices: [{ index: 0, message: { role: "assistant", content } }] }));

beforeAll(async () => {
  api = await openApi();
  net = createNet({ allow: ["127.0.0.1"], userAgent: "Molva/0", contact: "https://molva.test/" });
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    asked.push({
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    });
    say(response);
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await net.close();
  await api.close();
});
beforeEach(async () => {
  asked = [];
  api.deps.drafter = createDrafter(net.post, { url, key: "sk-local", model: "small" });
  desk = await openDesk(api);
});

const template = async (fields: object) => {
  const body = { brandId: desk.brandId, name: "t", text: "Простите нас.", ...fields };
  return (await api.call("POST", "/v1/templates", { body })).body.id as string;
};
const propose = (caseId: string, body?: object, key = api.keys.manager) =>
  api.call("POST", `/v1/queue/${caseId}/suggestions`, { key, ...(body ? { body } : {}) });

describe("suggestions", () => {
  it("are ranked by aspect, tone, language and brand, with the reason", async () => {
    const exact = await template({
      name: "доставка",
      aspect: "delivery",
      tone: "negative",
      text: "{{author}}, жаль, что везли долго.",
    });
    const general = await template({ name: "общий", brandId: null });
    const other = await template({ name: "возврат", aspect: "refund", text: "Вернём." });
    await template({ name: "english", language: "en", text: "We are sorry." });
    await template({ name: "спасибо", tone: "positive", text: "Спасибо!" });
    const lacking = await template({
      name: "товар",
      aspect: "delivery",
      tone: "negative",
      text: "{{product}} опоздал.",
    });
    const caseId = await desk.open("s-1", { text: cold, author: { id: "u-g", name: "Гаухар Сеитова" } });
    const { body } = await desk.get(`/v1/queue/${caseId}/suggestions`);
    const ids = body.items.map((item: { templateId: string }) => item.templateId);
    expect(ids.slice(0, 1)).toEqual([exact]);
    expect(new Set(ids)).toEqual(new Set([exact, lacking, general, other]));
    expect(ids.indexOf(lacking)).toBeGreaterThan(ids.indexOf(exact));
    expect(ids.at(-1)).toBe(other);
    expect(body.items[0]).toMatchObject({
      kind: "template",
      text: "Гаухар Сеитова, жаль, что везли долго.",
      why: expect.arrayContaining([
        "is about delivery, as the text is",
        "answers a negative text",
        "is the brand's own",
      ]),
      problems: [],
    });
    const item = body.items.find((one: { templateId: string }) => one.templateId === lacking);
    expect([item.missing, item.why]).toEqual([
      ["product"],
      expect.arrayContaining(["lacks {{product}} here"]),
    ]);
  });

  it("hold past answers to texts that are alike, spoken to this author", async () => {
    const past = await desk.open("s-2", {
      text: "Волна, ужасная доставка: курьер опоздал, пицца холодная, деньги на ветер.",
      author: { id: "u-p", name: "Пётр" },
    });
    await desk.step(past, "reply", { text: "Пётр, нам жаль, что пицца приехала холодной." });
    const far = await desk.open("s-3", {
      text: "Волна: туалет грязный, музыка орёт, отвратительно.",
    });
    await desk.step(far, "reply", { text: "Мы отмыли туалет." });
    const caseId = await desk.open("s-4", { text: cold, author: { id: "u-g2", name: "Гаухар" } });
    const { items } = (await desk.get(`/v1/queue/${caseId}/suggestions`)).body;
    expect(items[0]).toMatchObject({
      kind: "answer",
      text: "Гаухар, нам жаль, что пицца приехала холодной.",
    });
    expect(items[0].why).toContainEqual(expect.stringMatching(/^answered a text that is \d+ % alike$/));
    expect(items[0].problems.map((one: { check: string }) => one.check)).toEqual([]);
    expect(items.map((item: { text: string }) => item.text)).not.toContain("Мы отмыли туалет.");
  });
});

describe("a drafting model", () => {
  const open = () =>
    desk.open(`m-${desk.brandId}`, { text: cold, author: { id: "u-m", name: "Гаухар Сеитова" } });

  it("sees no personal data, and its draft has them back, marked as a model's", async () => {
    say = response => {
      const given = (kind: string) =>
        new RegExp(`\\[${kind}_\\d+\\]`).exec(asked[0]?.body.split('"user"')[1] ?? "")?.[0];
      completion(`«${given("NAME")}, простите нас! Позвоним по ${given("PHONE")}.»`)(response);
    };
    const caseId = await open();
    const { status, body } = await propose(caseId);
    expect(status).toBe(200);
    const [request] = asked;
    expect([request?.path, request?.headers.authorization]).toEqual([
      "/v1/chat/completions",
      "Bearer sk-local",
    ]);
    for (const secret of secrets) expect(request?.body).not.toContain(secret);
    expect(JSON.parse(request?.body ?? "")).toMatchObject({
      model: "small",
      messages: [{ role: "system" }, { role: "user" }],
    });
    expect(body).toMatchObject({ kind: "model", templateId: null });
    expect(body.text).toMatch(/^(Гаухар|Сеитова), простите нас! Позвоним по \+7 916 123-45-67\.$/);
    expect(body.problems.map((one: { check: string }) => one.check)).toContain("personal-data");
  });

  it("writes what is known for its own even when nobody says so, and sends nothing by itself", async () => {
    say = completion("Нам очень жаль, мы разберёмся с курьером.");
    const caseId = await open();
    const { text } = (await propose(caseId)).body;
    const { body: before } = await desk.get(`/v1/queue/${caseId}`);
    expect([before.version, before.status, before.replies]).toEqual([1, "open", []]);
    expect(before.history.at(-1)).toMatchObject({ kind: "suggested", personId: api.personId });
    expect(JSON.stringify(before.history)).not.toContain("жаль");
    const drafted = await desk.step(caseId, "draft", { text });
    expect(drafted.body.reply).toMatchObject({ state: "draft", origin: "model" });
    const service = await api.makeKey("manager");
    expect((await desk.step(caseId, "reply", undefined, { key: service })).status).toBe(403);
    const { body: audit } = await api.call("GET", `/v1/audit?object=case&objectId=${caseId}`);
    expect(audit.items.map((entry: { action: string }) => entry.action)).toContain("suggest");
  });

  it("that makes up a placeholder leaves a draft that cannot be sent as it is", async () => {
    say = completion("Здравствуйте, [NAME_99]!");
    const { body } = await propose(await open());
    expect(body.problems).toMatchObject([{ check: "placeholder", found: "[NAME_99]" }]);
  });

  it.each([
    [401, "{}", "MOLVA_DRAFT_KEY"],
    [404, "", "MOLVA_DRAFT_MODEL"],
    [500, "oops", "answered 500"],
    [200, "<html>", "no chat completion"],
    [200, '{"choices": []}', "no chat completion"],
    [200, JSON.stringify({ choices: [{ message: { content: "<think>hm</think>" } }] }), "wrote nothing"],
  ])("that answers %d %s is told of in plain words", async (status, text, complaint) => {
    say = response => response.writeHead(status).end(text);
    const { status: ours, body } = await propose(await open());
    expect([ours, body.detail]).toEqual([503, expect.stringContaining(complaint)]);
  });

  it("behind a private address is not reached unless that is allowed", async () => {
    const guarded = createNet({ allow: [], userAgent: "Molva/0", contact: "https://molva.test/" });
    api.deps.drafter = createDrafter(guarded.post, { url, key: null, model: "small" });
    expect((await propose(await open())).status).toBe(503);
    expect(asked).toEqual([]);
    await guarded.close();
  });

  it("is not there unless one is configured, and not for those who only read", async () => {
    const caseId = await open();
    expect((await propose(caseId, undefined, api.keys.analyst)).status).toBe(403);
    expect((await propose(caseId, undefined, api.foreign.manager)).status).toBe(404);
    api.deps.drafter = null;
    const { status, body } = await propose(caseId);
    expect([status, body.detail]).toEqual([409, expect.stringContaining("MOLVA_DRAFT_URL")]);
  });
});
