import { MolvaError } from "#domain/errors.ts";
import type { Net, NetReply } from "#net/client.ts";
import type { Ask, Json, SearchLook, SourceRequest } from "#sources/define.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { addToRun } from "#store/run.ts";
import { findValidators, keepValidators, lockSource, type SourceRow, updateSource } from "#store/source.ts";
import { askSource } from "./ask.ts";
import type { Deps } from "./deps.ts";
import { finishRun } from "./finish-run.ts";
import { ingestPage } from "./ingest/page.ts";
import type { ParsePool } from "./parse-pool.ts";
import { claimMs } from "./schedule.ts";
import { raiseEntries } from "./serp/entry-alerts.ts";
import { storeLook } from "./serp/look.ts";
import { credentialsOf, type SourceFacts, sourceFacts } from "./source-facts.ts";

/**
 * What a source remembers: `at` is what its last complete run adopted; `resume` is a run in the middle,
 * whose requests still to be made commit with the pages made. So the cursor is never ahead of the data.
 */
export interface StoredCursor {
  at: Json;
  resume: { requests: SourceRequest[]; progress: Json } | null;
}

export type CollectDeps = Deps & { net: Net; parsePool: ParsePool };

/** One job; `final` says that the queue will not try again. */
export interface CollectJob {
  sourceId: string;
  runId: string;
  attempt: number;
  final: boolean;
  signal: AbortSignal;
}

/** A run reads at most so many pages; the rest is left to the next one, which resumes. */
const maxPages = 500;
/** How far back a source's first run reads, where the kind can stop early. */
const firstRunMs = 90 * 86_400_000;

/** Thrown inside a page's transaction when another attempt has taken the source over. */
class SupersededError extends MolvaError {
  constructor() {
    super("superseded", "another attempt of this run has taken over", { retry: "never" });
  }
}

/**
 * Runs a source: asks, parses off the main loop and stores page by page, each with its cursor in one
 * transaction. An error that is worth another try goes back to the queue; any other ends the run by name.
 */
export async function collect(deps: CollectDeps, job: CollectJob): Promise<void> {
  const startedMs = performance.now();
  const taken = await takeSource(deps, job);
  if (taken === null) return;
  try {
    const complete = await collectPages(deps, job, prepare(deps, taken));
    await finishRun(deps, job, { error: null, complete, lease: taken.lease });
  } catch (error) {
    if (error instanceof SupersededError) return;
    if (job.signal.aborted) throw error;
    if (!job.final && !(error instanceof MolvaError && error.retry !== "backoff")) throw error;
    await finishRun(deps, job, { error, complete: false, lease: taken.lease });
  } finally {
    const { sourceId, runId, attempt } = job;
    deps.log.info(
      { sourceId, runId, attempt, durationMs: Math.round(performance.now() - startedMs) },
      "collect",
    );
  }
}

interface Taken {
  row: SourceRow;
  lease: string;
}

interface Begun extends Taken {
  facts: SourceFacts;
  credentials: unknown;
  cursor: StoredCursor;
}

/** Takes the source for this attempt; null when the run has ended or the source is gone. */
async function takeSource({ db, clock }: CollectDeps, job: CollectJob): Promise<Taken | null> {
  const lease = newId();
  return inTransaction(db, async tx => {
    const row = await lockSource(tx, job.sourceId);
    if (!row || row.archived_at !== null) return null;
    const run = await tx
      .updateTable("run")
      .set(eb => ({ attempt_count: eb("attempt_count", "+", 1) }))
      .where("id", "=", job.runId)
      .where("outcome", "is", null)
      .returning("id")
      .executeTakeFirst();
    if (!run) return null;
    await updateSource(tx, row.id, { lease, claimed_until: new Date(clock().getTime() + claimMs) });
    return { row, lease };
  });
}

function prepare({ secrets }: CollectDeps, taken: Taken): Begun {
  const facts = sourceFacts(taken.row);
  const cursor = (taken.row.cursor as StoredCursor | null) ?? { at: null, resume: null };
  return { ...taken, facts, credentials: credentialsOf(taken.row, facts.kind, secrets), cursor };
}

/** Reads until nothing is left; false when the limit of pages came first. */
async function collectPages(deps: CollectDeps, job: CollectJob, begun: Begun): Promise<boolean> {
  const { facts, row } = begun;
  const now = deps.clock();
  const ask: Ask<unknown> = {
    settings: facts.settings,
    cursor: begun.cursor.at,
    progress: begun.cursor.resume?.progress ?? null,
    now,
    since:
      begun.cursor.at === null
        ? new Date(Math.min(now.getTime() - firstRunMs, row.act_from.getTime()))
        : null,
  };
  const first = begun.cursor.resume?.requests ?? [facts.kind.request?.(ask) ?? []].flat();
  let requests = first;
  for (let page = 0; requests.length > 0; page++) {
    if (page === maxPages) return false;
    job.signal.throwIfAborted();
    const [request, ...rest] = requests as [SourceRequest, ...SourceRequest[]];
    requests = await collectOne(deps, job, begun, { ask, request, rest });
  }
  return true;
}

interface Step {
  ask: Ask<unknown>;
  request: SourceRequest;
  rest: SourceRequest[];
}

/** Asks once, stores what came, and returns the requests that are left. */
async function collectOne(
  deps: CollectDeps,
  job: CollectJob,
  begun: Begun,
  { ask, request, rest }: Step,
): Promise<SourceRequest[]> {
  const { facts } = begun;
  const conditional = (request.method ?? "GET") === "GET" && request.state === undefined;
  const validators = conditional ? await findValidators(deps.db, job.sourceId, request.url) : null;
  const reply = await askSource(deps, begun, request, { validators, signal: job.signal });
  if (reply.notModified) {
    await storePage(deps, job, begun, {
      ask,
      reply,
      request,
      items: [],
      look: null,
      requests: rest,
      keep: false,
    });
    return rest;
  }
  const { page } = await deps.parsePool.parse({
    kindId: facts.kind.id,
    bytes: reply.body,
    headers: reply.headers,
    status: reply.status,
    url: reply.url,
    request,
    ask,
  });
  if (page.cursor !== undefined) ask.progress = page.cursor;
  const requests = [...(page.details ?? []), ...(page.next ? [page.next] : []), ...rest];
  const { items, look } = page;
  await storePage(deps, job, begun, { ask, reply, request, items, look, requests, keep: conditional });
  return requests;
}

interface PageToStore {
  ask: Ask<unknown>;
  reply: NetReply;
  request: SourceRequest;
  items: Parameters<typeof ingestPage>[3];
  look: SearchLook | null;
  requests: SourceRequest[];
  /** Keep what the site said of this version of the page. */
  keep: boolean;
}

async function storePage(deps: CollectDeps, job: CollectJob, begun: Begun, page: PageToStore): Promise<void> {
  const now = deps.clock();
  const alertCount = await inTransaction(deps.db, async tx => {
    await holdLease(tx, job.sourceId, begun.lease);
    const { kind, site } = begun.facts.ingest;
    const identity = { sourceKind: kind, site };
    const done = await ingestPage(tx, deps, begun.facts.ingest, page.items, now);
    const origin = { sourceId: job.sourceId, runId: job.runId, identity };
    const looks =
      page.look === null ? [] : await storeLook(tx, deps, origin, { ...page.look, items: page.items }, now);
    const entryCount = await raiseEntries(tx, looks, now);
    const resume = page.requests.length > 0 ? { requests: page.requests, progress: page.ask.progress } : null;
    const at = resume === null ? (page.ask.progress ?? begun.cursor.at) : begun.cursor.at;
    await updateSource(tx, job.sourceId, {
      cursor: { at, resume } satisfies StoredCursor,
      claimed_until: new Date(now.getTime() + claimMs),
    });
    if (page.keep) await keepPageValidators(tx, job.sourceId, page, now);
    await addToRun(tx, job.runId, {
      found: page.items.length,
      new: done.newCount,
      updated: done.updatedCount,
      duplicates: done.duplicateCount,
      pages: 1,
      bytes: page.reply.body.byteLength,
    });
    return done.alertCount + entryCount;
  });
  if (alertCount > 0) await deps.enqueue.notify();
}

async function holdLease(tx: Tx, sourceId: string, lease: string): Promise<void> {
  const source = await lockSource(tx, sourceId);
  if (source?.lease !== lease) throw new SupersededError();
}

async function keepPageValidators(
  tx: Tx,
  sourceId: string,
  { reply, request }: PageToStore,
  now: Date,
): Promise<void> {
  const etag = reply.stored?.headers["etag"] ?? null;
  const lastModified = reply.stored?.headers["last-modified"] ?? null;
  if (etag !== null || lastModified !== null)
    await keepValidators(tx, sourceId, request.url, { etag, lastModified }, now);
}
