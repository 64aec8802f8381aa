import { type Item, itemSchema } from "#domain/item.ts";
import type { Ask, Json, Page, SourceReply, SourceRequest } from "#sources/define.ts";
import { findSourceKind } from "#sources/registry.ts";

export interface Run {
  items: Item[];
  cursor: Json;
  requestCount: number;
}

/** One run of a source kind over real HTTP: asks, parses and follows until nothing is left. */
export async function collect(
  kindId: string,
  givenSettings: unknown,
  now: Date,
  cursor: Json = null,
): Promise<Run> {
  const kind = findSourceKind(kindId);
  const settings = kind.settings.parse(givenSettings);
  const ask: Ask<unknown> = { settings, cursor, progress: null, now, since: null };
  const run: Run = { items: [], cursor, requestCount: 0 };
  const waiting = [kind.request?.(ask) ?? []].flat();
  for (let request = waiting.shift(); request !== undefined; request = waiting.shift()) {
    run.requestCount += 1;
    const page = kind.parse?.(await replyTo(request), { ...ask, progress: run.cursor }) as Page;
    run.items.push(...page.items.map(item => itemSchema.parse(item)));
    if (page.cursor !== undefined) run.cursor = page.cursor;
    waiting.unshift(...(page.next ? [page.next] : []), ...(page.details ?? []));
  }
  return run;
}

async function replyTo(request: SourceRequest): Promise<SourceReply> {
  const response = await fetch(request.url, { headers: request.headers ?? {} });
  return {
    request,
    url: response.url,
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

/** The newest state of each document, as the identity by external id keeps it. */
export const documentsOf = (items: readonly Item[]): Map<string, Item> =>
  new Map(items.map(item => [item.externalId, item]));
