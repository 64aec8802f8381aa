import type { Migration } from "#migrations/define.ts";

/** Reports that go to channels by themselves. */
const up = `
/* at is a time of the zone's wall clock; without a zone it is the brand's. next_at is when it goes next, null while
   it is switched off or gone. shown_brand_ids: the brands that whoever made it may see, null for all. */
create table report_schedule (
  id              uuid primary key,
  brand_id        uuid not null references brand,
  every           text not null check (every in ('daily','weekly')),
  weekday         int not null check (weekday between 1 and 7),
  at              text not null,
  timezone        text,
  language        text not null check (language in ('ru','en')),
  format          text not null check (format in ('html','pdf')),
  channel_ids     uuid[] not null,
  shown_brand_ids uuid[],
  enabled         boolean not null,
  next_at         timestamptz,
  created_at      timestamptz not null,
  updated_at      timestamptz not null,
  archived_at     timestamptz,
  check ((next_at is not null) = (enabled and archived_at is null))
);
create index report_schedule_due on report_schedule (next_at) where next_at is not null;
create index report_schedule_list on report_schedule (created_at, id) where archived_at is null;
create index report_schedule_brand on report_schedule (brand_id);

/* A delivery of a schedule tells of one period; each channel gets a period once. */
alter table delivery
  add schedule_id uuid references report_schedule,
  add report_from timestamptz,
  add report_to   timestamptz,
  add check ((schedule_id is null) = (report_from is null) and (schedule_id is null) = (report_to is null));
create unique index delivery_report on delivery (schedule_id, report_from, report_to, channel_id) where schedule_id is not null;
`;

export default { name: "0007-reports", up, transaction: true } satisfies Migration;
