import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Api, type Called, openApi } from "./app.ts";
import { openCase } from "./desk.ts";

let api: Api;
let brandId: string;
let sourceId: string;

beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
beforeEach(async () => {
  api.world.setNow("2026-11-20T12:00:00Z");
  brandId = await api.world.makeBrand();
  sourceId = await api.world.makeSource([brandId]);
});

const get = (path: string, key = api.keys.manager) => api.call("GET", path, { key });
const step = (
  caseId: string,
  name: string,
  version: number | null,
  body?: object,
  key = api.keys.manager,
): Promise<Called> =>
  api.call("POST", `/v1/queue/${caseId}/${name}`, {
    key,
    ...(body === undefined ? {} : { body }),
    headers: version === null ? {} : { "if-match": `"${version}"` },
  });

describe("x", () => {
  it("runs", async () => {
    const { caseId } = await openCase(api, sourceId, "r-1");
    for (const [name, body] of [
      ["assign", { personId: api.personId }],
      ["snooze", { until: "2026-11-20T13:00:00Z" }],
      ["wake", {}],
      ["wait", {}],
      ["wake", {}],
      ["tag", { tags: ["a", "a"], rootCauses: ["b"] }],
      ["note", { text: "x", personIds: [api.approverId] }],
      ["escalate", { personId: api.approverId, reason: "y" }],
      ["resolve", { outcome: "spam" }],
      ["reopen", {}],
    ] as const) {
      const { version } = (await get(`/v1/queue/${caseId}`)).body;
      const { status, body: after } = await step(caseId, name, version, body);
      expect([name, status, after]).toEqual([name, 200, expect.anything()]);
      expect(after.version).toBe(version + 1);
    }
  });
});
