import type { ChannelReply, Verdict } from "./define.ts";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** A receiver may ask us to wait, but not to give up: longer is cut to a day. */
const longestWaitMs = 24 * hourMs;

/** Waits of the chats between attempts: quick while it may be a hiccup, 23 h 42 min in all. */
export const chatRetriesMs: readonly number[] = [
  5 * secondMs,
  30 * secondMs,
  2 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  4 * hourMs,
  8 * hourMs,
  8 * hourMs,
];

/** A wait in seconds as ms, from 0 to a day; null when it is no such number. */
export function waitMs(seconds: number | null | undefined): number | null {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return null;
  return Math.min(Math.max(Math.ceil(seconds * secondMs), 0), longestWaitMs);
}

/** Retry-After of RFC 9110, 10.2.3: whole seconds or an HTTP date; null when absent or unreadable. */
export function retryAfterMs(reply: ChannelReply, now: Date): number | null {
  const value = reply.headers["retry-after"]?.trim() ?? "";
  if (/^\d{1,15}$/.test(value)) return waitMs(Number(value));
  if (!/^[A-Z][a-z]{2,8}, .{1,40} GMT$/.test(value)) return null;
  return waitMs((Date.parse(value) - now.getTime()) / secondMs);
}

/** The body as JSON; undefined when it is none. */
export function replyJson(reply: ChannelReply): unknown {
  try {
    return JSON.parse(reply.body);
  } catch {
    return undefined;
  }
}

/** A page where a word was due: a proxy or a login wall answered, and the message went nowhere. */
export function isPage(reply: ChannelReply): boolean {
  return /^\s*<(!doctype|html)/i.test(reply.body.slice(0, 1000));
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Not now: the same message is sent again after `afterMs`. */
export function retry(problem: string, afterMs: number | null = null): Verdict {
  return { kind: "retry", afterMs, problem, pausesAll: false };
}

/** Not now, nor anything else of the same budget. */
export function pause(problem: string, afterMs: number | null): Verdict {
  return { kind: "retry", afterMs, problem, pausesAll: true };
}

/** What a failure that says nothing more means: redirects, timeouts and faults of the server pass, so we try again. */
export function passing(name: string, reply: ChannelReply, now: Date): Verdict {
  const isRedirect = reply.status >= 300 && reply.status < 400;
  const problem = isRedirect
    ? `${name} answered ${reply.status}, a redirect, and redirects are not followed: give the final address.`
    : `${name} answered ${reply.status}.`;
  return retry(problem, retryAfterMs(reply, now));
}
