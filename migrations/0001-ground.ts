import type { Migration } from "#migrations/define.ts";

/**
 * The first schema. Times are arguments everywhere (no DEFAULT now()), so every clock can be faked;
 * states are check constraints; identity and once-only effects are unique keys. Rows that refer to rows of
 * the same table do so deferrably, so that a restore may bring them in any order.
 */
const up = `
create table meta (
  name  text primary key,
  value bigint not null
);
insert into meta values ('seq_epoch', 0);

create sequence seq_ordinal cycle minvalue 0 maxvalue 65535 start 0;

/* Numbers of the change log. The transaction's id leads and the reader stops below the oldest running
   one (seq_visible), so no row with a lower number can appear later, without a lock between writers.
   meta.seq_epoch lifts the numbers where a restored database counts its transactions from the start. */
create function seq_base() returns bigint language sql stable as $$
  select (pg_current_xact_id()::text::bigint + (select value from meta where name = 'seq_epoch')) << 16
$$;
create function seq_next() returns bigint language sql volatile as $$
  select seq_base() | nextval('seq_ordinal')
$$;
create function seq_visible() returns bigint language sql stable as $$
  select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint
          + (select value from meta where name = 'seq_epoch')) << 16
$$;

/* A UUIDv7 for rows that SQL makes: 48 bits of the time in ms, then chance. */
create function uuid_v7() returns uuid language sql volatile as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
    52, 1), 53, 1), 'hex')::uuid
$$;

/* One text-search reading of a document: Russian words by Russian morphology, Latin ones by English. Of a
   longer text the beginning is found, because a vector has a limit. */
create function search_vector(title text, body text) returns tsvector
  language sql immutable parallel safe as $$
  select to_tsvector('pg_catalog.russian', replace(replace(coalesce(title, '') || ' ' || left(body, 100000), 'ё', 'е'), 'Ё', 'Е'))
$$;

create table person (
  id         uuid primary key,
  name       text not null check (length(name) between 1 and 200),
  created_at timestamptz not null,
  archived_at timestamptz
);

create table api_key (
  id           text primary key check (id ~ '^[A-Za-z0-9]{8}$'),
  hash         bytea not null,
  name         text not null,
  role         text not null check (role in ('admin','manager','approver','analyst','ingest')),
  brand_ids    uuid[],
  person_id    uuid references person,
  expires_at   timestamptz,
  last_used_at timestamptz,
  created_at   timestamptz not null,
  revoked_at   timestamptz
);

create table brand (
  id                uuid primary key,
  name              text not null unique check (length(name) between 1 and 200),
  query             text not null,
  query_version     int not null default 1,
  competitor_of     uuid references brand deferrable check (competitor_of <> id),
  official_accounts jsonb not null default '[]',
  timezone          text not null default 'UTC',
  language          text not null default 'ru' check (language in ('ru','en')),
  business_hours    jsonb,
  sla               jsonb not null,
  created_at        timestamptz not null,
  updated_at        timestamptz not null,
  archived_at       timestamptz
);

create table source (
  id             uuid primary key,
  kind           text not null,
  title          text not null,
  settings       jsonb not null,
  credentials    bytea,
  schedule       jsonb not null,
  enabled        boolean not null,
  hosts          text[] not null default '{}',
  act_from       timestamptz not null,
  next_run_at    timestamptz,
  claimed_until  timestamptz,
  lease          uuid,
  cursor         jsonb,
  failure_count  int not null default 0,
  health         text not null default 'new' check (health in ('new','ok','failing','blocked','layout-changed','stale')),
  last_ok_at     timestamptz,
  stale_since    timestamptz,
  created_at     timestamptz not null,
  updated_at     timestamptz not null,
  archived_at    timestamptz
);
create index source_due on source (next_run_at) where enabled and archived_at is null;
create index source_hosts on source using gin (hosts) where claimed_until is not null;

create table source_brand (
  source_id uuid not null references source,
  brand_id  uuid not null references brand,
  primary key (source_id, brand_id)
);
create index source_brand_brand on source_brand (brand_id);

create table source_validator (
  source_id     uuid not null references source,
  url           text not null,
  etag          text,
  last_modified text,
  seen_at       timestamptz not null,
  primary key (source_id, url)
);

create table run (
  id              uuid primary key,
  source_id       uuid not null references source,
  trigger         text not null check (trigger in ('schedule','manual','push','import','rematch')),
  outcome         text check (outcome in ('ok','partial','blocked','layout-changed','failed')),
  started_at      timestamptz not null,
  ended_at        timestamptz,
  attempt_count   int not null default 0,
  found_count     int not null default 0,
  new_count       int not null default 0,
  updated_count   int not null default 0,
  duplicate_count int not null default 0,
  page_count      int not null default 0,
  byte_count      bigint not null default 0,
  error_code      text,
  error           text,
  check ((outcome is null) = (ended_at is null))
);
create index run_source on run (source_id, started_at desc, id desc);
create index run_open on run (started_at) where outcome is null;
create index run_started on run (started_at desc, id desc);

create table author (
  id          uuid primary key,
  source_kind text not null,
  site        text not null,
  external_id text not null,
  name        text,
  url         text,
  reach       int,
  first_seen_at timestamptz not null,
  unique (source_kind, site, external_id)
);
create index author_external on author (external_id, source_kind);
create index author_name on author (lower(name));

/* Who asked to be forgotten, as a keyed hash: applied again after a restore and to late copies. */
create table erasure (
  source_kind text not null,
  author_hash bytea not null,
  erased_at   timestamptz not null,
  primary key (source_kind, author_hash)
);

create table cluster (
  id         uuid primary key,
  created_at timestamptz not null
);

create table document (
  id                 uuid primary key,
  source_kind        text not null,
  site               text not null,
  external_id        text not null,
  source_id          uuid not null references source,
  kind               text not null check (kind in ('review','question','post','comment','news','search-result')),
  url                text,
  title              text,
  text               text not null,
  product            text,
  language           text not null,
  rating_value       real,
  rating_scale       real check (rating_scale > 0),
  author_id          uuid references author,
  published_at       timestamptz,
  edited_at          timestamptz,
  first_seen_at      timestamptz not null,
  last_seen_at       timestamptz not null,
  occurred_at        timestamptz not null,
  date_basis         text not null check (date_basis in ('published','seen')),
  thread_id          text,
  thread_title       text,
  parent_external_id text,
  engagement         jsonb not null default '{}',
  owned              boolean not null default false,
  official           text,
  version            int not null default 1,
  content_hash       text not null,
  fact_hash          text not null,
  repost_keys      int[],
  cluster_id         uuid references cluster,
  answer             jsonb,
  answer_state       text not null default 'none'
    check (answer_state in ('none','pending','published','rejected','removed','stale')),
  answer_at          timestamptz,
  answer_basis       text check (answer_basis in ('platform','ours','seen')),
  observation        jsonb,
  erased_at          timestamptz,
  unique (source_kind, site, external_id)
);
create index document_search on document using gin (search_vector(title, text));
/* Without statistics of words: to get them, each analysis would read 30,000 texts anew, for seconds in which no
   dead row can be swept. Searches are written so that nobody has to guess. */
alter index document_search alter column 1 set statistics 0;
/* Without a pending list: each new text searches this index, and a search reads the whole list. */
create index document_bands on document using gin (repost_keys) with (fastupdate = off) where repost_keys is not null;
create index document_thread on document (source_kind, site, thread_id) where thread_id is not null;
create index document_author on document (author_id) where author_id is not null;
create index document_cluster on document (cluster_id) where cluster_id is not null;
create index document_seen on document (first_seen_at);

/* Texts that an edit replaced; the current one is the document's. */
create table document_version (
  document_id uuid not null references document on delete cascade,
  version     int not null,
  title       text,
  text        text not null,
  rating_value real,
  replaced_at timestamptz not null,
  primary key (document_id, version)
);

create table mention (
  id            uuid primary key,
  document_id   uuid not null references document,
  brand_id      uuid not null references brand,
  source_id     uuid not null references source,
  source_kind   text not null,
  kind          text not null,
  language      text not null,
  occurred_at   timestamptz not null,
  first_seen_at timestamptz not null,
  scored_at     timestamptz not null,
  rating5       real,
  author_id     uuid,
  spans         jsonb not null default '[]',
  model_tone    text not null check (model_tone in ('positive','neutral','negative')),
  score         real not null check (score between -1 and 1),
  confidence    real not null check (confidence between 0 and 1),
  uncertain     boolean not null,
  basis         text not null check (basis in ('text','rating')),
  conflict      boolean not null,
  model_version text not null,
  model_spam    boolean not null,
  intents       text[] not null default '{}',
  human_tone    text check (human_tone in ('positive','neutral','negative')),
  human_spam    boolean,
  human_matched boolean,
  human_aspects jsonb,
  human_at      timestamptz,
  human_by      uuid references person,
  tone          text generated always as (coalesce(human_tone, model_tone)) stored,
  spam          boolean generated always as (coalesce(human_spam, model_spam)) stored,
  tags          text[] not null default '{}',
  duplicate     boolean not null default false,
  answered      boolean not null default false,
  acts          boolean not null,
  case_id       uuid,
  seq           bigint not null,
  deleted_at    timestamptz,
  unique (document_id, brand_id)
);
create index mention_brand on mention (brand_id, occurred_at desc, id desc) where deleted_at is null;
create index mention_occurred on mention (occurred_at desc, id desc) where deleted_at is null;
create unique index mention_seq on mention (seq);
create index mention_case on mention (case_id) where case_id is not null;
create index mention_source on mention (source_id);

create table mention_aspect (
  mention_id uuid not null references mention on delete cascade,
  aspect     text not null,
  tone       text not null check (tone in ('positive','neutral','negative')),
  score      real not null,
  quote      text not null,
  start      int not null,
  "end"      int not null,
  primary key (mention_id, aspect, start)
);

create table "case" (
  id               uuid primary key,
  mention_id       uuid not null unique references mention,
  brand_id         uuid not null references brand,
  cluster_id       uuid references cluster,
  previous_case_id uuid references "case" deferrable,
  status           text not null check (status in
    ('open','claimed','snoozed','awaiting-approval','awaiting-publication','awaiting-author','ended')),
  outcome          text check (outcome in ('answered','answered-elsewhere','author-updated','removed',
    'no-reply-needed','not-about-brand','spam')),
  priority         smallint not null check (priority between 0 and 100),
  priority_factors jsonb not null,
  next_priority_at timestamptz,
  sla_started_at   timestamptz not null,
  due_at           timestamptz not null,
  answered_at      timestamptz,
  answer_url       text,
  assignee_id      uuid references person,
  claimed_by       uuid references person,
  claim_expires_at timestamptz,
  version          int not null default 1,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,
  ended_at         timestamptz,
  check ((status = 'ended') = (outcome is not null)),
  check ((status = 'ended') = (ended_at is not null)),
  check ((status = 'claimed') = (claim_expires_at is not null)),
  check (claimed_by is not null or status <> 'claimed')
);
/* Deferred: a mention and its case are born in one transaction and point at each other. */
alter table mention add foreign key (case_id) references "case" deferrable initially deferred;
create index case_free on "case" (priority desc, due_at, id) where status = 'open';
create index case_list on "case" (priority desc, due_at, id) where status <> 'ended';
create index case_brand on "case" (brand_id, status, priority desc, due_at, id);
create index case_lease on "case" (claim_expires_at) where status = 'claimed';
create index case_age on "case" (next_priority_at) where status <> 'ended';
create index case_cluster on "case" (cluster_id) where cluster_id is not null;

create table case_event (
  id        uuid primary key,
  case_id   uuid not null references "case",
  at        timestamptz not null,
  kind      text not null,
  version   int not null,
  person_id uuid references person,
  key_id    text references api_key,
  data      jsonb not null default '{}'
);
create index case_event_case on case_event (case_id, at, id);

create table case_note (
  id         uuid primary key,
  case_id    uuid not null references "case",
  person_id  uuid references person,
  text       text not null,
  created_at timestamptz not null
);
create index case_note_case on case_note (case_id);

create table reply (
  id              uuid primary key,
  case_id         uuid not null references "case",
  document_id     uuid not null references document,
  account         text not null,
  state           text not null check (state in ('draft','submitted','approved','rejected','sending','sent',
    'published','refused','removed','unknown')),
  text            text not null,
  next_attempt_at timestamptz,
  created_at      timestamptz not null,
  updated_at      timestamptz not null
);
create unique index reply_once on reply (document_id, account) where state not in ('rejected','refused','removed');

/* Counts by the day in the brand's zone, and by the quarter-hour in UTC for every other zone; the days can
   be rebuilt from the quarters, because every zone of today is off UTC by whole quarters. Both follow from
   mentions, whose keys are checked: checking them again costs a look-up per row and page. */
create table rollup_day (
  brand_id     uuid not null,
  day          date not null,
  source_id    uuid not null,
  source_kind  text not null,
  kind         text not null,
  language     text not null,
  total        int not null,
  positive     int not null,
  neutral      int not null,
  negative     int not null,
  score_sum    double precision not null,
  rating_sum   double precision not null,
  rating_count int not null,
  primary key (brand_id, day, source_id, kind, language)
);
create table rollup_quarter (
  brand_id     uuid not null,
  start        timestamptz not null,
  source_id    uuid not null,
  source_kind  text not null,
  kind         text not null,
  language     text not null,
  total        int not null,
  positive     int not null,
  neutral      int not null,
  negative     int not null,
  score_sum    double precision not null,
  rating_sum   double precision not null,
  rating_count int not null,
  primary key (brand_id, start, source_id, kind, language)
);

/* The same without a split, by source: days in the brand's zone, and hours for zones that are off UTC by whole
   hours. A year is 365 or 8,760 rows of a source however many mentions and kinds of text there are. Sources
   do not share rows, so their pages do not wait for each other. */
create table total_day (
  brand_id     uuid not null,
  day          date not null,
  source_id    uuid not null,
  total        int not null,
  positive     int not null,
  neutral      int not null,
  negative     int not null,
  score_sum    double precision not null,
  rating_sum   double precision not null,
  rating_count int not null,
  primary key (brand_id, day, source_id)
);
create table total_hour (
  brand_id     uuid not null,
  start        timestamptz not null,
  source_id    uuid not null,
  total        int not null,
  positive     int not null,
  neutral      int not null,
  negative     int not null,
  score_sum    double precision not null,
  rating_sum   double precision not null,
  rating_count int not null,
  primary key (brand_id, start, source_id)
);

/* Scheduled runs of a brand's sources and how many of them succeeded: the coverage of a bucket. */
create table coverage_day (
  brand_id  uuid not null references brand,
  day       date not null,
  run_count int not null,
  ok_count  int not null,
  primary key (brand_id, day)
);
create table coverage_quarter (
  brand_id  uuid not null references brand,
  start     timestamptz not null,
  run_count int not null,
  ok_count  int not null,
  primary key (brand_id, start)
);

create table change (
  seq      bigint primary key,
  at       timestamptz not null,
  event    text not null,
  brand_id uuid,
  subject_id uuid not null
);
create index change_at on change (at);

create table alert_channel (
  id           uuid primary key,
  kind         text not null check (kind in ('slack','telegram','webhook')),
  name         text not null,
  settings     jsonb not null,
  secrets      bytea not null,
  full_text    boolean not null default false,
  enabled      boolean not null default true,
  broken_since timestamptz,
  broken_why   text,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  archived_at  timestamptz
);

create table alert_rule (
  id          uuid primary key,
  brand_id    uuid not null references brand,
  kind        text not null check (kind in ('negative-mention','source-health')),
  name        text not null,
  settings    jsonb not null,
  channel_ids uuid[] not null,
  enabled     boolean not null default true,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  archived_at timestamptz
);
create index alert_rule_brand on alert_rule (brand_id) where archived_at is null;

create table alert (
  id         uuid primary key,
  rule_id    uuid not null references alert_rule,
  brand_id   uuid not null references brand,
  kind       text not null,
  subject    text not null,
  mention_id uuid references mention,
  case_id    uuid references "case",
  source_id  uuid references source,
  fired_at   timestamptz not null,
  reason     jsonb not null,
  acked_at   timestamptz,
  acked_by   uuid references person,
  unique (rule_id, subject)
);
create index alert_fired on alert (fired_at desc, id desc);
create index alert_mention on alert (mention_id) where mention_id is not null;

create table delivery (
  id              uuid primary key,
  channel_id      uuid not null references alert_channel,
  rule_id         uuid references alert_rule,
  state           text not null check (state in ('gathering','waiting','sending','delivered','failed')),
  test            boolean not null default false,
  plain           boolean not null default false,
  attempt_count   int not null default 0,
  next_attempt_at timestamptz,
  claimed_until   timestamptz,
  first_due_at    timestamptz not null,
  created_at      timestamptz not null,
  ended_at        timestamptz,
  external_id     text,
  problem         text,
  check ((state in ('delivered','failed')) = (ended_at is not null)),
  check ((state in ('gathering','waiting')) = (next_attempt_at is not null))
);
create unique index delivery_gathering on delivery (rule_id, channel_id) where state = 'gathering';
create index delivery_due on delivery (channel_id, next_attempt_at) where state in ('gathering','waiting');
create index delivery_sending on delivery (channel_id, claimed_until) where state = 'sending';
create index delivery_list on delivery (created_at desc, id desc);
create index delivery_group on delivery (rule_id, channel_id, first_due_at desc);

create table delivery_alert (
  delivery_id uuid not null references delivery,
  alert_id    uuid not null references alert,
  primary key (delivery_id, alert_id)
);
create index delivery_alert_alert on delivery_alert (alert_id);

create table delivery_attempt (
  delivery_id uuid not null references delivery,
  attempt     int not null,
  at          timestamptz not null,
  status      int,
  answer      text,
  problem     text,
  duration_ms int not null,
  primary key (delivery_id, attempt)
);

/* When a shared budget (one bot, one chat, one address) may be used again. */
create table send_budget (
  key     text primary key,
  free_at timestamptz not null
);

create table audit (
  id        uuid primary key,
  at        timestamptz not null,
  key_id    text,
  person_id uuid,
  action    text not null,
  object    text not null,
  object_id text,
  fields    text[] not null default '{}'
);
create index audit_at on audit (at desc, id desc);

create table idempotency (
  key_id     text not null,
  key        text not null,
  body_hash  bytea not null,
  status     int,
  answer     jsonb,
  secret     boolean not null default false,
  subject_id text,
  created_at timestamptz not null,
  primary key (key_id, key)
);
create index idempotency_created on idempotency (created_at);

/* A long piece of work on many rows that resumes where it stopped. */
create table task (
  id         uuid primary key,
  kind       text not null check (kind in ('rematch')),
  brand_id   uuid not null references brand,
  position   uuid,
  done_count bigint not null default 0,
  state      text not null check (state in ('waiting','done')),
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create unique index task_once on task (kind, brand_id) where state = 'waiting';
`;

export default { name: "0001-ground", up, transaction: true } satisfies Migration;
