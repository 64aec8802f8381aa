import { EgressError } from "./faults.ts";
import { isAllowed, parseRobots, type RobotsRules } from "./robots-rules.ts";

const hourMs = 3_600_000;

/** RFC 9309, 2.4: a copy may be used for a day; what could not be read is asked again sooner. */
const keptMs = 24 * hourMs;
const failureKeptMs = hourMs / 6;

const longestCrawlDelayMs = 60_000;
const maxOrigins = 10_000;

const noRules: RobotsRules = { rules: [], crawlDelayMs: null };

interface RobotsVerdict {
  /** `unreachable`: the file cannot be read, which forbids everything until it can. */
  verdict: "allowed" | "disallowed" | "unreachable";
  /** The pause asked for, at most a minute; 0 without one. */
  crawlDelayMs: number;
}

export interface Robots {
  judge(url: URL, signal: AbortSignal): Promise<RobotsVerdict>;
}

/** Fetches a robots.txt, redirects followed; rejects when nothing could be fetched. */
export type AskRobots = (url: URL, signal: AbortSignal) => Promise<{ status: number; body: Uint8Array }>;

interface Kept {
  /** Null: could not be read, and no older copy is known. */
  rules: RobotsRules | null;
  until: number;
}

/** Obeys robots.txt as RFC 9309 says; one file per origin is kept in memory for at most a day. */
export function createRobots(options: { agent: string; ask: AskRobots; now: () => number }): Robots {
  const kept = new Map<string, Kept>();

  async function rulesFor(origin: string, signal: AbortSignal): Promise<RobotsRules | null> {
    const old = kept.get(origin);
    if (old !== undefined && options.now() < old.until) return old.rules;
    const read = await readRules(new URL("/robots.txt", origin), signal, options);
    const isRead = read !== null;
    const fresh = {
      rules: read ?? old?.rules ?? null,
      until: options.now() + (isRead ? keptMs : failureKeptMs),
    };
    kept.delete(origin);
    kept.set(origin, fresh);
    if (kept.size > maxOrigins) kept.delete(kept.keys().next().value ?? "");
    return fresh.rules;
  }

  return {
    async judge(url, signal) {
      const rules = await rulesFor(url.origin, signal);
      if (rules === null) return { verdict: "unreachable", crawlDelayMs: 0 };
      return {
        verdict: isAllowed(rules, url.href) ? "allowed" : "disallowed",
        crawlDelayMs: Math.min(rules.crawlDelayMs ?? 0, longestCrawlDelayMs),
      };
    },
  };
}

async function readRules(
  url: URL,
  signal: AbortSignal,
  { agent, ask }: { agent: string; ask: AskRobots },
): Promise<RobotsRules | null> {
  try {
    const { status, body } = await ask(url, signal);
    return rulesOf(status, body, agent);
  } catch (error) {
    if (signal.aborted || error instanceof EgressError) throw error;
    return null;
  }
}

/** 2xx holds rules, 3xx without an end and 4xx mean there are none; 5xx, and 429 as at Google, are no answer. */
function rulesOf(status: number, body: Uint8Array, agent: string): RobotsRules | null {
  if (status >= 200 && status < 300) return parseRobots(body, agent);
  return status >= 300 && status < 500 && status !== 429 ? noRules : null;
}
