import { randomBytes } from "node:crypto";
import { buildApp } from "#api/app.ts";
import type { Env } from "#config/env.ts";
import { InputError, MolvaError } from "#domain/errors.ts";
import { findBrowser } from "#net/browser-pool.ts";
import type { Log } from "#pipeline/deps.ts";
import { drafterOf } from "./drafter.ts";
import { createMetrics } from "./metrics.ts";
import { type RunningRole, roles } from "./roles.ts";
import { openRuntime, type Runtime } from "./runtime.ts";
import { startWork, type Working, type WorkRole } from "./work.ts";

export interface Program {
  runtime: Runtime;
  /** Where the API listens, null without that role. */
  address: string | null;
  /** Lets go of everything within the deadline; the work that did not end goes back to the queue, and is counted. */
  stop(): Promise<{ handedBack: number }>;
}

/** Work may take so long to end before it is handed back; who waits at a terminal waits less. */
const stopWithinMs = { alone: 8_000, role: 20_000 };
const timeouts = { api: 5_000, worker: 60_000 };

/** Starts these roles in this process; `before` is done while nothing works yet. */
export async function startProgram(
  env: Env,
  log: Log,
  wanted: readonly RunningRole[],
  before: (runtime: Runtime) => Promise<void> = async () => {},
): Promise<Program> {
  const hasApi = wanted.includes("api");
  const isApiOnly = hasApi && wanted.length === 1;
  const alone = wanted.length === roles.length;
  const runtime = await openRuntime({
    env,
    log,
    maxConnections: (hasApi ? env.MOLVA_API_CONNECTIONS : 0) + (isApiOnly ? 0 : env.MOLVA_COLLECTORS + 2),
    collecting: isApiOnly ? 0 : env.MOLVA_COLLECTORS,
    statementTimeoutMs: isApiOnly ? timeouts.api : timeouts.worker,
    name: wanted.join("+"),
    alone,
  });
  const started: Started = { runtime, api: null, working: null };
  const stop = () => stopAll(started, alone ? stopWithinMs.alone : stopWithinMs.role);
  try {
    await before(runtime);
    if (wanted.includes("api")) started.api = await listen(runtime);
    const work = wanted.filter((role): role is WorkRole => role !== "api");
    if (work.length > 0) started.working = await startWork(runtime, work);
  } catch (error) {
    await stop();
    throw error;
  }
  return { runtime, address: started.api?.address ?? null, stop };
}

interface Started {
  runtime: Runtime;
  api: Api | null;
  working: Working | null;
}

const refusedAddress = (url: string) =>
  `${URL.canParse(url) ? new URL(url).host : "The address"} may not be reached: private and special addresses are refused unless MOLVA_EGRESS_ALLOW lists them`;

const portInUse = ({ HOST, PORT }: Env) =>
  new MolvaError(
    "port-in-use",
    `another program, perhaps Molva itself, listens on ${HOST}:${PORT}: stop it, or set PORT to a free one`,
    { retry: "never" },
  );

interface Api {
  address: string;
  close(): Promise<void>;
}

async function listen(runtime: Runtime): Promise<Api> {
  const { deps, steady, env, publicUrl, net, printer, queue } = runtime;
  const metrics = createMetrics(runtime);
  const app = await buildApp({
    ...deps,
    steady,
    publicUrl,
    queueReady: async () => {
      await queue.counts(deps.clock().getTime());
      return true;
    },
    metrics: () => metrics.text(),
    checkAddress: url => {
      if (!net.mayAsk(url)) throw new InputError(refusedAddress(url));
    },
    randomBytes: size => randomBytes(size),
    trustProxy: env.MOLVA_TRUST_PROXY,
    drafter: drafterOf(env, net),
    printPdf: findBrowser(env.MOLVA_BROWSER_PATH) === null ? null : printer.pdf,
  });
  const address = await app.listen({ host: env.HOST, port: env.PORT }).catch(error => {
    throw error.code === "EADDRINUSE" ? portInUse(env) : error;
  });
  return { address, close: () => app.close() };
}

async function stopAll(
  { runtime, api, working }: Started,
  withinMs: number,
): Promise<{ handedBack: number }> {
  const [end] = await Promise.all([working?.stop(withinMs), api?.close()]);
  await runtime.close();
  return { handedBack: end?.handedBack ?? 0 };
}
