import { MolvaError } from "#domain/errors.ts";
import { findBrowser } from "#net/browser-pool.ts";
import { collect } from "#pipeline/collect.ts";
import { publishDue } from "#pipeline/desk/publish.ts";
import { finishRun } from "#pipeline/finish-run.ts";
import { keepListening } from "#pipeline/listen.ts";
import { notifyDue } from "#pipeline/notify.ts";
import { createParsePool } from "#pipeline/parse-pool.ts";
import { tick } from "#pipeline/tick.ts";
import type { Handlers } from "#queue/work.ts";
import { hasDueDeliveries } from "#store/delivery.ts";
import type { Runtime } from "./runtime.ts";

/** The kinds of work that a process may take. */
const workRoles = ["scheduler", "collector", "notifier"] as const;
export type WorkRole = (typeof workRoles)[number];

export interface Working {
  /** Takes nothing new, lets the running jobs end within the deadline and says how many were handed back. */
  stop(deadlineMs: number): Promise<{ handedBack: number }>;
}

const tickMs = 1_000;

/** Ends the run of a job that killed its process too often: nobody else would. */
async function closeRun(deps: Runtime["deps"], data: unknown): Promise<void> {
  const job = data as { sourceId: string; runId: string };
  const message =
    "The collector died while reading this source, several times in a row; its log has the cause";
  await finishRun(deps, job, {
    error: new MolvaError("collector-died", message),
    complete: false,
    lease: null,
  });
}

/** Begins the work of these roles in this process. */
export async function startWork(runtime: Runtime, roles: readonly WorkRole[]): Promise<Working> {
  const { deps, patient, net, env, queue, publicUrl, printer } = runtime;
  const parsePool = createParsePool();
  const notifyDeps = {
    ...deps,
    net,
    publicUrl,
    telegramApi: env.MOLVA_TELEGRAM_API,
    slackApi: env.MOLVA_SLACK_API,
    printPdf: findBrowser(env.MOLVA_BROWSER_PATH) === null ? null : printer.pdf,
  };
  let tickCount = 0;
  const handlers: Partial<Handlers> = {};
  if (roles.includes("scheduler")) {
    handlers.tick = (_data, { signal }) =>
      tick(deps, {
        count: tickCount++,
        hasDueDeliveries: () => hasDueDeliveries(deps.db, deps.clock()),
        signal,
      });
  }
  if (roles.includes("collector")) {
    handlers.collect = ({ sourceId, runId }, context) =>
      collect({ ...deps, db: patient ?? deps.db, net, parsePool }, { sourceId, runId, ...context });
  }
  if (roles.includes("notifier")) {
    handlers.notify = async (_data, { signal }) => {
      await notifyDue(notifyDeps, signal);
    };
  }
  if (roles.includes("notifier")) {
    handlers.publish = async (_data, { signal }) => void (await publishDue({ ...deps, net }, signal));
  }
  const listening = new AbortController();
  const listened = roles.includes("notifier")
    ? keepListening(notifyDeps, listening.signal)
    : Promise.resolve();
  const work = queue.work(handlers, {
    concurrency: env.MOLVA_COLLECTORS,
    onFailed: job => {
      deps.log.error(job, "job failed for good");
      if (job.name === "collect")
        closeRun(deps, job.data).catch(err => deps.log.error({ err }, "run not closed"));
    },
    onError: err => deps.log.warn({ err }, "job failed"),
  });
  if (roles.includes("scheduler")) await queue.keepTicking(tickMs);
  return {
    stop: async deadlineMs => {
      listening.abort();
      const end = await work.stop(deadlineMs);
      await listened;
      await parsePool.close();
      return end;
    },
  };
}
