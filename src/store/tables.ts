import type { ColumnType, Generated, GeneratedAlways, JSONColumnType } from "kysely";
import type { Absence } from "#domain/absence.ts";
import type { RuleKind } from "#domain/alerts/kinds.ts";
import type { RuleTiming } from "#domain/alerts/timing.ts";
import type { Desk } from "#domain/desk.ts";
import type { AnswerState, TextKind } from "#domain/item.ts";
import type { Standing } from "#domain/serp.ts";
import type { StoredSla } from "#domain/sla-settings.ts";
import type { SpikeModel } from "#domain/spike/model.ts";

type Json<T> = JSONColumnType<T & object, string, string>;
type Tone = "positive" | "neutral" | "negative";
/** `bigint` columns arrive as numbers, see db.ts. */
type Big = ColumnType<number, number | string, number | string>;

interface DepartmentTable {
  id: string;
  name: string;
  created_at: Date;
  archived_at: Date | null;
}

export const personRoles = ["agent", "lead"] as const;

interface PersonTable {
  id: string;
  name: string;
  role: Generated<(typeof personRoles)[number]>;
  department_id: string | null;
  languages: Generated<string[]>;
  /** null: all. */
  brand_ids: string[] | null;
  source_kinds: string[] | null;
  /** Open cases that may be assigned at once. */
  capacity: Generated<number>;
  timezone: Generated<string>;
  absences: ColumnType<Absence[], string | undefined, string>;
  created_at: Date;
  archived_at: Date | null;
}

export const roles = ["admin", "manager", "approver", "analyst", "ingest"] as const;
export type Role = (typeof roles)[number];

interface ApiKeyTable {
  id: string;
  hash: Buffer;
  name: string;
  role: Role;
  brand_ids: string[] | null;
  person_id: string | null;
  expires_at: Date | null;
  last_used_at: Date | null;
  created_at: Date;
  revoked_at: Date | null;
}

export interface OfficialAccount {
  sourceKind: string;
  account: string;
}

interface BrandTable {
  id: string;
  name: string;
  query: string;
  query_version: Generated<number>;
  competitor_of: string | null;
  official_accounts: Json<OfficialAccount[]>;
  timezone: string;
  language: "ru" | "en";
  business_hours: ColumnType<unknown, string | null, string | null>;
  sla: Json<StoredSla>;
  desk: ColumnType<Desk, string | undefined, string>;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
}

export type Schedule = { every: string } | { cron: string; timezone: string };
export type Health = "new" | "ok" | "failing" | "blocked" | "layout-changed" | "stale";

interface SourceTable {
  id: string;
  kind: string;
  title: string;
  settings: ColumnType<unknown, string, string>;
  credentials: Buffer | null;
  schedule: Json<Schedule>;
  enabled: boolean;
  hosts: string[];
  act_from: Date;
  next_run_at: Date | null;
  claimed_until: Date | null;
  lease: string | null;
  cursor: ColumnType<unknown, string | null, string | null>;
  failure_count: Generated<number>;
  health: Generated<Health>;
  last_ok_at: Date | null;
  stale_since: Date | null;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
}

interface SourceBrandTable {
  source_id: string;
  brand_id: string;
}

interface SourceValidatorTable {
  source_id: string;
  url: string;
  etag: string | null;
  last_modified: string | null;
  seen_at: Date;
}

export type RunOutcome = "ok" | "partial" | "blocked" | "layout-changed" | "failed";
export type RunTrigger = "schedule" | "manual" | "push" | "import" | "rematch";

interface RunTable {
  id: string;
  source_id: string;
  trigger: RunTrigger;
  outcome: RunOutcome | null;
  started_at: Date;
  ended_at: Date | null;
  attempt_count: Generated<number>;
  found_count: Generated<number>;
  new_count: Generated<number>;
  updated_count: Generated<number>;
  duplicate_count: Generated<number>;
  page_count: Generated<number>;
  byte_count: ColumnType<number, number | undefined, number>;
  error_code: string | null;
  error: string | null;
}

interface AuthorTable {
  id: string;
  source_kind: string;
  site: string;
  external_id: string;
  name: string | null;
  url: string | null;
  reach: number | null;
  first_seen_at: Date;
}

interface ErasureTable {
  source_kind: string;
  author_hash: Buffer;
  erased_at: Date;
}

interface ClusterTable {
  id: string;
  created_at: Date;
}

export interface StoredAnswer {
  externalId: string | null;
  text: string;
  authorName: string | null;
  evidence: string;
  url: string | null;
  /** Who told us: the item itself, a later post of its thread, or a person of ours. */
  via: "item" | "thread" | "person";
}

interface DocumentTable {
  id: string;
  source_kind: string;
  site: string;
  external_id: string;
  source_id: string;
  kind: TextKind;
  url: string | null;
  title: string | null;
  text: string;
  product: string | null;
  language: string;
  rating_value: number | null;
  rating_scale: number | null;
  author_id: string | null;
  published_at: Date | null;
  edited_at: Date | null;
  first_seen_at: Date;
  last_seen_at: Date;
  occurred_at: Date;
  date_basis: "published" | "seen";
  thread_id: string | null;
  thread_title: string | null;
  parent_external_id: string | null;
  engagement: Json<Record<string, number>>;
  owned: Generated<boolean>;
  official: string | null;
  version: Generated<number>;
  content_hash: string;
  fact_hash: string;
  repost_keys: number[] | null;
  cluster_id: string | null;
  answer: ColumnType<StoredAnswer | null, string | null, string | null>;
  answer_state: Generated<AnswerState>;
  answer_at: Date | null;
  answer_basis: "platform" | "ours" | "seen" | null;
  observation: ColumnType<unknown, string | null, string | null>;
  erased_at: Date | null;
}

interface DocumentVersionTable {
  document_id: string;
  version: number;
  title: string | null;
  text: string;
  rating_value: number | null;
  replaced_at: Date;
}

interface MentionTable {
  id: string;
  document_id: string;
  brand_id: string;
  source_id: string;
  source_kind: string;
  kind: TextKind;
  language: string;
  occurred_at: Date;
  first_seen_at: Date;
  scored_at: Date;
  rating5: number | null;
  author_id: string | null;
  spans: ColumnType<{ field: "title" | "text"; start: number; end: number }[], string, string>;
  model_tone: Tone;
  score: number;
  confidence: number;
  uncertain: boolean;
  basis: "text" | "rating";
  conflict: boolean;
  model_version: string;
  model_spam: boolean;
  intents: string[];
  human_tone: Tone | null;
  human_spam: boolean | null;
  human_matched: boolean | null;
  human_aspects: ColumnType<unknown, string | null, string | null>;
  human_at: Date | null;
  human_by: string | null;
  tone: GeneratedAlways<Tone>;
  spam: GeneratedAlways<boolean>;
  tags: string[];
  duplicate: boolean;
  answered: boolean;
  acts: boolean;
  case_id: string | null;
  seq: Big;
  deleted_at: Date | null;
}

interface MentionVersionTable {
  mention_id: string;
  /** Of the document, until an edit of the author replaced it. */
  version: number;
  tone: Tone;
  score: number;
  rating5: number | null;
  /** Whether the words were changed, and not the stars alone. */
  text_changed: boolean;
  /** By the source's word, else when it was seen. */
  replaced_at: Date;
}

interface MentionAspectTable {
  mention_id: string;
  aspect: string;
  tone: Tone;
  score: number;
  quote: string;
  start: number;
  end: number;
}

export const caseStatuses = [
  "open",
  "claimed",
  "snoozed",
  "awaiting-approval",
  "awaiting-publication",
  "awaiting-author",
  "ended",
] as const;
export type CaseStatus = (typeof caseStatuses)[number];

export const outcomes = [
  "answered",
  "answered-elsewhere",
  "author-updated",
  "removed",
  "no-reply-needed",
  "not-about-brand",
  "spam",
] as const;
export type Outcome = (typeof outcomes)[number];

interface CaseTable {
  id: string;
  mention_id: string;
  brand_id: string;
  cluster_id: string | null;
  previous_case_id: string | null;
  status: CaseStatus;
  outcome: Outcome | null;
  priority: number;
  priority_factors: Json<{ factor: string; points: number; why: string }[]>;
  next_priority_at: Date | null;
  sla_started_at: Date;
  due_at: Date;
  answered_at: Date | null;
  answer_url: string | null;
  assignee_id: string | null;
  claimed_by: string | null;
  claim_expires_at: Date | null;
  version: Generated<number>;
  created_at: Date;
  updated_at: Date;
  ended_at: Date | null;
  department_id: string | null;
  tags: Generated<string[]>;
  root_causes: Generated<string[]>;
  snoozed_until: Date | null;
  escalated_at: Date | null;
  merged_into: string | null;
  sla_target_ms: Generated<number>;
  /** Working time used before `sla_running_at`, which is null while the clock stands. */
  sla_used_ms: Generated<number>;
  sla_running_at: Date | null;
  /** The clock never stops, whatever the business hours are. */
  sla_always: Generated<boolean>;
  /** When the tick looks whether the answer is due soon or overdue. */
  sla_next_at: Date | null;
  breached_at: Date | null;
  first_answer_at: Date | null;
  /** Automatic assignment has found nobody and tries no earlier. */
  assign_after: Date | null;
}

interface PresenceTable {
  case_id: string;
  person_id: string;
  until: Date;
}

interface TemplateTable {
  id: string;
  brand_id: string | null;
  name: string;
  language: string;
  aspect: string | null;
  tone: Tone | null;
  text: string;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
}

interface CaseEventTable {
  id: string;
  case_id: string;
  at: Date;
  kind: string;
  version: number;
  person_id: string | null;
  key_id: string | null;
  data: ColumnType<Record<string, unknown>, string | undefined, string>;
}

interface CaseNoteTable {
  id: string;
  case_id: string;
  person_id: string | null;
  text: string;
  mentioned: Generated<string[]>;
  created_at: Date;
}

export const replyStates = [
  "draft",
  "submitted",
  "approved",
  "rejected",
  "sending",
  "sent",
  "published",
  "refused",
  "removed",
  "unknown",
] as const;
export type ReplyState = (typeof replyStates)[number];

interface ReplyTable {
  id: string;
  case_id: string;
  document_id: string;
  /** The answering account: the source's id. */
  account: string;
  source_id: string | null;
  state: ReplyState;
  text: string;
  /** The kind cannot reply: a person posts the approved text. */
  assisted: Generated<boolean>;
  template_id: string | null;
  origin: Generated<"person" | "template" | "model">;
  drafted_by: string | null;
  submitted_by: string | null;
  submitted_at: Date | null;
  decided_by: string | null;
  decided_at: Date | null;
  /** Why it was rejected or refused, in plain words. */
  reason: string | null;
  send_at: Date | null;
  next_attempt_at: Date | null;
  lease: Date | null;
  /** Requests that left. */
  attempt_count: Generated<number>;
  /** When a request left whose end nobody has seen. */
  posted_at: Date | null;
  /** Times that the source was asked since what stands there. */
  look_count: Generated<number>;
  sent_at: Date | null;
  published_at: Date | null;
  external_id: string | null;
  edit_of: string | null;
  edited_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

interface Counts {
  brand_id: string;
  source_id: string;
  total: number;
  positive: number;
  neutral: number;
  negative: number;
  score_sum: number;
  rating_sum: number;
  rating_count: number;
  originals: Generated<number>;
  stars_1: Generated<number>;
  stars_2: Generated<number>;
  stars_3: Generated<number>;
  stars_4: Generated<number>;
  stars_5: Generated<number>;
}

interface AspectCounts {
  brand_id: string;
  source_id: string;
  aspect: string;
  total: number;
  positive: number;
  neutral: number;
  negative: number;
  positive_share: Big;
  neutral_share: Big;
  negative_share: Big;
}

export const annotationKinds = ["release", "campaign", "incident"] as const;

interface AnnotationTable {
  id: string;
  brand_id: string;
  kind: (typeof annotationKinds)[number];
  title: string;
  url: string | null;
  at: Date;
  until: Date | null;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
}

interface Split {
  source_kind: string;
  kind: TextKind;
  language: string;
}

interface ByDay {
  day: ColumnType<string, string, string>;
}

interface ByStart {
  start: Date;
}

interface CoverageDayTable {
  brand_id: string;
  day: string;
  run_count: number;
  ok_count: number;
}

interface CoverageQuarterTable {
  brand_id: string;
  start: Date;
  run_count: number;
  ok_count: number;
}

interface ChangeTable {
  seq: Big;
  at: Date;
  event: string;
  brand_id: string | null;
  subject_id: string;
  person_ids: Generated<string[] | null>;
}

interface AlertChannelTable {
  id: string;
  kind: "slack" | "telegram" | "webhook";
  name: string;
  settings: ColumnType<Record<string, unknown>, string, string>;
  secrets: Buffer;
  full_text: Generated<boolean>;
  enabled: Generated<boolean>;
  broken_since: Date | null;
  broken_why: string | null;
  /** Failed attempts in a row, since when, and until when nothing is sent for them. */
  failure_count: Generated<number>;
  failing_since: Date | null;
  paused_until: Date | null;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
}

interface AlertRuleTable {
  id: string;
  brand_id: string;
  kind: RuleKind;
  name: string;
  settings: ColumnType<Record<string, unknown>, string, string>;
  channel_ids: string[];
  enabled: Generated<boolean>;
  timing: ColumnType<RuleTiming, string | undefined, string>;
  /** When a rule of a kind that looks at a stretch of time looks next. */
  next_look_at: Date | null;
  /** What a rule knows of the past, by the day on which it was learnt. */
  learnt: ColumnType<{ day: string; model: SpikeModel | null } | null, string | null, string | null>;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
}

interface AlertTable {
  id: string;
  rule_id: string;
  brand_id: string;
  kind: string;
  subject: string;
  mention_id: string | null;
  case_id: string | null;
  source_id: string | null;
  fired_at: Date;
  reason: ColumnType<Record<string, unknown>, string, string>;
  acked_at: Date | null;
  acked_by: string | null;
  /** When the next channels are told, unless somebody has acknowledged by then. */
  escalate_at: Date | null;
  /** Rounds of next channels that were told. */
  escalation: Generated<number>;
}

interface SilenceTable {
  id: string;
  /** Absent parts of the scope stand for everything. */
  brand_id: string | null;
  rule_id: string | null;
  kind: RuleKind | null;
  source_id: string | null;
  channel_id: string | null;
  reason: string;
  until: Date;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
  ended_at: Date | null;
}

/** Why a delivery waits until its `not_before`. */
type HeldBy = "quiet-hours" | "silence" | "digest";
export type DeliveryState = "gathering" | "waiting" | "sending" | "delivered" | "failed";

interface DeliveryTable {
  id: string;
  channel_id: string;
  rule_id: string | null;
  state: DeliveryState;
  test: Generated<boolean>;
  plain: Generated<boolean>;
  attempt_count: Generated<number>;
  next_attempt_at: Date | null;
  claimed_until: Date | null;
  first_due_at: Date;
  created_at: Date;
  ended_at: Date | null;
  external_id: string | null;
  problem: string | null;
  /** Nothing leaves earlier; null: nothing holds it. */
  not_before: Date | null;
  held_by: HeldBy | null;
  silence_id: string | null;
  /** 0 for the rule's channels, n for the n-th next ones. */
  escalation: Generated<number>;
  /** The message whose thread this one went into. */
  thread_of: string | null;
  /** When the sent message is to be rewritten. */
  edit_at: Date | null;
  edit_count: Generated<number>;
  /** What a message tells that is about no alert. */
  notice: ColumnType<ChannelNotice | null, string | null | undefined, string | null>;
  /** The schedule whose report this is, and the period that it tells of, the end exclusive. */
  schedule_id: string | null;
  report_from: Date | null;
  report_to: Date | null;
}

interface ReportScheduleTable {
  id: string;
  brand_id: string;
  every: "daily" | "weekly";
  /** ISO, 1 is Monday; of a weekly one. */
  weekday: number;
  /** Wall time, `09:00`. */
  at: string;
  /** IANA name; null: the brand's. */
  timezone: string | null;
  language: "ru" | "en";
  format: "html" | "pdf";
  channel_ids: string[];
  /** The brands that whoever made it may see; null: all. */
  shown_brand_ids: string[] | null;
  enabled: boolean;
  /** When it goes next; null while it is switched off or gone. */
  next_at: Date | null;
  created_at: Date;
  updated_at: Date;
  archived_at: Date | null;
}

/** A channel that sends no more, told through another one. */
export interface ChannelNotice {
  kind: "channel-broken";
  channelId: string;
  channelName: string;
  problem: string;
}

interface DeliveryAlertTable {
  delivery_id: string;
  alert_id: string;
}

interface DeliveryAttemptTable {
  delivery_id: string;
  attempt: number;
  at: Date;
  status: number | null;
  answer: string | null;
  problem: string | null;
  duration_ms: number;
}

interface ChatAnswerTable {
  id: string;
  channel_id: string;
  /** Where the answer goes, under seal. */
  address: Buffer;
  text: string;
  attempt_count: Generated<number>;
  next_attempt_at: Date;
  expires_at: Date;
}

interface BotListenerTable {
  bot: string;
  next_offset: Generated<number>;
  lease: string | null;
  leased_until: Date | null;
  listen_at: Date;
  conflict_count: Generated<number>;
  problem: string | null;
}

interface PersonChatTable {
  kind: "slack" | "telegram";
  team_id: string;
  user_id: string;
  person_id: string;
}

interface SendBudgetTable {
  key: string;
  free_at: Date;
}

interface AuditTable {
  id: string;
  at: Date;
  key_id: string | null;
  person_id: string | null;
  action: string;
  object: string;
  object_id: string | null;
  fields: string[];
}

interface IdempotencyTable {
  key_id: string;
  key: string;
  body_hash: Buffer;
  status: number | null;
  answer: ColumnType<unknown, string | null, string | null>;
  secret: Generated<boolean>;
  subject_id: string | null;
  created_at: Date;
}

/** The newest model's word on an aspect, without the quote. */
interface RescoredAspect {
  aspect: string;
  tone: Tone;
  score: number;
}

interface MentionScoreTable {
  mention_id: string;
  model_version: string;
  tone: Tone;
  score: number;
  confidence: number;
  uncertain: boolean;
  conflict: boolean;
  intents: string[];
  aspects: Json<RescoredAspect[]>;
  scored_at: Date;
}

interface RescoreQuarterTable {
  brand_id: string;
  start: Date;
  source_id: string;
  source_kind: string;
  kind: string;
  language: string;
  positive: number;
  neutral: number;
  negative: number;
  score_sum: number;
}

interface ToneRecalibrationTable {
  source_id: string;
  version: number;
  model_version: string;
  parameters: Json<Record<string, number>>;
  own_count: number;
  kind_count: number;
  fitted_at: Date;
}

interface TaskTable {
  id: string;
  kind: "rematch" | "rescore";
  brand_id: string;
  position: string | null;
  /** The time of the mention at `position`. */
  position_at: Date | null;
  since: Date | null;
  model_version: string | null;
  done_count: Big;
  state: "waiting" | "done";
  created_at: Date;
  updated_at: Date;
}

interface SerpQueryTable {
  id: string;
  brand_id: string;
  source_id: string;
  query: string;
  region: string;
  device: string;
  created_at: Date;
  archived_at: Date | null;
}

interface SerpPageTable {
  id: string;
  brand_id: string;
  url: string;
  /** SHA-256. */
  url_hash: Buffer;
  verdict: Standing | null;
  verdict_at: Date | null;
  verdict_by: string | null;
  first_seen_at: Date;
}

interface SerpSnapshotTable {
  id: string;
  query_id: string;
  run_id: string;
  taken_at: Date;
  depth: number;
  found_count: Big | null;
}

interface SerpResultTable {
  snapshot_id: string;
  page_id: string;
  position: number;
  title: string | null;
  tone: Tone | null;
  score: number | null;
}

/** All tables by their names in SQL. */
export interface DB {
  department: DepartmentTable;
  person: PersonTable;
  person_chat: PersonChatTable;
  presence: PresenceTable;
  template: TemplateTable;
  api_key: ApiKeyTable;
  brand: BrandTable;
  source: SourceTable;
  source_brand: SourceBrandTable;
  source_validator: SourceValidatorTable;
  run: RunTable;
  author: AuthorTable;
  erasure: ErasureTable;
  cluster: ClusterTable;
  document: DocumentTable;
  document_version: DocumentVersionTable;
  mention: MentionTable;
  mention_version: MentionVersionTable;
  mention_aspect: MentionAspectTable;
  mention_score: MentionScoreTable;
  case: CaseTable;
  case_event: CaseEventTable;
  case_note: CaseNoteTable;
  reply: ReplyTable;
  rollup_day: Counts & Split & ByDay;
  rollup_hour: Counts & Split & ByStart;
  rollup_quarter: Counts & Split & ByStart;
  total_day: Counts & ByDay;
  total_hour: Counts & ByStart;
  aspect_day: AspectCounts & ByDay;
  aspect_hour: AspectCounts & ByStart;
  aspect_quarter: AspectCounts & ByStart;
  annotation: AnnotationTable;
  rescore_quarter: RescoreQuarterTable;
  tone_recalibration: ToneRecalibrationTable;
  coverage_day: CoverageDayTable;
  coverage_quarter: CoverageQuarterTable;
  change: ChangeTable;
  alert_channel: AlertChannelTable;
  alert_rule: AlertRuleTable;
  alert: AlertTable;
  silence: SilenceTable;
  bot_listener: BotListenerTable;
  chat_answer: ChatAnswerTable;
  report_schedule: ReportScheduleTable;
  delivery: DeliveryTable;
  delivery_alert: DeliveryAlertTable;
  delivery_attempt: DeliveryAttemptTable;
  send_budget: SendBudgetTable;
  audit: AuditTable;
  idempotency: IdempotencyTable;
  task: TaskTable;
  serp_query: SerpQueryTable;
  serp_page: SerpPageTable;
  serp_snapshot: SerpSnapshotTable;
  serp_result: SerpResultTable;
}
