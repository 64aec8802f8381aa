import { createLog } from "#boot/log.ts";
import { openRuntime, type RuntimeOptions } from "#boot/runtime.ts";
import { startWork, type WorkRole } from "#boot/work.ts";
import { readEnv } from "#config/env.ts";
import { type PointName, points } from "./points.ts";

/** What a worker process of the tests is told, as JSON in its first argument. */
export interface WorkerSetting {
  role: WorkRole;
  queue: NonNullable<RuntimeOptions["queue"]>;
  /** The clock of all processes: so many times faster since that instant (ms since 1970). */
  clock: { sinceMs: number; speed: number };
  /** Where it kills itself, and on which pass. */
  dieAt: { point: PointName; pass: number } | null;
}

/**
 * A process of one role as production starts it, with its own clocks. It prints `ready`, ends by SIGTERM with 0,
 * or 1 when it handed work back, and dies by its own SIGKILL where it was told to.
 */
const { role, queue, clock, dieAt } = JSON.parse(process.argv[2] ?? "") as WorkerSetting;
const env = readEnv(process.env);
const runtime = await openRuntime({
  env,
  log: createLog(env.MOLVA_LOG_LEVEL, line => process.stderr.write(`${role} ${process.pid}: ${line}`)),
  maxConnections: env.MOLVA_COLLECTORS + 2,
  statementTimeoutMs: 30_000,
  name: role,
  queue,
  clock: () => new Date(clock.sinceMs + (Date.now() - clock.sinceMs) * clock.speed),
});
let passes = 0;
const die = (): void => {
  if (++passes === dieAt?.pass) process.kill(process.pid, "SIGKILL");
};
const working = await startWork(dieAt === null ? runtime : points[dieAt.point].arm(runtime, die), [role]);
process.once("SIGTERM", async () => {
  const { handedBack } = await working.stop(20_000);
  await runtime.close();
  process.exit(handedBack > 0 ? 1 : 0);
});
console.log("ready");
