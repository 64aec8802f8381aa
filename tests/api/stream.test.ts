import Fastify, { type FastifyBaseLogger, type FastifyInstance } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { createAuthenticator } from "#api/auth.ts";
import { sendProblem } from "#api/problem.ts";
import { registerStream } from "#api/stream.ts";
import { type Change, logChanges } from "#store/change.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { deleteOldChanges } from "#store/prune.ts";
import { type Api, openApi } from "./app.ts";

interface Seen {
  id: number | null;
  event: string | null;
  data: { id: string; seq: number; brandIds: string[] } | null;
  comment: boolean;
}

/** One connection; `next` gives what arrived, event by event. */
interface Client {
  response: Response;
  next(): Promise<Seen>;
  /** Only events; heartbeats are passed over. */
  nextEvent(): Promise<Seen>;
  ended(): Promise<boolean>;
  close(): void;
}

let api: Api;
let url: string;
const clients: Client[] = [];

beforeAll(async () => {
  api = await openApi();
  url = await api.listen();
});
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});
afterAll(() => api.close());

const parse = (block: string): Seen => {
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? null;
  const [id, data] = [field("id"), field("data")];
  return {
    id: id === null ? null : Number(id),
    event: field("event"),
    data: data === null ? null : JSON.parse(data),
    comment: block.startsWith(":"),
  };
};

async function connect(
  options: { key?: string; lastId?: string; query?: string; at?: string } = {},
): Promise<Client> {
  const abort = new AbortController();
  const response = await fetch(`${options.at ?? url}/v1/stream${options.query ?? ""}`, {
    headers: {
      authorization: `Bearer ${options.key ?? api.keys.analyst}`,
      ...(options.lastId === undefined ? {} : { "last-event-id": options.lastId }),
    },
    signal: abort.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const next = async (): Promise<Seen> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        if (!block.startsWith("retry:")) return parse(block);
        continue;
      }
      const read = await reader?.read();
      if (read === undefined || read.done) throw new Error("the stream has ended");
      text += read.value;
    }
  };
  const nextEvent = async (): Promise<Seen> => {
    for (;;) {
      const seen = await next();
      if (seen.data !== null) return seen;
    }
  };
  const client: Client = {
    response,
    next,
    nextEvent,
    ended: () =>
      next().then(
        () => false,
        () => true,
      ),
    close: () => abort.abort(),
  };
  clients.push(client);
  return client;
}

const log = (...changes: (Omit<Change, "subjectId"> & { subjectId?: string })[]) =>
  inTransaction(api.world.db, tx =>
    logChanges(
      tx,
      changes.map(change => ({ subjectId: newId(), ...change })),
      api.deps.clock(),
    ),
  );

const created = (brandId: string, subjectId = newId()) => ({ event: "mention.created", brandId, subjectId });

test("a change reaches every client within a second, with its number as the event's id", async () => {
  const [one, two] = await Promise.all([connect(), connect()]);
  expect(one.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
  expect(one.response.headers.get("x-accel-buffering")).toBe("no");
  const subjectId = newId();
  const before = performance.now();
  await log(created(api.brandId, subjectId));
  const seen = await one.nextEvent();
  expect(performance.now() - before).toBeLessThan(1_000);
  expect(seen.event).toBe("mention.created");
  expect(seen.data).toMatchObject({ id: subjectId, seq: seen.id, brandIds: [api.brandId] });
  expect(await two.nextEvent()).toEqual(seen);
});

test("a client that comes back goes on where it was, by header or by query, in order and without a gap", async () => {
  const first = await connect();
  const ids = Array.from({ length: 1_200 }, () => newId());
  await log(created(api.brandId, ids[0]));
  const { id } = await first.nextEvent();
  first.close();
  for (let at = 1; at < ids.length; at += 100)
    await log(...ids.slice(at, at + 100).map(subjectId => created(api.brandId, subjectId)));
  for (const back of [{ lastId: String(id) }, { query: `?lastEventId=${id}` }]) {
    const client = await connect(back);
    const seen: string[] = [];
    while (seen.length < ids.length - 1) seen.push((await client.nextEvent()).data?.id as string);
    // Within one statement the numbers need not follow the order of the rows.
    expect(new Set(seen)).toEqual(new Set(ids.slice(1)));
  }
});

test("an uncommitted change with a lower number is waited for", async () => {
  const client = await connect();
  const [slow, quick] = [newId(), newId()];
  const release = Promise.withResolvers<void>();
  const written = Promise.withResolvers<void>();
  const slowly = inTransaction(api.world.db, async tx => {
    await logChanges(tx, [created(api.brandId, slow)], api.deps.clock());
    written.resolve();
    await release.promise;
  });
  await written.promise;
  await log(created(api.brandId, quick));
  await new Promise(resolve => setTimeout(resolve, 600));
  release.resolve();
  await slowly;
  expect([(await client.nextEvent()).data?.id, (await client.nextEvent()).data?.id]).toEqual([slow, quick]);
});

test("a key sees its own brands only, and runs of sources that serve them", async () => {
  const shared = await api.world.makeSource([api.brandId, api.foreignBrandId]);
  const own = await api.world.makeSource([api.brandId]);
  const runOf = async (sourceId: string) => {
    const id = newId();
    await api.world.db
      .insertInto("run")
      .values({ id, source_id: sourceId, trigger: "schedule", started_at: api.deps.clock() })
      .execute();
    return { event: "run.finished", brandId: null, subjectId: id };
  };
  const client = await connect({ key: api.foreign.manager });
  const seenRun = await runOf(shared);
  await log(created(api.brandId), await runOf(own), created(api.brandId), seenRun);
  expect((await client.nextEvent()).data).toMatchObject({
    id: seenRun.subjectId,
    brandIds: [api.foreignBrandId],
  });
});

test("an id that is no longer kept gets 410, one that was never given 400", async () => {
  await log(created(api.brandId));
  const client = await connect({ query: "?lastEventId=0" });
  // Nothing was forgotten yet: 0 is before everything.
  expect([200, 410]).toContain(client.response.status);
  await inTransaction(api.world.db, tx =>
    deleteOldChanges(tx, new Date("2027-01-01T00:00:00Z"), 100_000, false),
  );
  // Transactions of other tests on the same server hold back what counts as given.
  await expect
    .poll(async () => (await connect({ lastId: "1" })).response.status, { timeout: 25_000 })
    .toBe(410);
  const gone = await connect({ lastId: "1" });
  expect(gone.response.headers.get("content-type")).toBe("application/problem+json");
  for (const lastId of ["9007199254740991", "abc", "-1"])
    expect([lastId, (await connect({ lastId })).response.status]).toEqual([lastId, 400]);
});

test("only readers are let in", async () => {
  expect((await connect({ key: api.keys.ingest })).response.status).toBe(403);
  expect((await connect({ key: api.expiredKey })).response.status).toBe(401);
});

/** The stream alone, at a pace that a test can wait for. */
async function quickStream(
  pace: Partial<Parameters<typeof registerStream>[3]> = {},
): Promise<FastifyInstance> {
  const app = Fastify({ loggerInstance: api.deps.log as FastifyBaseLogger, forceCloseConnections: "idle" });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(sendProblem);
  app.decorateRequest("caller", null);
  registerStream(app, api.deps, createAuthenticator(api.world.db), {
    pollMs: 20,
    heartbeatMs: 100,
    stuckMs: 300,
    maxConnections: 3,
    maxPerKey: 2,
    ...pace,
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  return app;
}

const addressOf = (app: FastifyInstance) => app.listeningOrigin;

test("silence is broken by heartbeats, whose id moves past changes of foreign brands", async () => {
  const app = await quickStream();
  const client = await connect({ at: addressOf(app), key: api.foreign.analyst });
  const first = await client.next();
  expect([first.comment, first.data]).toEqual([true, null]);
  await log(created(api.brandId));
  let later = await client.next();
  for (let n = 0; n < 10 && later.id === first.id; n++) later = await client.next();
  expect(later.data).toBeNull();
  expect(later.id as number).toBeGreaterThan(first.id as number);
  client.close();
  await app.close();
});

test("a key that ends takes its stream with it", async () => {
  const app = await quickStream();
  const key = await api.makeKey("analyst");
  const client = await connect({ at: addressOf(app), key });
  await client.next();
  await api.call("DELETE", `/v1/keys/${key.split("_")[1]}`);
  const now = api.deps.clock().getTime();
  api.world.setNow(new Date(now + 3_000).toISOString());
  for (let n = 0; n < 20 && !(await client.ended()); n++);
  expect(await client.ended()).toBe(true);
  await app.close();
});

test("connections are limited by key and by process, and a closed one makes room", async () => {
  const app = await quickStream();
  const at = addressOf(app);
  const [first] = await Promise.all([connect({ at }), connect({ at })]);
  expect((await connect({ at })).response.status).toBe(429);
  await connect({ at, key: api.keys.manager });
  expect((await connect({ at, key: api.keys.admin })).response.status).toBe(503);
  first.close();
  await expect
    .poll(async () => (await connect({ at, key: api.keys.admin })).response.status, { timeout: 3_000 })
    .toBe(200);
  for (const client of clients) client.close();
  await app.close();
});

test("a stopping process ends its streams at once", async () => {
  const app = await quickStream({ heartbeatMs: 60_000 });
  const client = await connect({ at: addressOf(app) });
  const before = performance.now();
  await app.close();
  expect(await client.ended()).toBe(true);
  expect(performance.now() - before).toBeLessThan(2_000);
});
