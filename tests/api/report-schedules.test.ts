import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startReports } from "#pipeline/report-runs.ts";
import { type Api, openApi } from "./app.ts";

let api: Api;
let channelId: string;

beforeAll(async () => {
  api = await openApi();
  const body = { kind: "webhook", name: "w", settings: { url: "https://hooks.example/x" } };
  channelId = (await api.call("POST", "/v1/alert-channels", { body })).body.id;
});
afterAll(() => api.close());

const url = "/v1/report-schedules";
const make = (more: object = {}, key = api.keys.admin) =>
  api.call("POST", url, {
    key,
    body: { brandId: api.brandId, every: "daily", channelIds: [channelId], ...more },
  });

describe("report schedules", () => {
  it("take zone and language from the brand, and are listed until they are deleted", async () => {
    const made = await make();
    expect(made).toMatchObject({
      status: 201,
      body: { at: "09:00", timezone: null, language: "ru", format: "pdf", enabled: true },
    });
    const { id } = made.body;
    const off = await api.call("PATCH", `${url}/${id}`, { body: { enabled: false } });
    expect(off.body).toMatchObject({ enabled: false, nextAt: null });
    const listed = async () => (await api.call("GET", `${url}?brandId=${api.brandId}`)).body.items;
    expect(await listed()).toEqual([off.body]);
    expect((await api.call("GET", `${url}/${id}`)).body).toEqual(off.body);
    expect(made.headers["location"]).toBe(`${url}/${id}`);
    expect((await api.call("DELETE", `${url}/${id}`)).status).toBe(204);
    expect(await listed()).toEqual([]);
    expect((await api.call("PATCH", `${url}/${id}`, { body: {} })).status).toBe(404);
  });

  it("of a brand that a key does not see are not there for it", async () => {
    const { id } = (await make()).body;
    const key = api.foreign.admin;
    expect((await make({}, key)).status).toBe(404);
    expect((await api.call("GET", url, { key })).body.items).toEqual([]);
    expect((await api.call("GET", `${url}/${id}`, { key })).status).toBe(404);
    expect((await api.call("PATCH", `${url}/${id}`, { key, body: { at: "10:00" } })).status).toBe(404);
    expect((await api.call("DELETE", `${url}/${id}`, { key })).status).toBe(404);
  });

  it("lead to what became of their reports", async () => {
    const [one, other] = [(await make()).body, (await make()).body];
    const listed = async (id: string) =>
      (await api.call("GET", `/v1/deliveries?reportScheduleId=${id}`)).body.items;
    expect(await listed(one.id)).toEqual([]);
    api.world.setNow(one.nextAt);
    await startReports(api.deps);
    expect(await listed(one.id)).toMatchObject([{ reportScheduleId: one.id, channelId, state: "waiting" }]);
    expect(await listed(other.id)).toHaveLength(1);
  });

  it("refuse channels that are not there, and times and zones that are none", async () => {
    for (const wrong of [
      { channelIds: [] },
      { channelIds: [channelId, channelId] },
      { channelIds: [api.brandId] },
      { at: "24:00" },
      { timezone: "Mars/Olympus" },
      { every: "weekly", weekday: 8 },
    ])
      expect((await make(wrong)).status).toBeGreaterThanOrEqual(400);
  });
});
