import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { QuotaError } from "#domain/errors.ts";
import type { Net, NetReply } from "#net/client.ts";
import type { Quota, SourceRequest } from "#sources/define.ts";
import { pauseQuota, takeQuota } from "#store/quota.ts";
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
  const full = authorized(asker, request);
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

/** A request with the secrets in it: it goes out and nowhere else. */
export const authorized = ({ facts, credentials }: Asker, request: SourceRequest): SourceRequest =>
  facts.kind.authorize && credentials !== null
    ? facts.kind.authorize(request, credentials as never)
    : request;

/** A longer wait for a quota is not sat out: the run ends and the source comes back when the quota does. */
const longestWaitMs = 20_000;

/** Waits for a place in the quota that the kind declares, shared by all sources of the same host or credentials. */
async function waitForQuota(deps: AskDeps, asker: Asker, signal: AbortSignal): Promise<void> {
  const { facts } = asker;
  for (;;) {
    const waitMs = await takePlace(deps, asker);
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

interface SharedQuota extends Quota {
  key: string;
}

function quotaOf({ facts, credentials }: Asker): SharedQuota | null {
  const quota = facts.kind.quota?.(facts.settings);
  if (quota === undefined) return null;
  const whose = quota.per === "host" ? facts.kind.hosts(facts.settings).join() : JSON.stringify(credentials);
  const key = `quota:${facts.kind.id}:${createHash("sha256").update(whose).digest("base64url")}`;
  return { ...quota, key };
}

/** Takes a place in the source's quota: 0 when it is taken, else after how many ms to try again. */
export async function takePlace({ db, clock }: Pick<Deps, "db" | "clock">, asker: Asker): Promise<number> {
  const quota = quotaOf(asker);
  return quota === null ? 0 : takeQuota(db, quota.key, quota, clock());
}

/** The source has asked for a pause: everybody with this quota keeps it. */
export async function keepPause({ db }: Pick<Deps, "db">, asker: Asker, until: Date): Promise<void> {
  const quota = quotaOf(asker);
  if (quota !== null) await pauseQuota(db, quota.key, quota, until);
}
