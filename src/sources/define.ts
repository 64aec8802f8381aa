import type { z } from "zod";
import type { ItemInput, TextKind } from "#domain/item.ts";

export const families = [
  "forum",
  "marketplace",
  "reviews",
  "maps",
  "app-store",
  "social",
  "news",
  "search",
  "push",
] as const;
type Family = (typeof families)[number];

/** How a kind is reached: an API with credentials, a public feed or JSON, pages, a browser, or not at all. */
export type Via = "api" | "feed" | "html" | "browser" | "push";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The slowest pace a kind must keep by the source's own rules: `burst` requests at once, then one per `intervalMs`.
 * Shared by all sources that ask one host, or, for quotas of an account, that use the same credentials.
 */
export interface Quota {
  intervalMs: number;
  burst: number;
  per: "host" | "credentials";
}

/** A request as plain data, without secrets: it may be stored to resume a run. `authorize` adds the secrets. */
export interface SourceRequest {
  url: string;
  method?: "GET" | "POST" | "PATCH";
  headers?: Record<string, string>;
  body?: string;
  /** Kind's own word for what this request is (e.g. "list", "thread"), handed back to `parse`. */
  step?: string;
  /** Kind's own memory, handed back to `parse` untouched. */
  state?: Json;
}

/** What came back, already decoded to text; `headers` have lower-case names. 4xx and 5xx reach `parse` too, 304 does not. */
export interface SourceReply {
  request: SourceRequest;
  url: string;
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** `cursor` is what the last complete run adopted; `progress` what earlier pages of this run proposed. */
export interface Ask<Settings> {
  settings: Settings;
  cursor: Json;
  progress: Json;
  now: Date;
  /** How far back the first run reads; kinds that can stop early do. */
  since: Date | null;
}

/** What one look at search results asks: a phrase as a region's people see its results on a device. */
export interface SearchAsk {
  query: string;
  region: string;
  device: string;
}

/** A look that was answered. `depth` is how many first places were asked for, `foundCount` the engine's estimate. */
export interface SearchLook extends SearchAsk {
  depth: number;
  foundCount: number | null;
}

/** How phrases are tracked by a kind of search results. */
export interface SearchWay<Settings> {
  /** Everything that a source of these settings looks at. */
  looks: (settings: Settings) => readonly SearchAsk[];
  /** Settings that also ask for the phrase. */
  adding: (settings: Settings, query: string) => Settings;
}

/**
 * One parsed reply. `next` and `details` are fetched in this order; the run is complete when none is left,
 * and only then `cursor` (the last one proposed) is adopted. An empty `items` is an honest "nothing new".
 */
export interface Page {
  items: ItemInput[];
  next?: SourceRequest | null;
  details?: SourceRequest[];
  cursor?: Json;
  /** Of search results: what the items are the answer to, told even when there are none. */
  look?: SearchLook;
}

/** Plain words for people, in both languages that the desk speaks. */
export interface Words {
  en: string;
  ru: string;
}

/** A text of ours and the text that it answers. */
export interface ReplyDraft {
  /** Of the answered text, at the source. */
  externalId: string;
  kind: TextKind;
  text: string;
  /** The text of ours that this one takes the place of; null: nothing of ours stands there. */
  replaces: string | null;
}

/** What a source allows; lengths in characters. A reply is sent within the kind's own `quota`, like any request. */
export interface ReplyLimits {
  /** What may be answered. */
  kinds: readonly TextKind[];
  minLength: number;
  maxLength: number;
  /** How often and how long after sending a reply may be changed; null: never. */
  edits: { count: number; withinMs: number } | null;
}

/** What the source did with a reply; `taken` is not yet published. */
type Taking = { kind: "taken" } | { kind: "refused"; reason: Words };

/**
 * What stands under a text: nothing that is seen or waits · our text, waiting to be let through · our text, in
 * public · our text, turned down · another answer · the text itself cannot be found.
 */
export type StandingState = "none" | "pending" | "published" | "rejected" | "other" | "gone";

export interface Standing {
  state: StandingState;
  /** The answered text with what stands under it, stored as if a run had brought it; null when it cannot be found. */
  item: ItemInput | null;
}

/** How a kind replies. Pure like the rest: requests are built and replies are read here, and nothing is sent. */
export interface ReplyWay<Settings> {
  limits: ReplyLimits;
  send: (draft: ReplyDraft, settings: Settings) => SourceRequest;
  /** Throws a `QuotaError` when nothing was taken for now, any other error when it cannot be known whether it was. */
  taking: (reply: SourceReply, context: { settings: Settings; now: Date }) => Taking;
  /** Asks for the answered text alone. */
  look: (draft: ReplyDraft, settings: Settings) => SourceRequest;
  standing: (reply: SourceReply, draft: ReplyDraft, context: { settings: Settings; now: Date }) => Standing;
}

export interface SourceKind<Settings = never, Credentials = unknown> {
  id: string;
  title: { en: string; ru: string };
  homepage: string;
  family: Family;
  via: Via;
  yields: readonly TextKind[];
  /** Names of the hosts asked, from the settings where the operator names the site. */
  hosts: (settings: Settings) => readonly string[];
  /** First part of a document's identity besides the kind: the host, the source's id ("source"), or a constant. */
  site: (settings: Settings) => string | "source";
  /** Default interval between runs, e.g. "15m". */
  every: string;
  /** Silence after which the source counts as stale, e.g. "2d". */
  staleAfter: string;
  /** Off until the operator says otherwise: scraping kinds whose terms may forbid it. */
  enabledByDefault: boolean;
  /** False for documented APIs and feeds that ask to be polled; true wherever a page is read as a page. */
  obeysRobots: boolean;
  settings: z.ZodType<Settings>;
  credentials?: z.ZodType<Credentials>;
  /** Settings that validate: documentation and test input. */
  example: { settings: unknown; credentials?: unknown };
  limits: readonly string[];
  /** Limits that the collector keeps by itself; absent where the host's own pace is enough. */
  quota?: (settings: Settings) => Quota;
  authorize?: (request: SourceRequest, credentials: Credentials) => SourceRequest;
  /** Absent for push kinds. */
  request?: (ask: Ask<Settings>) => SourceRequest | SourceRequest[];
  parse?: (reply: SourceReply, ask: Ask<Settings>) => Page;
  /** Absent where nothing can be published by a program: such replies are posted by people. */
  reply?: ReplyWay<Settings>;
  /** Of search engines alone. */
  search?: SearchWay<Settings>;
}

/** Whether replies to texts of this sort can be published by the program. */
export const canReply = (
  { reply }: Pick<AnySourceKind, "reply">,
  textKind: TextKind | null = null,
): boolean => reply !== undefined && (textKind === null || reply.limits.kinds.includes(textKind));

/** A kind whose settings and credentials are opaque: what the registry and its users hold. */
// biome-ignore lint/suspicious/noExplicitAny: the one place where kinds of different settings meet
export type AnySourceKind = SourceKind<any, any>;

/** Checks the shape at compile time and gives the declared types to `request` and `parse`. */
export function defineSource<Settings, Credentials = unknown>(
  kind: SourceKind<Settings, Credentials>,
): SourceKind<Settings, Credentials> {
  return kind;
}
