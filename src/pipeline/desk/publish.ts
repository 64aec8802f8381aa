import { setTimeout as sleep } from "node:timers/promises";
import { MolvaError, QuotaError } from "#domain/errors.ts";
import type { Item } from "#domain/item.ts";
import { decodeText } from "#net/charset.ts";
import type { Net } from "#net/client.ts";
import { authorized, keepPause, takePlace } from "#pipeline/ask.ts";
import type { Deps } from "#pipeline/deps.ts";
import { ingestPage } from "#pipeline/ingest/page.ts";
import { itemOf } from "#pipeline/parse-reply.ts";
import type { SourceReply, SourceRequest, StandingState, Taking } from "#sources/define.ts";
import { lockCases } from "#store/case.ts";
import { inTransaction } from "#store/db.ts";
import { type ReplyRow, updateReply } from "#store/reply.ts";
import { holdReply, markPosted, takeDueReplies } from "#store/reply-sending.ts";
import { type Errand, type Obstacle, obstacleTo, openErrand } from "./publish-errand.ts";
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

export type PublishDeps = Deps & { net: Net };

/** Replies under way at once in this process, and of one account anywhere: a slow source never holds up the others. */
const atOnce = 16;
const perAccount = 4;
/** One exchange, waiting for the host's turn included; well within the lease. */
const exchangeMs = 20_000;
const maxAnswerBytes = 1024 * 1024;

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

/** A look before the first sending finds what was answered elsewhere since the last run; it is left out where requests are scarce. */
const scarceMs = 10_000;
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
    const answer = await exchange(deps, errand, way.look(draft, settings), signal);
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

/** Sends: first the row says that a request leaves, then it leaves. */
async function send(deps: PublishDeps, errand: Errand, signal: AbortSignal): Promise<string> {
  const waitMs = await waitForPlace(deps, errand, signal);
  if (waitMs > 0) {
    const at = new Date(deps.clock().getTime() + waitMs);
    return settle(deps, errand, afterQuota("approved", at));
  }
  const postedAt = deps.clock();
  const lease = new Date(postedAt.getTime() + leaseMs);
  const reply = await markPosted(deps.db, errand.reply, { postedAt, lease });
  if (reply === undefined) return "superseded";
  const posted = { ...errand, reply };
  const taking = await post(deps, posted, signal);
  const now = deps.clock();
  if (taking === "silence") return settle(deps, posted, afterSilence(postedAt));
  if (typeof taking === "number") {
    return settle(deps, posted, afterQuota("approved", new Date(now.getTime() + taking)));
  }
  if (taking.kind === "refused") return settle(deps, posted, { to: "refused", words: taking.reason });
  return settle(deps, posted, afterTaking(now));
}

/** What the source did with it; a number: nothing, and after how many ms it may be sent; silence: nobody knows. */
async function post(
  deps: PublishDeps,
  errand: Errand,
  signal: AbortSignal,
): Promise<Taking | number | "silence"> {
  const { way, draft, asker } = errand;
  const { settings } = asker.facts;
  try {
    const answer = await exchange(deps, errand, way.send(draft, settings), signal);
    return way.taking(answer, { settings, now: deps.clock() });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof QuotaError) return pause(deps, errand, error);
    deps.log.warn({ err: error, replyId: errand.reply.id }, "the end of a reply is not known");
    const neverLeft = error instanceof MolvaError && error.retry === "never";
    return neverLeft ? { kind: "refused", reason: addressWords(error.message) } : "silence";
  }
}

const usualPauseMs = 60_000;

async function pause(deps: PublishDeps, { asker }: Errand, error: QuotaError): Promise<number> {
  const waitMs = typeof error.retry === "object" ? error.retry.afterMs : usualPauseMs;
  await keepPause(deps, asker, new Date(deps.clock().getTime() + waitMs));
  return waitMs;
}

/** A short wait is sat out within the lease. */
const shortWaitMs = 3_000;
const waitAttempts = 4;

/** 0 when a place in the source's quota is taken, else after how many ms to come back. */
async function waitForPlace(deps: PublishDeps, { asker }: Errand, signal: AbortSignal): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const waitMs = await takePlace(deps, asker);
    if (waitMs === 0 || waitMs > shortWaitMs || attempt === waitAttempts) return waitMs;
    await sleep(waitMs, undefined, { signal });
  }
}

async function exchange(
  { net }: PublishDeps,
  { asker }: Errand,
  request: SourceRequest,
  signal: AbortSignal,
): Promise<SourceReply> {
  const { url, method = "GET", headers = {}, body } = authorized(asker, request);
  const reply = await net.fetch({
    url,
    method,
    headers,
    ...(body === undefined ? {} : { body }),
    follows: false,
    maxBodyBytes: maxAnswerBytes,
    signal: AbortSignal.any([signal, AbortSignal.timeout(exchangeMs)]),
  });
  const { text } = decodeText(reply.body, reply.headers);
  return { request, url: reply.url, status: reply.status, headers: reply.headers, body: text };
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
