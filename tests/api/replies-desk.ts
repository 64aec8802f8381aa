import type { ReplyState } from "#store/tables.ts";
import type { Api, Called } from "./app.ts";
import { openCase } from "./desk.ts";

/** A desk of one brand whose texts come from the seller's API of a marketplace, which takes answers, and by push, which does not. */
export interface Desk {
  api: Api;
  brandId: string;
  /** Its answers are posted by people. */
  pushId: string;
  get(path: string, key?: string): Promise<Called>;
  /** Takes a step with the version that stands now, or the given one. */
  step(caseId: string, name: string, body?: object, options?: StepOptions): Promise<Called>;
  open(externalId: string, overrides?: Record<string, unknown>): Promise<string>;
  /** Has the texts of a case come from the marketplace. */
  sell(caseId: string): Promise<void>;
  /** Puts the only reply of a case into a state, with the case where it belongs. */
  force(caseId: string, state: ReplyState): Promise<void>;
  settings(desk: object): Promise<void>;
}

interface StepOptions {
  key?: string;
  version?: number;
}

const caseStatusOf: Partial<Record<ReplyState, string>> = {
  submitted: "awaiting-approval",
  approved: "awaiting-publication",
  sending: "awaiting-publication",
  sent: "awaiting-publication",
  unknown: "awaiting-publication",
};

/** A new brand with its source on an open API. */
export async function openDesk(api: Api): Promise<Desk> {
  const brandId = await api.world.makeBrand();
  const pushId = await api.world.makeSource([brandId]);
  const sellerId = await api.world.makeSource([brandId], { kind: "wildberries-seller" });
  const { db } = api.world;
  const get: Desk["get"] = (path, key = api.keys.manager) => api.call("GET", path, { key });
  return {
    api,
    brandId,
    pushId,
    get,
    step: async (caseId, name, body, { key = api.keys.manager, version } = {}) =>
      api.call("POST", `/v1/queue/${caseId}/${name}`, {
        key,
        ...(body === undefined ? {} : { body }),
        headers: { "if-match": `"${version ?? (await get(`/v1/queue/${caseId}`)).body.version}"` },
      }),
    open: async (externalId, overrides) => (await openCase(api, pushId, externalId, overrides)).caseId,
    sell: async caseId => {
      const mentions = db.selectFrom("mention").select("document_id").where("case_id", "=", caseId);
      const columns = { source_id: sellerId, source_kind: "wildberries-seller" };
      await db.updateTable("document").set(columns).where("id", "in", mentions).execute();
      await db.updateTable("mention").set(columns).where("case_id", "=", caseId).execute();
    },
    force: async (caseId, state) => {
      await db.updateTable("reply").set({ state }).where("case_id", "=", caseId).execute();
      const status = (caseStatusOf[state] ?? "open") as "open";
      await db.updateTable("case").set({ status }).where("id", "=", caseId).execute();
    },
    settings: async desk => {
      const { status, text } = await api.call("PATCH", `/v1/brands/${brandId}`, { body: { desk } });
      if (status !== 200) throw new Error(text);
    },
  };
}

export const sorry = "Анна, здравствуйте! Нам очень жаль, что так вышло: мы поговорили со сменой.";
