import type { Migration } from "#migrations/define.ts";

const counted = ["rollup_day", "rollup_quarter", "total_day", "total_hour"];

/** originals are mentions that are no copies of an earlier text; stars_N are ratings that round to N of five. */
const wider = counted
  .map(
    table =>
      `alter table ${table} add originals int not null default 0, ${[1, 2, 3, 4, 5]
        .map(star => `add stars_${star} int not null default 0`)
        .join(", ")};`,
  )
  .join("\n");

const aspectFigures = `
  total          int not null,
  positive       int not null,
  neutral        int not null,
  negative       int not null,
  positive_share bigint not null,
  neutral_share  bigint not null,
  negative_share bigint not null`;

/** Counts behind trends by aspect, share of voice and ratings; marks on the time axis. */
const up = `
${wider}

/* Mentions that speak of an aspect, by the tone toward it; and how much of the mentions' own tone the aspect
   carries, in parts of 720,720 per mention. Sources do not share rows, so their pages do not wait for each other. */
create table aspect_day (
  brand_id       uuid not null,
  day            date not null,
  source_id      uuid not null,
  aspect         text not null,${aspectFigures},
  primary key (brand_id, day, source_id, aspect)
);
create table aspect_quarter (
  brand_id       uuid not null,
  start          timestamptz not null,
  source_id      uuid not null,
  aspect         text not null,${aspectFigures},
  primary key (brand_id, start, source_id, aspect)
);

/* The same by the hour, for zones that are off UTC by whole hours. */
create table aspect_hour (like aspect_quarter including all);
create table rollup_hour (like rollup_quarter including all);

/* What happened to a brand at a time: a release, a campaign, an incident. */
create table annotation (
  id         uuid primary key,
  brand_id   uuid not null references brand,
  kind       text not null check (kind in ('release','campaign','incident')),
  title      text not null check (length(title) between 1 and 200),
  url        text,
  at         timestamptz not null,
  until      timestamptz check (until > at),
  created_by uuid references person,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index annotation_brand on annotation (brand_id, at, id);
create index annotation_created_by on annotation (created_by) where created_by is not null;

/* Who wrote of a brand and when: new and returning authors. */
create index mention_author on mention (brand_id, author_id, occurred_at)
  where author_id is not null and deleted_at is null;
/* Texts at a brand's own places. */
create index document_owned on document (source_id, occurred_at) where owned;
`;

export default { name: "0004-trends", up, transaction: true } satisfies Migration;
