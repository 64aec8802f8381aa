import { z } from "zod";
import { InputError } from "#domain/errors.ts";
import { dedupeKey } from "./ids.ts";

/** Ids only: job data is clear text in the queue's store, so nothing that could be a secret or a person fits in. */
const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, "expected an id of 1-64 letters, digits, `_` or `-`");

interface JobKind<Schema extends z.ZodType> {
  data: Schema;
  /** Asked for while its twin already runs, the job runs once more afterwards instead of being dropped. */
  againAfterActive: boolean;
  /** Times that an unlucky job is tried before it is failed for good. */
  attempts: number;
  /** How long finished jobs stay visible. By age only: a count costs half the throughput on PostgreSQL. */
  keepDoneSeconds: number;
  keepFailedSeconds: number;
}

const kind = <Schema extends z.ZodType>(declared: JobKind<Schema>): JobKind<Schema> => declared;

const day = 86_400;

/** Everything that the queue carries. Postgres remembers what is due; these say "do it now". */
export const jobKinds = {
  tick: kind({
    data: z.strictObject({}),
    againAfterActive: false,
    attempts: 1,
    keepDoneSeconds: 60,
    keepFailedSeconds: day,
  }),
  collect: kind({
    data: z.strictObject({ sourceId: id, runId: id }),
    againAfterActive: false,
    attempts: 4,
    keepDoneSeconds: 3600,
    keepFailedSeconds: 7 * day,
  }),
  notify: kind({
    data: z.strictObject({}),
    againAfterActive: true,
    attempts: 3,
    keepDoneSeconds: 60,
    keepFailedSeconds: 7 * day,
  }),
  publish: kind({
    data: z.strictObject({}),
    againAfterActive: true,
    attempts: 3,
    keepDoneSeconds: 60,
    keepFailedSeconds: 7 * day,
  }),
} as const;

export type JobName = keyof typeof jobKinds;
export type JobData<Name extends JobName> = z.infer<(typeof jobKinds)[Name]["data"]>;

export const jobNames = Object.keys(jobKinds) as JobName[];

/** Checks job data, on the way in and again on the way out (it may come from an older version). */
export function parseJob<Name extends JobName>(name: Name, data: unknown): JobData<Name> {
  const parsed = jobKinds[name].data.safeParse(data);
  if (parsed.success) return parsed.data as JobData<Name>;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join(".") ?? "";
  throw new InputError(
    `data of the job \`${name}\`${path && `, field ${path}`}: ${issue?.message}`,
    path || null,
  );
}

/** What at most one unfinished job may be about at a time; null: any number. */
const subjects: { [Name in JobName]: ((data: JobData<Name>) => string) | null } = {
  tick: null,
  collect: ({ sourceId }) => sourceId,
  notify: () => "all",
  publish: () => "all",
};

/** The key that keeps a second unfinished job of the same kind and subject out of the queue, or null. */
export const jobDedupeKey = <Name extends JobName>(name: Name, data: JobData<Name>): string | null => {
  const subject = subjects[name];
  return subject ? dedupeKey(name, subject(data)) : null;
};
