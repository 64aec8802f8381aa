import type { Migration } from "#migrations/define.ts";

/** Alert rules of every kind, when a message may leave, silences, and escalation of what nobody has acknowledged. */
const up = `
/* timing: quiet hours, digest, grouping, escalation. Rules that look at a stretch of time are due at next_look_at;
   learnt is what the rule knows of the past by the day that it was learnt on. */
alter table alert_rule
  drop constraint alert_rule_kind_check,
  add check (kind in ('negative-mention','keyword','spike','rating-drop','sla','serp-entry','cluster-growth',
    'source-health','reply-failed')),
  add timing jsonb not null default '{}',
  add next_look_at timestamptz,
  add learnt jsonb;
create index alert_rule_due on alert_rule (next_look_at) where next_look_at is not null;

/* What is not said for a time: an absent part of the scope stands for everything. Alerts are stored all the same. */
create table silence (
  id         uuid primary key,
  brand_id   uuid references brand,
  rule_id    uuid references alert_rule,
  kind       text,
  source_id  uuid references source,
  channel_id uuid references alert_channel,
  reason     text not null check (length(reason) between 1 and 1000),
  until      timestamptz not null,
  created_by uuid references person,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ended_at   timestamptz
);
create index silence_living on silence (until) where ended_at is null;
create index silence_list on silence (created_at, id);
create index silence_brand on silence (brand_id);
create index silence_rule on silence (rule_id);
create index silence_source on silence (source_id);
create index silence_channel on silence (channel_id);
create index silence_created_by on silence (created_by);

/* At escalate_at the next channels are told, unless somebody has acknowledged; escalation counts the rounds told. */
alter table alert
  add escalate_at timestamptz,
  add escalation int not null default 0;
create index alert_escalation on alert (escalate_at) where escalate_at is not null and acked_at is null;
create index alert_case on alert (case_id) where case_id is not null;
create index alert_source on alert (source_id) where source_id is not null;
create index alert_acked_by on alert (acked_by) where acked_by is not null;
create index alert_rule_fired on alert (rule_id, fired_at desc);

/* Nothing of a delivery leaves before not_before; held_by says why, silence_id which silence. A delivery of
   escalation n tells the n-th next channels. One that is held goes on gathering. */
alter table delivery
  add not_before timestamptz,
  add held_by text check (held_by in ('quiet-hours','silence','digest')),
  add silence_id uuid references silence,
  add escalation int not null default 0,
  add check ((held_by is null) = (not_before is null)),
  add check (silence_id is null or held_by = 'silence');
create index delivery_silence on delivery (silence_id) where silence_id is not null;
drop index delivery_gathering;
create unique index delivery_gathering on delivery (rule_id, channel_id, escalation) where state = 'gathering';
`;

export default { name: "0005-alerts", up, transaction: true } satisfies Migration;
