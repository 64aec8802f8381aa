import type { FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Actor } from "#pipeline/cases.ts";
import type { Deps } from "#pipeline/deps.ts";
import type { Drafter } from "#pipeline/desk/draft-model.ts";
import type { Scope } from "#pipeline/desk/steps.ts";
import type { Db, Tx } from "#store/db.ts";
import type { Skills } from "#store/key.ts";
import type { Role } from "#store/tables.ts";

/** What the API is built of; it reads no environment. */
export interface ApiDeps extends Deps {
  /** For `alone` routes: keeps one plan per statement. */
  steady: Db;
  publicUrl: string;
  /** Whether the queue answers, for readiness. */
  queueReady: () => Promise<boolean>;
  /** True from the moment the process is told to stop: readiness says so before the last requests end. */
  draining?: () => boolean;
  /** Prometheus text of this process. */
  metrics: () => Promise<string>;
  /** The egress guard's answer for an address that is to be stored; throws InputError. */
  checkAddress: (url: string) => void;
  randomBytes: (size: number) => Uint8Array;
  trustProxy: boolean;
  /** A model that drafts answers; absent unless the operator configured one. */
  drafter?: Drafter | null;
  /** Makes PDF of a document of ours; absent where there is no browser. */
  printPdf?: ((html: string) => Promise<Buffer>) | null;
  /** Whether zod reads every answer again before it leaves; tests ask for it. */
  checkAnswers?: boolean;
}

/** Who calls, known by the key. */
export interface Caller {
  keyId: string;
  name: string;
  role: Role;
  personId: string | null;
  /** null is all brands. */
  brandIds: readonly string[] | null;
  /** What the person of the key can do; null for a service. */
  skills: Skills | null;
}

/** Roles that may call a route; `public` needs no key. */
export type Allow = readonly Role[] | "public";

export const everyReader = ["admin", "manager", "approver", "analyst"] as const satisfies readonly Role[];
export const deskRoles = ["admin", "manager", "approver"] as const satisfies readonly Role[];
export const adminOnly = ["admin"] as const satisfies readonly Role[];

type Schema = z.ZodType;
type Out<S extends Schema | undefined> = S extends Schema ? z.output<S> : undefined;

interface Input<
  Params extends Schema | undefined,
  Query extends Schema | undefined,
  Body extends Schema | undefined,
> {
  params: Out<Params>;
  query: Out<Query>;
  body: Out<Body>;
  caller: Caller;
  /** The caller as the pipeline knows him. */
  scope: Scope;
  now: Date;
  request: FastifyRequest;
  reply: FastifyReply;
}

/** What a route answers; `etag` is a case's version. */
export interface Answer<Body> {
  body: Body;
  etag?: string;
  location?: string;
}

interface Common<
  Params extends Schema | undefined,
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Reply extends Schema,
> {
  url: string;
  tag: string;
  summary: string;
  /** Required: a route cannot be written without saying who may call it. */
  allow: Allow;
  params?: Params;
  query?: Query;
  body?: Body;
  reply: Reply;
  /** The media type of an answer that is a file: `read` gives a stream, or the whole of it. */
  produces?: string;
}

/** A route that reads; POST where the question does not fit into an address. */
export interface ReadRoute<
  Params extends Schema | undefined,
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Reply extends Schema,
> extends Common<Params, Query, Body, Reply> {
  method?: "GET" | "POST";
  read: (deps: ApiDeps, input: Input<Params, Query, Body> & { db: Db }) => Promise<Answer<z.input<Reply>>>;
}

/** What a change tells the framework besides its answer. */
export interface Changed<Body> extends Answer<Body> {
  /** For the audit: what was changed. */
  objectId: string | null;
  /** Run after the commit; what is lost here the tick finds again. */
  after?: () => Promise<void>;
}

/**
 * A route that writes. The whole of it is one transaction, with its audit entry and the answer kept for a
 * repeated call; `secret` answers are never kept.
 */
export interface WriteRoute<
  Params extends Schema | undefined,
  Query extends Schema | undefined,
  Body extends Schema | undefined,
  Reply extends Schema,
> extends Common<Params, Query, Body, Reply> {
  method: "POST" | "PATCH" | "DELETE";
  status: 200 | 201 | 202 | 204;
  /** null: it changes nothing that lasts, such as who is writing now. */
  audit: { action: string; object: string } | null;
  secret?: boolean;
  /** The change is one statement that brings its own audit entry: it is spared the round trips of a transaction, and planning. */
  alone?: boolean;
  change: (tx: Tx, deps: ApiDeps, input: Input<Params, Query, Body>) => Promise<Changed<z.input<Reply>>>;
}

export interface AnyRead
  extends Omit<ReadRoute<undefined, undefined, undefined, Schema>, "params" | "query" | "body" | "read"> {
  params?: Schema;
  query?: Schema;
  body?: Schema;
  read: (deps: ApiDeps, input: never) => Promise<Answer<unknown>>;
}
export interface AnyWrite
  extends Omit<WriteRoute<undefined, undefined, undefined, Schema>, "params" | "query" | "body" | "change"> {
  params?: Schema;
  query?: Schema;
  body?: Schema;
  change: (tx: Tx, deps: ApiDeps, input: never) => Promise<Changed<unknown>>;
}
export type Route = AnyRead | AnyWrite;

/** Gives `read` the types of its schemas. */
export const readRoute = <
  Reply extends Schema,
  Params extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
>(
  route: ReadRoute<Params, Query, Body, Reply>,
): Route => route as unknown as AnyRead;

/** Gives `change` the types of its schemas. */
export const writeRoute = <
  Reply extends Schema,
  Params extends Schema | undefined = undefined,
  Query extends Schema | undefined = undefined,
  Body extends Schema | undefined = undefined,
>(
  route: WriteRoute<Params, Query, Body, Reply>,
): Route => route as unknown as AnyWrite;

const actorOf = (caller: Caller): Actor => ({ personId: caller.personId, keyId: caller.keyId });

/** The caller as the pipeline knows him; a lead may take a case from whoever holds it. */
export const scopeOf = (caller: Caller): Scope => ({
  actor: actorOf(caller),
  brandIds: caller.brandIds,
  lead: caller.role === "admin" || caller.skills?.role === "lead",
});
