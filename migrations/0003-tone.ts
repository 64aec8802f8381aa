import type { Migration } from "#migrations/define.ts";

/** Tone in use: what people's corrections teach about a source, and scores of newer models beside the first. */
const up = `
/* Layers over the model's logits, one source's own; a layer is for the model that it was fitted on. */
create table tone_recalibration (
  source_id     uuid not null references source,
  version       int not null,
  model_version text not null,
  parameters    jsonb not null,
  own_count     int not null,
  kind_count    int not null,
  fitted_at     timestamptz not null,
  primary key (source_id, version)
);
create index mention_corrected on mention (source_id, human_at desc) where human_tone is not null and deleted_at is null;

/* What a newer model says of a mention; the mention itself keeps what the first one said. */
create table mention_score (
  mention_id    uuid not null references mention on delete cascade,
  model_version text not null,
  tone          text not null check (tone in ('positive','neutral','negative')),
  score         real not null check (score between -1 and 1),
  confidence    real not null check (confidence between 0 and 1),
  uncertain     boolean not null,
  conflict      boolean not null,
  intents       text[] not null,
  aspects       jsonb not null,
  scored_at     timestamptz not null,
  primary key (mention_id, model_version)
);

/* By how much the newest scores move the counts of a quarter-hour; no row where they move nothing. */
create table rescore_quarter (
  brand_id    uuid not null,
  start       timestamptz not null,
  source_id   uuid not null,
  source_kind text not null,
  kind        text not null,
  language    text not null,
  positive    int not null,
  neutral     int not null,
  negative    int not null,
  score_sum   double precision not null,
  primary key (brand_id, start, source_id, kind, language)
);

/* Rescoring goes from the newest mention to the oldest, to \`since\`; position_at is the time of \`position\`. */
alter table task
  drop constraint task_kind_check,
  add check (kind in ('rematch','rescore')),
  add position_at timestamptz,
  add since timestamptz,
  add model_version text;
`;

export default { name: "0003-tone", up, transaction: true } satisfies Migration;
