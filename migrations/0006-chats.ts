import type { Migration } from "#migrations/define.ts";

/** Chats that answer: who is who in them, threads, messages rewritten later, bots that listen, and channels that fail. */
const up = `
/* A user of a chat is one person of ours. team_id: Slack's ids of users are unique within a workspace only; '' elsewhere. */
create table person_chat (
  kind      text not null check (kind in ('slack','telegram')),
  team_id   text not null check ((kind = 'slack') = (team_id <> '')),
  user_id   text not null,
  person_id uuid not null references person,
  primary key (kind, team_id, user_id)
);
create index person_chat_person on person_chat (person_id);

/* thread_of: the message whose thread this one went into. edit_at: when the sent message is to be rewritten.
   notice: what a message tells that is about no alert. */
alter table delivery
  add thread_of  uuid references delivery deferrable,
  add edit_at    timestamptz,
  add edit_count int not null default 0,
  add notice     jsonb;
create index delivery_thread on delivery (thread_of) where thread_of is not null;
create index delivery_edit on delivery (edit_at) where edit_at is not null;

/* Failures in a row: nothing is sent before paused_until, and one probe at a time until one succeeds. */
alter table alert_channel
  add failure_count int not null default 0,
  add failing_since timestamptz,
  add paused_until  timestamptz;

/* A word to one user of a chat in answer to what they pressed; kept until it is sent or too late. */
create table chat_answer (
  id              uuid primary key,
  channel_id      uuid not null references alert_channel,
  address         bytea not null,
  text            text not null,
  attempt_count   int not null default 0,
  next_attempt_at timestamptz not null,
  expires_at      timestamptz not null
);
create index chat_answer_channel on chat_answer (channel_id);
create index chat_answer_due on chat_answer (next_attempt_at);

/* A bot has one listener, the holder of the lease; next_offset is the first update not yet read. */
create table bot_listener (
  bot            text primary key,
  next_offset    bigint not null default 0,
  lease          uuid,
  leased_until   timestamptz,
  listen_at      timestamptz not null,
  conflict_count int not null default 0,
  problem        text
);
`;

export default { name: "0006-chats", up, transaction: true } satisfies Migration;
