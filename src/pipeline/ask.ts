import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { QuotaError } from "#domain/errors.ts";
import type { Net, NetReply } from "#net/client.ts";
import type { SourceRequest } from "#sources/define.ts";
import { takeQuota } from "#store/quota.ts";
import type { Validators } from "#store/source.ts";
import type { Deps } from "./deps.ts";
import type { SourceFacts } from "./source-facts.ts";

/** Who asks: a source with its credentials in the clear. */
export interface Asker {
  facts: SourceFacts;
  credentials: unknown;
}

type AskDeps = Pick<Deps, "db" | "clock"> & { net: Net };

/** Asks a source once, when its quota allows, with what the site said of the page last time. */
export async function askSource(
  deps: AskDeps,
  asker: Asker,
  request: SourceRequest,
  { validators, signal }: { validators: Validators | null; signal: AbortSignal },
): Promise<NetReply> {
  await waitForQuota(deps, asker, signal);
  const { kind } = asker.facts;
  const full =
    kind.authorize && asker.credentials !== null
      ? kind.authorize(request, asker.credentials as never)
      : request;
  const headers: Record<string, string> = {};
  if (validators?.etag) headers["etag"] = validators.etag;
  if (validators?.lastModified) headers["last-modified"] = validators.lastModified;
  return deps.net.fetch({
    url: full.url,
    method: full.method ?? "GET",
    headers: full.headers ?? {},
    ...(full.body === undefined ? {} : { body: full.body }),
    stored: validators ? { headers } : null,
    obeysRobots: kind.obeysRobots,
    signal,
  });
}

/** A longer wait for a quota is not sat out: the run ends and the source comes back when the quota does. */
const longestWaitMs = 20_000;

/** Waits for a place in the quota that the kind declares, shared by all sources of the same host or credentials. */
async function waitForQuota(
  deps: AskDeps,
  { facts, credentials }: Asker,
  signal: AbortSignal,
): Promise<void> {
  const quota = facts.kind.quota?.(facts.settings);
  if (quota === undefined) return;
  const whose = quota.per === "host" ? facts.kind.hosts(facts.settings).join() : JSON.stringify(credentials);
  const key = `quota:${facts.kind.id}:${createHash("sha256").update(whose).digest("base64url")}`;
  for (;;) {
    const waitMs = await takeQuota(deps.db, key, quota, deps.clock());
    if (waitMs === 0) return;
    if (waitMs > longestWaitMs) {
      throw new QuotaError(
        `The quota of ${facts.kind.id} is used up; the next request may go in ${Math.ceil(waitMs / 1000)} s`,
        waitMs,
      );
    }
    await setTimeout(waitMs, undefined, { signal });
  }
}
