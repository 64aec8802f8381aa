import type { StandingState, Words } from "#sources/define.ts";
import type { ReplyRow } from "#store/reply.ts";
import { publishWords } from "./publish-words.ts";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A request that left is over by then, whoever sent it: none takes longer than its lease. */
export const leaseMs = minuteMs;
/** So long after an unseen end a text that is not there was not taken: what is slow inside the source has come through. */
const settledMs = 3 * minuteMs;
/** Looks after a request without an end, counted from it; after the last one people are told. */
const unsureLooksMs = [1, 3, 10, 30, 60, 120, 240, 480].map(minutes => minutes * minuteMs);
/** Looks after the source took a reply, counted from then; the last pause repeats. */
const takenLooksMs = [30 * secondMs, 3 * minuteMs, 15 * minuteMs, hourMs, 3 * hourMs, 6 * hourMs];
const takenEveryMs = 12 * hourMs;
/** A reply that the source took and shows nothing of is a riddle by then; one with its moderators, and any other, by the second. */
const unseenMs = 3 * hourMs;
const longestMs = 14 * dayMs;
/** Looks at a riddle go on for so long. */
const riddleMs = 45 * dayMs;
/** Pauses before a reply that was not taken is sent again; after the last one people get it back. */
const resendMs = [0, minuteMs / 2, 2 * minuteMs, 15 * minuteMs, hourMs, 4 * hourMs];
/** Pauses while the source cannot be reached before anything was sent. */
const reachMs = [10 * secondMs, ...resendMs.slice(1), 8 * hourMs, 12 * hourMs];

/** What becomes of a reply; `at` is when the tick takes it again. `uncounted`: a request that was not even looked at. */
export type Decision =
  | { to: "published" }
  | { to: "sending" | "sent" | "approved" | "unknown"; at: Date | null; words?: Words; uncounted?: true }
  | { to: "refused"; words: Words };

type Looked = StandingState | "silent";
type Facts = Pick<ReplyRow, "state" | "posted_at" | "sent_at" | "attempt_count" | "look_count">;

const after = (from: Date, ms: number): Date => new Date(from.getTime() + ms);
const refused = (words: Words): Decision => ({ to: "refused", words });

/** What is the same whatever was known before; null when the time decides. */
const clear: Record<Looked, Decision | null> = {
  published: { to: "published" },
  rejected: refused(publishWords.rejected),
  other: refused(publishWords.replaced),
  gone: refused(publishWords.gone),
  pending: null,
  none: null,
  silent: null,
};

/** What follows from a look after a request has left. `look_count` includes this look. */
export function afterLook(reply: Facts, looked: Looked, now: Date): Decision {
  const decided = clear[looked];
  if (decided !== null) return decided;
  if (reply.state === "unknown") return riddle(reply, looked, now);
  if (reply.state === "sent" || looked === "pending") return whileTaken(reply, looked, now);
  return whileUnsure(reply, looked, now);
}

const startOf = ({ sent_at, posted_at }: Facts, now: Date): Date => sent_at ?? posted_at ?? now;

function whileTaken(reply: Facts, looked: Looked, now: Date): Decision {
  const since = startOf(reply, now);
  const elapsedMs = now.getTime() - since.getTime();
  if (looked === "none" && elapsedMs >= unseenMs) return unknown(reply, publishWords.unseen, now);
  if (elapsedMs >= longestMs)
    return unknown(reply, looked === "pending" ? publishWords.moderated : publishWords.silent, now);
  const next = takenLooksMs.find(ms => ms > elapsedMs);
  return { to: "sent", at: next === undefined ? after(now, takenEveryMs) : after(since, next) };
}

function whileUnsure(reply: Facts, looked: Looked, now: Date): Decision {
  const since = startOf(reply, now);
  const elapsedMs = now.getTime() - since.getTime();
  if (looked === "none" && elapsedMs >= settledMs) return again(reply, now);
  const next = unsureLooksMs[reply.look_count];
  if (next === undefined) return unknown(reply, publishWords.silent, now);
  return { to: "sending", at: after(since, Math.max(next, elapsedMs + secondMs)) };
}

/** Nothing stands there for sure: it is sent again, unless that has been tried enough. */
function again({ attempt_count }: Facts, now: Date): Decision {
  const pauseMs = resendMs[attempt_count - 1];
  return pauseMs === undefined ? refused(publishWords.notTaken) : { to: "approved", at: after(now, pauseMs) };
}

const unknown = (reply: Facts, words: Words, now: Date): Decision => ({
  to: "unknown",
  at: nextRiddleAt(reply, now),
  words,
});

/** A riddle is still looked at; people may answer it sooner. */
const riddle = (reply: Facts, looked: Looked, now: Date): Decision =>
  looked === "pending" && now.getTime() - startOf(reply, now).getTime() < longestMs
    ? { to: "sent", at: after(now, takenEveryMs) }
    : { to: "unknown", at: nextRiddleAt(reply, now) };

const nextRiddleAt = (reply: Facts, now: Date): Date | null =>
  now.getTime() - startOf(reply, now).getTime() < riddleMs ? after(now, takenEveryMs) : null;

/** The source took the reply. */
export const afterTaking = (now: Date): Decision => ({
  to: "sent",
  at: after(now, takenLooksMs[0] as number),
});

/** A request left and nobody knows its end. */
export const afterSilence = (postedAt: Date): Decision => ({
  to: "sending",
  at: after(postedAt, unsureLooksMs[0] as number),
});

/** A look before the first sending; null: nothing stands in the way. */
export function afterFirstLook(looked: StandingState, now: Date): Decision | null {
  if (looked === "none" || looked === "rejected") return null;
  if (looked === "pending") return afterTaking(now);
  return looked === "other" ? refused(publishWords.answered) : clear[looked];
}

/** Nothing has left, because the source could not be reached to look first. */
export function afterNoReach({ look_count }: Facts, now: Date): Decision {
  const pauseMs = reachMs[look_count - 1];
  return pauseMs === undefined
    ? refused(publishWords.unreachable)
    : { to: "approved", at: after(now, pauseMs) };
}

/** Nothing was taken and nothing is wrong: a quota says when. */
export const afterQuota = (state: "approved" | "sending" | "sent" | "unknown", at: Date): Decision => ({
  to: state,
  at,
  uncounted: true,
});
