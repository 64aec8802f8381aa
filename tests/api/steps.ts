import type { Api, Called } from "./app.ts";
import { openCase } from "./desk.ts";

/** The desk as tests work at it: one brand with its source, and steps by version. */
export interface Desk {
  brandId: string;
  sourceId: string;
  /** Opens a case from one negative text. */
  open(externalId: string, overrides?: Record<string, unknown>): Promise<string>;
  /** Reads a case with all beside it. */
  read(caseId: string, key?: string): Promise<Called["body"]>;
  /** Takes a step with the version that stands now. */
  step(caseId: string, name: string, body?: object, key?: string): Promise<Called>;
  /** Takes a step with the version that the caller saw; null sends none. */
  stepAt(caseId: string, version: number | null, name: string, body?: object, key?: string): Promise<Called>;
  claimNext(body?: object, key?: string): Promise<string[]>;
  list(query: string, key?: string): Promise<string[]>;
}

/** A desk of its own brand. */
export async function openDesk(api: Api): Promise<Desk> {
  const brandId = await api.world.makeBrand();
  const sourceId = await api.world.makeSource([brandId]);
  const mine = api.keys.manager;
  const stepAt: Desk["stepAt"] = (caseId, version, name, body, key = mine) =>
    api.call("POST", `/v1/queue/${caseId}/${name}`, {
      key,
      ...(body === undefined ? {} : { body }),
      headers: version === null ? {} : { "if-match": `"${version}"` },
    });
  const read: Desk["read"] = async (caseId, key = api.keys.admin) =>
    (await api.call("GET", `/v1/queue/${caseId}`, { key })).body;
  const idsOf = (called: Called): string[] => {
    if (called.status !== 200) throw new Error(called.text);
    return called.body.items.map((item: { id: string }) => item.id);
  };
  return {
    brandId,
    sourceId,
    open: async (externalId, overrides) => (await openCase(api, sourceId, externalId, overrides)).caseId,
    read,
    stepAt,
    step: async (caseId, name, body, key = mine) =>
      stepAt(caseId, (await read(caseId)).version, name, body, key),
    claimNext: async (body = {}, key = mine) =>
      idsOf(
        await api.call("POST", "/v1/queue/claim", {
          key,
          body: { brandIds: [brandId], limit: 100, ...body },
        }),
      ),
    list: async (query, key = mine) =>
      idsOf(await api.call("GET", `/v1/queue?brandId=${brandId}&${query}`, { key })),
  };
}
