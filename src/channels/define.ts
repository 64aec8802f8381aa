import type { z } from "zod";
import type { Metrics } from "#domain/metrics.ts";

/** One alert as a channel sees it; texts of mentions are present only where the channel's `fullText` is on. */
export interface AlertNote {
  id: string;
  kind: string;
  ruleName: string;
  brandName: string;
  firedAt: Date;
  /** Why it fired, in the brand's language, without personal data. */
  reason: string;
  source: string | null;
  tone: "positive" | "neutral" | "negative" | null;
  rating: { value: number; scale: number } | null;
  /** Page of the case in Molva, else of the alert. */
  link: string;
  /** Only with `fullText`: the mention's own words and where it stands in public. */
  mention: { title: string | null; text: string; authorName: string | null; url: string | null } | null;
  /** Ids a program may follow: mention, case, source, run. */
  ids: Record<string, string>;
}

/** What one delivery tells: one alert or a group of the same rule; `total` counts also those not listed. */
export interface Message {
  deliveryId: string;
  language: "ru" | "en";
  notes: readonly AlertNote[];
  total: number;
  /** True when a person pressed "test": same shape, says so. */
  test: boolean;
  /** True when alerts of several kinds are told together, listed or not. */
  mixed?: boolean;
  /** A report instead of alerts: `notes` is empty then. */
  report?: ReportNote;
}

/** A file that a message carries; the name is ASCII. */
export interface ReportFile {
  name: string;
  type: string;
  bytes: Uint8Array;
}

/** A brand's report over a period; the end is exclusive. */
export interface ReportNote {
  brandId: string;
  brandName: string;
  every: "daily" | "weekly";
  from: Date;
  to: Date;
  timezone: string;
  madeAt: Date;
  totals: Metrics;
  previous: Metrics;
  /** Where the API gives the same report. */
  link: string;
  /** Absent where the channel carries none, or it is too large. */
  file: ReportFile | null;
  /** PDF was asked for and could not be made. */
  insteadOfPdf: boolean;
}

/** A request as plain data; secrets are in it, so it is never stored or logged. */
export interface ChannelRequest {
  url: string;
  method: "POST";
  headers: Record<string, string>;
  body: string;
  /** Sent instead of `body`, which is empty then. */
  bytes?: Uint8Array;
}

export interface ChannelReply {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** At most 64 KiB of the answer. */
  body: string;
}

/**
 * What the answer means; read in one place, by notify. `problem` is for people and holds no secret.
 * `retry` waits at least `afterMs` (null: the channel's next wait); `pausesAll` holds every key of the budget
 * as long. `plain` is answered to a request that was not plain, and asks for one more at once in the plain form;
 * `again` for one more with these settings, which are kept and hold no secret: at once after the first attempt and the
 * last, else with the channel's next wait. `unthreaded` asks for one more at once outside the thread, which is gone. `failed`
 * ends this delivery only.
 */
export type Verdict =
  | { kind: "delivered"; externalId: string | null }
  | { kind: "retry"; afterMs: number | null; problem: string; pausesAll: boolean }
  | { kind: "disable"; problem: string }
  | { kind: "again"; settings: Record<string, unknown>; problem: string }
  | { kind: "plain"; problem: string }
  | { kind: "unthreaded"; problem: string }
  | { kind: "failed"; problem: string };

/** Where the platforms answer: their public addresses, or the operator's own. */
export interface ChatApis {
  telegramApi: string;
  slackApi: string;
}

/** That somebody of ours has seen it all; the name is there only with `fullText`. */
export interface Acked {
  at: Date;
  by: string | null;
}

/** That many unpredictable bytes. */
export type RandomBytes = (size: number) => Uint8Array;

export interface ChannelKind<Settings = never> {
  id: "slack" | "telegram" | "webhook";
  title: { en: string; ru: string };
  /** Settings as the API takes them; `secrets` names the fields that are encrypted at rest and never shown. */
  settings: z.ZodType<Settings>;
  secrets: readonly string[];
  /** Those of the secrets that a channel may do without: of one that cannot be read any more nobody knows whether it had them. */
  optionalSecrets?: readonly string[];
  /** Secrets that are ours to make: a field left out at creation is made from `random` and shown once. */
  issues?: Readonly<Record<string, (random: RandomBytes) => string>>;
  example: { settings: unknown };
  /** Messages of one rule within this time are joined into one; 0 sends each alone. */
  groupMs: number;
  /** Whether reports come as a file; absent or false: as their headline figures and a link. */
  files?: (settings: Settings, at: { plain: boolean }) => boolean;
  /**
   * Brings a file to the platform before the message that shows it; nobody sees it until then, so nothing is lost or
   * doubled when it breaks off. Ends with the platform's id of the file, or with the verdict of the attempt.
   */
  upload?: (
    file: ReportFile,
    settings: Settings,
    at: ChatApis & { now: Date },
  ) => Generator<ChannelRequest, string | Verdict, ChannelReply>;
  /** Attempts of one channel under way at once. */
  atOnce: number;
  /** What a rule tells within this time of a message goes into that one's thread; absent or 0: there are no threads. */
  threadMs?: (settings: Settings) => number;
  /**
   * Key and pace of a shared budget, e.g. one bot in one chat: sends are at least `everyMs` apart
   * (0: the key is there only to be paused). Keys hold no secret, so they may be stored and logged.
   */
  budget: (settings: Settings) => readonly { key: string; everyMs: number }[];
  /** Waits after the 1st, 2nd … failed attempt, in ms; the delivery fails when they are used up. */
  retriesMs: readonly number[];
  /**
   * `plain` asks for the form that cannot be refused for its markup; `thread` is the platform's id of the message
   * whose thread this one goes into, `fileId` that of the file that was uploaded for it.
   */
  request: (
    message: Message,
    settings: Settings,
    at: ChatApis & { now: Date; plain: boolean; thread: string | null; fileId?: string | null },
  ) => ChannelRequest;
  /** Rewrites a sent message once everything in it is acknowledged; its answer is read by `verdict`. */
  edit?: (
    message: Message,
    settings: Settings,
    at: ChatApis & { externalId: string; acked: Acked; plain: boolean },
  ) => ChannelRequest;
  /** `now` is when the answer came; `plain` and `fileId` say what was sent. Never throws. */
  verdict: (
    reply: ChannelReply,
    settings: Settings,
    at: { now: Date; plain: boolean; fileId?: string | null },
  ) => Verdict;
}

// biome-ignore lint/suspicious/noExplicitAny: the one place where channels of different settings meet
export type AnyChannelKind = ChannelKind<any>;

export function defineChannel<Settings>(kind: ChannelKind<Settings>): ChannelKind<Settings> {
  return kind;
}
