import { z } from "zod";
import { databaseAnswers } from "#store/metrics.ts";
import { pendingMigrations } from "#store/migrate.ts";
import { type ApiDeps, type Route, readRoute } from "./define.ts";
import { ProblemError } from "./problem.ts";

const checkTimeoutMs = 2_000;

/** What must be fine before this process is sent requests; each throws, or answers false, when it is not. */
const checks: Record<string, (deps: ApiDeps) => Promise<boolean>> = {
  process: async deps => !(deps.draining?.() ?? false),
  database: ({ db }) => databaseAnswers(db),
  migrations: async ({ db }) => (await pendingMigrations(db)).length === 0,
  queue: deps => deps.queueReady(),
};

const complaints: Record<string, string> = {
  process: "is stopping",
  database: "does not answer",
  migrations: "are pending: run `molva migrate`",
  queue: "does not answer",
};

async function isFine(check: Promise<boolean>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), checkTimeoutMs);
  try {
    return await Promise.race([check, late.promise]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

export const healthRoutes: readonly Route[] = [
  readRoute({
    url: "/healthz",
    tag: "health",
    summary: "Whether the process lives; asks nothing else",
    allow: "public",
    reply: z.object({ status: z.string() }),
    read: async () => ({ body: { status: "ok" } }),
  }),
  readRoute({
    url: "/readyz",
    tag: "health",
    summary: "Whether the database, its schema and the queue are fine; 503 names what is not",
    allow: "public",
    reply: z.object({ status: z.string() }),
    read: async deps => {
      const names = Object.keys(checks);
      const fine = await Promise.all(names.map(name => isFine(checks[name]?.(deps) as Promise<boolean>)));
      const errors = names
        .filter((_, index) => !fine[index])
        .map(name => ({ path: name, message: `${name} ${complaints[name]}` }));
      if (errors.length === 0) return { body: { status: "ready" } };
      const detail = errors.map(({ message }) => message).join("; ");
      throw new ProblemError(503, "unavailable", `Not ready: ${detail}`, { errors });
    },
  }),
  readRoute({
    url: "/metrics",
    tag: "health",
    summary: "Counts for Prometheus; no key is needed, because no names, texts or ids are among them",
    allow: "public",
    reply: z.string(),
    read: async ({ metrics }, { reply }) => {
      reply.type("text/plain; version=0.0.4; charset=utf-8");
      return { body: await metrics() };
    },
  }),
];
