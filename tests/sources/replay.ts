import type { AnySourceKind, Json, SourceRequest } from "#sources/define.ts";
import { askFor, type Fixture, firstRequests, followUps } from "./fixture.ts";

/** What a run asked, found and proposed. */
export interface Replayed {
  requests: SourceRequest[];
  ids: string[];
  cursor: Json;
}

/** One run over the ordinary fixtures; the cursor is the last one proposed, else the one it began with. */
export function replay(kind: AnySourceKind, served: readonly Fixture[], cursor: Json): Replayed {
  const result: Replayed = { requests: [], ids: [], cursor };
  const unused = new Set(served);
  let progress: Json = null;
  const start = served.find(fixture => fixture.name === "ordinary") ?? served[0];
  const ask = askFor(kind, start?.meta, { cursor });
  const waiting = firstRequests(kind, ask).map((request, index) => ({
    request,
    fixture: index === 0 ? start : undefined,
  }));
  for (let turn = waiting.shift(); turn !== undefined; turn = waiting.shift()) {
    const { request } = turn;
    result.requests.push(request);
    const fixture = turn.fixture ?? answering(request, served, unused);
    if (fixture === undefined || kind.parse === undefined) continue;
    if (result.requests.length > 200) throw new Error(`${kind.id}: the run does not end`);
    unused.delete(fixture);
    const { status = 200, headers = {} } = fixture.meta;
    const page = kind.parse(
      { request, url: request.url, status, headers, body: fixture.body },
      { ...ask, progress },
    );
    result.ids.push(...page.items.map(item => item.externalId));
    if (page.cursor !== undefined) {
      progress = page.cursor;
      result.cursor = page.cursor;
    }
    waiting.unshift(...followUps(page).map(next => ({ request: next, fixture: undefined })));
  }
  return result;
}

function answering(
  request: SourceRequest,
  served: readonly Fixture[],
  unused: ReadonlySet<Fixture>,
): Fixture | undefined {
  const free = served.filter(fixture => unused.has(fixture));
  return (
    free.find(({ meta }) => meta.url === request.url) ??
    free.find(({ meta }) => meta.url === undefined && meta.step !== undefined && meta.step === request.step)
  );
}
