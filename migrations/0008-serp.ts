import type { Migration } from "#migrations/define.ts";

/** Search results as they stood: what is looked at for a brand, each look, and its pages. */
const up = `
/* A phrase that a source of search results asks for, watched for a brand as a region's people see it on a device. */
create table serp_query (
  id          uuid primary key,
  brand_id    uuid not null references brand,
  source_id   uuid not null references source,
  query       text not null,
  region      text not null,
  device      text not null,
  created_at  timestamptz not null,
  archived_at timestamptz
);
create unique index serp_query_once on serp_query (source_id, query, region, device, brand_id) where archived_at is null;
create index serp_query_brand on serp_query (brand_id, created_at, id);

/* A page is a brand's: what helps one may harm another. The hash stands for addresses too long for an index. */
create table serp_page (
  id            uuid primary key,
  brand_id      uuid not null references brand,
  url           text not null,
  url_hash      bytea not null,
  verdict       text check (verdict in ('ours','neutral','hostile')),
  verdict_at    timestamptz,
  verdict_by    uuid references person,
  first_seen_at timestamptz not null,
  unique (brand_id, url_hash),
  check ((verdict is null) = (verdict_at is null))
);
create index serp_page_judge on serp_page (verdict_by) where verdict_by is not null;

/* One look that was answered; a refused one leaves no row, so an empty look means that nothing was found. */
create table serp_snapshot (
  id          uuid primary key,
  query_id    uuid not null references serp_query,
  run_id      uuid not null references run,
  taken_at    timestamptz not null,
  depth       int not null check (depth > 0),
  found_count bigint,
  unique (query_id, run_id)
);
create index serp_snapshot_taken on serp_snapshot (query_id, taken_at desc, id desc);
create index serp_snapshot_run on serp_snapshot (run_id);

/* The tone is the one that the result's text had toward the brand when it was seen; none if it does not speak of it. */
create table serp_result (
  snapshot_id uuid not null references serp_snapshot on delete cascade,
  page_id     uuid not null references serp_page,
  position    int not null check (position > 0),
  title       text,
  tone        text check (tone in ('positive','neutral','negative')),
  score       real check (score between -1 and 1),
  primary key (snapshot_id, page_id),
  check ((tone is null) = (score is null))
);
create index serp_result_page on serp_result (page_id);
`;

export default { name: "0008-serp", up, transaction: true } satisfies Migration;
