import type { Migration } from "#migrations/define.ts";

/** The response desk: departments, people's skills, the SLA clock, replies from draft to publication, templates, presence. */
const up = `
create table department (
  id          uuid primary key,
  name        text not null check (length(name) between 1 and 200),
  created_at  timestamptz not null,
  archived_at timestamptz
);
create unique index department_name on department (name) where archived_at is null;

alter table person
  add role text not null default 'agent' check (role in ('agent','lead')),
  add department_id uuid references department,
  add languages text[] not null default '{}',
  add brand_ids uuid[],
  add source_kinds text[],
  add capacity int not null default 30 check (capacity between 0 and 10000),
  add timezone text not null default 'UTC',
  add absences jsonb not null default '[]';

alter table brand add desk jsonb not null default '{}';

/* The clock of a case runs since sla_running_at, or stands when that is null; due_at follows from what is left,
   and at sla_next_at the tick looks whether the answer is due soon or overdue. */
alter table "case"
  add department_id uuid references department,
  add tags text[] not null default '{}',
  add root_causes text[] not null default '{}',
  add snoozed_until timestamptz,
  add escalated_at timestamptz,
  add merged_into uuid references "case" deferrable,
  add sla_target_ms double precision not null default 0,
  add sla_used_ms double precision not null default 0,
  add sla_running_at timestamptz,
  add sla_always boolean not null default false,
  add sla_next_at timestamptz,
  add breached_at timestamptz,
  add first_answer_at timestamptz,
  add assign_after timestamptz,
  add check (snoozed_until is not null or status <> 'snoozed');
create index case_snoozed on "case" (snoozed_until) where status = 'snoozed';
create index case_sla on "case" (sla_next_at) where sla_next_at is not null;
/* Cases from before the clock: the tick gives the open ones theirs with their next priority. */
update "case" set sla_running_at = sla_started_at, next_priority_at = created_at
  where status <> 'ended';
update "case" set first_answer_at = answered_at, breached_at = case when answered_at > due_at then due_at end
  where status = 'ended' and answered_at is not null;
/* Where a text stands in search results. */
create index document_serp on document (url) where kind = 'search-result' and url is not null;
create index case_department on "case" (department_id, priority desc, due_at, id) where status <> 'ended' and department_id is not null;
create index case_assignee on "case" (assignee_id, priority desc, due_at, id) where status <> 'ended' and assignee_id is not null;
create index case_holder on "case" (claimed_by) where status = 'claimed';
/* What nobody is given: claimed by whoever comes, or given out by the tick. */
drop index case_free;
/* In an order of its own. Two indexes with one order are the same to a planner that saw no claimed case, and it
   takes the one in which each claim walks over all that are claimed. */
create index case_free on "case" ((100 - priority), due_at, id) where status = 'open' and assignee_id is null;
create index case_unassigned on "case" (brand_id, assign_after) where status = 'open' and assignee_id is null;
create index case_awaiting_author on "case" (id) where status = 'awaiting-author';
create index case_merged on "case" (merged_into) where merged_into is not null;
create index case_created on "case" (created_at, id);

/* Whom a note calls. */
alter table case_note add mentioned uuid[] not null default '{}';
create index case_note_mentioned on case_note using gin (mentioned) where mentioned <> '{}';

/* Whom an entry of the log is about: who is given a case, called by a note, or writing now. */
alter table change add person_ids uuid[];

/* Who is writing in a case now; a row that has run out means nobody. */
create table presence (
  case_id   uuid not null references "case" on delete cascade,
  person_id uuid not null references person,
  until     timestamptz not null,
  primary key (case_id, person_id)
);
create index presence_until on presence (until);

create table template (
  id          uuid primary key,
  brand_id    uuid references brand,
  name        text not null check (length(name) between 1 and 200),
  language    text not null,
  aspect      text,
  tone        text check (tone in ('positive','neutral','negative')),
  text        text not null check (length(text) between 1 and 10000),
  created_by  uuid references person,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  archived_at timestamptz
);
create index template_brand on template (brand_id, language) where archived_at is null;

/* account is the answering account: the source's id. A row exists before its request; next_attempt_at is when the
   tick takes it, lease until when the one who took it may send. posted_at is when the request left that nobody has
   seen the end of, look_count how often the source was asked since. An edit takes the place of the reply edit_of. */
alter table reply
  add source_id uuid references source,
  add assisted boolean not null default false,
  add template_id uuid references template,
  add origin text not null default 'person' check (origin in ('person','template','model')),
  add drafted_by uuid references person,
  add submitted_by uuid references person,
  add submitted_at timestamptz,
  add decided_by uuid references person,
  add decided_at timestamptz,
  add reason text,
  add send_at timestamptz,
  add lease timestamptz,
  add attempt_count int not null default 0,
  add posted_at timestamptz,
  add look_count int not null default 0,
  add sent_at timestamptz,
  add published_at timestamptz,
  add external_id text,
  add edit_of uuid references reply deferrable,
  add edited_at timestamptz;
create index reply_due on reply (next_attempt_at) where next_attempt_at is not null;
create index reply_case on reply (case_id, created_at, id);
create index reply_document on reply (document_id);
create index reply_decided on reply (decided_at desc, id desc) where state in ('approved','sending','sent','unknown','published');
drop index reply_once;
create unique index reply_once on reply (document_id, account)
  where state not in ('rejected','refused','removed') and edit_of is null;
create unique index reply_edit_once on reply (edit_of)
  where state not in ('rejected','refused','removed','published') and edit_of is not null;

/* What an edit of the author replaced: how the text was judged until then. version is the document's, replaced_at
   when the author changed it by the source's word, else when it was seen. */
create table mention_version (
  mention_id  uuid not null references mention on delete cascade,
  version     int not null,
  tone        text not null check (tone in ('positive','neutral','negative')),
  score       real not null,
  rating5     real,
  text_changed boolean not null,
  replaced_at timestamptz not null,
  primary key (mention_id, version)
);
/* What seldom happens to a case, for reports that ask it of each. */
create index case_event_rare on case_event (case_id)
  where kind in ('author-edited','author-answered','answer-removed','reopened');
`;

export default { name: "0002-desk", up, transaction: true } satisfies Migration;
