import { MolvaError, QuotaError } from "#domain/errors.ts";
import type { Item } from "#domain/item.ts";
import { ingestPage } from "#pipeline/ingest/page.ts";
import { itemOf } from "#pipeline/parse-reply.ts";
import type { StandingState } from "#sources/define.ts";
import { lockCases } from "#store/case.ts";
import { inTransaction } from "#store/db.ts";
import { type ReplyRow, updateReply } from "#store/reply.ts";
import { holdReply, markPosted, takeDueReplies } from "#store/reply-sending.ts";
import { type Errand, type Obstacle, obstacleTo, openErrand } from "./publish-errand.ts";
import { exchange, type PublishDeps, pause, waitForPlace } from "./publish-exchange.ts";
import {
  afterFirstLook,
  afterLook,
  afterNoReach,
  afterQuota,
  afterSilence,
  afterTaking,
  type Decision,
  leaseMs,
} from "./publish-plan.ts";
import { settleReply } from "./publish-settle.ts";
import { addressWords } from "./publish-words.ts";

/** Replies under way at once in this process, and of one account anywhere: a slow source never holds up the others. */
const atOnce = 16;
const perAccount = 4;
/** Sends what is due and looks what became of what was sent, until nothing is due; returns how many errands were run. */
export async function publishDue(deps: PublishDeps, signal: AbortSignal): Promise<number> {
  const running = new Set<Promise<void>>();
  let count = 0;
  while (!signal.aborted) {
    const now = deps.clock();
    const lease = new Date(now.getTime() + leaseMs);
    const limit = atOnce - running.size;
    const taken = limit > 0 ? await takeDueReplies(deps.db, { now, lease, limit, perAccount }) : [];
    for (const reply of taken) {
      const errand: Promise<void> = run(deps, reply, signal).finally(() => running.delete(errand));
      running.add(errand);
    }
    count += taken.length;
    if (running.size === 0) break;
    if (taken.length === 0) await Promise.race(running);
  }
  await Promise.all(running);
  return count;
}

/** What fails here is told to the log alone: the lease runs out, and the reply is taken again. */
async function run(deps: PublishDeps, reply: ReplyRow, signal: AbortSignal): Promise<void> {
  const startedMs = performance.now();
  try {
    const end = await runErrand(deps, reply, signal);
    const durationMs = Math.round(performance.now() - startedMs);
    deps.log.info({ replyId: reply.id, from: reply.state, to: end, durationMs }, "reply");
  } catch (err) {
    if (!signal.aborted) deps.log.error({ err, replyId: reply.id }, "reply failed");
  }
}

/** Looks, and sends where nothing of the reply has left and nothing stands there; answers what was decided. */
async function runErrand(deps: PublishDeps, reply: ReplyRow, signal: AbortSignal): Promise<string> {
  const errand = await openErrand(deps, reply);
  const isFresh = reply.state === "sending" && reply.posted_at === null;
  if (errand === "assisted" || "words" in errand) return withoutWay(deps, reply, errand, isFresh);
  const words = isFresh ? obstacleTo(errand, deps.clock()) : null;
  if (words !== null) return settle(deps, errand, { to: "refused", words });
  if (isFresh && !looksFirst(errand)) return send(deps, errand, signal);
  const look = await lookAt(deps, errand, signal);
  const now = deps.clock();
  if (typeof look === "number") {
    const state = isFresh ? "approved" : (reply.state as "sending" | "sent" | "unknown");
    return settle(deps, errand, afterQuota(state, new Date(now.getTime() + look)));
  }
  const looked = { ...reply, look_count: reply.look_count + 1 };
  if (!isFresh) return settle(deps, errand, afterLook(looked, look.state, now), look);
  if (look.state === "silent" && !look.isRefused)
    return settle(deps, errand, afterNoReach(looked, now), look);
  const decision = look.state === "silent" ? null : afterFirstLook(look.state, now);
  return decision === null ? send(deps, errand, signal) : settle(deps, errand, decision, look);
}

/** The source cannot be asked: what has not left goes back to the people, of what has left nothing is learnt now. */
async function withoutWay(
  deps: PublishDeps,
  reply: ReplyRow,
  obstacle: Obstacle,
  isFresh: boolean,
): Promise<string> {
  const now = deps.clock();
  if (isFresh && obstacle === "assisted") {
    await inTransaction(deps.db, async tx => {
      const held = await holdReply(tx, reply.id, reply.lease as Date);
      const assisted = { assisted: true, state: "approved", lease: null, next_attempt_at: null } as const;
      if (held) await updateReply(tx, reply.id, { ...assisted, updated_at: now });
    });
    return "assisted";
  }
  const looked = { ...reply, look_count: reply.look_count + 1 };
  const decision: Decision =
    isFresh && obstacle !== "assisted"
      ? { to: "refused", words: obstacle.words }
      : afterLook(looked, "silent", now);
  return settle(deps, { reply }, decision, { item: null });
}

/**
 * A look before the first sending finds what was answered elsewhere since the last run. It is left out where
 * requests are so scarce that the place for sending would come long after it.
 */
const scarceMs = 1_000;
const looksFirst = ({ asker: { facts } }: Errand): boolean =>
  (facts.kind.quota?.(facts.settings).intervalMs ?? 0) <= scarceMs;

interface Look {
  state: StandingState | "silent";
  item: Item | null;
  /** The source will not tell us however often it is asked. */
  isRefused: boolean;
}

/** What stands there now, or after how many ms it may be asked. */
async function lookAt(deps: PublishDeps, errand: Errand, signal: AbortSignal): Promise<Look | number> {
  const { way, draft, asker } = errand;
  const waitMs = await waitForPlace(deps, errand, signal);
  if (waitMs > 0) return waitMs;
  const { settings } = asker.facts;
  try {
    const answer = await exchange(deps, errand, way.look(draft, settings), { signal });
    const { state, item } = way.standing(answer, draft, { settings, now: deps.clock() });
    return { state, item: item === null ? null : itemOf(item), isRefused: false };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof QuotaError) return pause(deps, errand, error);
    deps.log.warn({ err: error, replyId: errand.reply.id }, "look at a reply failed");
    return {
      state: "silent",
      item: null,
      isRefused: error instanceof MolvaError && error.retry === "never",
    };
  }
}

/** Another has taken the reply meanwhile. */
class SupersededError extends MolvaError {
  constructor() {
    super("superseded", "another process has taken this reply over", { retry: "never" });
  }
}

/** Sends: when it is the request's turn, first the row says that it leaves, then it leaves. */
async function send(deps: PublishDeps, errand: Errand, signal: AbortSignal): Promise<string> {
  const waitMs = await waitForPlace(deps, errand, signal);
  if (waitMs > 0) return settle(deps, errand, comeBack(deps, waitMs));
  const { way, draft, asker } = errand;
  const { settings } = asker.facts;
  let posted: Errand | null = null;
  const leaving = async (): Promise<void> => {
    posted = { ...errand, reply: await post(deps, errand) };
  };
  try {
    const answer = await exchange(deps, errand, way.send(draft, settings), { signal, leaving });
    const taking = way.taking(answer, { settings, now: deps.clock() });
    const decision: Decision =
      taking.kind === "refused" ? { to: "refused", words: taking.reason } : afterTaking(deps.clock());
    return await settle(deps, posted ?? errand, decision);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SupersededError) return "superseded";
    return settle(deps, posted ?? errand, await afterFailure(deps, posted, errand, error));
  }
}

async function post({ db, clock }: PublishDeps, { reply }: Errand): Promise<ReplyRow> {
  const postedAt = clock();
  const lease = new Date(postedAt.getTime() + leaseMs);
  const posted = await markPosted(db, reply, { postedAt, lease });
  if (posted === undefined) throw new SupersededError();
  return posted;
}

/** A queue before a host that is longer than our patience is tried again soon. */
const queuedMs = 5_000;

const comeBack = ({ clock }: PublishDeps, waitMs: number): Decision =>
  afterQuota("approved", new Date(clock().getTime() + waitMs));

async function afterFailure(
  deps: PublishDeps,
  posted: Errand | null,
  errand: Errand,
  error: unknown,
): Promise<Decision> {
  if (error instanceof QuotaError) return comeBack(deps, await pause(deps, errand, error));
  deps.log.warn({ err: error, replyId: errand.reply.id }, "the end of a reply is not known");
  if (error instanceof MolvaError && error.retry === "never")
    return { to: "refused", words: addressWords(error.message) };
  return posted === null ? comeBack(deps, queuedMs) : afterSilence(posted.reply.posted_at as Date);
}

/** Stores what a look has brought, as a run would, and what was decided, in one transaction, if the reply is still ours. */
async function settle(
  deps: PublishDeps,
  { reply, asker }: Pick<Errand, "reply"> & Partial<Pick<Errand, "asker">>,
  decision: Decision,
  look: { item: Item | null } | null = null,
): Promise<string> {
  const now = deps.clock();
  const alertCount = await inTransaction(deps.db, async tx => {
    const item = look?.item ?? null;
    const stored = item && asker ? await ingestPage(tx, deps, asker.facts.ingest, [item], now) : null;
    await lockCases(tx, [reply.case_id]);
    const held = await holdReply(tx, reply.id, reply.lease as Date);
    if (held) await settleReply(tx, held, decision, { looked: look !== null, now });
    return stored?.alertCount ?? 0;
  });
  if (alertCount > 0) await deps.enqueue.notify();
  return decision.to;
}
