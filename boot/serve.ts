import type { Env } from "#config/env.ts";
import { ensureAdminKey } from "./admin-key.ts";
import { banner } from "./banner.ts";
import { makeDemoBrand, openDemoWeb } from "./demo.ts";
import { createLog } from "./log.ts";
import { keepPulse } from "./pulse.ts";
import { type RunningRole, roles } from "./roles.ts";
import { startProgram } from "./start.ts";

export interface ServeOptions {
  env: Env;
  roles: readonly RunningRole[];
  demo: boolean;
  /** People read the banner; JSON lines go beside it. */
  print: (text: string) => void;
}

/** Runs until a signal says stop; resolves with the exit code. */
export async function serve({ env, roles: wanted, demo, print }: ServeOptions): Promise<number> {
  const stopped = stopSignal();
  const everything = wanted.length === roles.length;
  const log = createLog(everything ? quiet(env.MOLVA_LOG_LEVEL) : env.MOLVA_LOG_LEVEL);
  const web = demo ? await openDemoWeb(env) : null;
  const demoEnv =
    web === null ? env : { ...env, MOLVA_EGRESS_ALLOW: [...env.MOLVA_EGRESS_ALLOW, "127.0.0.1"] };
  const program = await startProgram(demoEnv, log, wanted);
  const { MOLVA_PULSE_FILE: pulseFile } = env;
  const endPulse = pulseFile ? keepPulse(pulseFile, err => log.warn({ err }, "pulse file")) : null;
  try {
    if (wanted.includes("api")) {
      const key = await ensureAdminKey(program.runtime, demo);
      const url = env.MOLVA_PUBLIC_URL ?? (program.address as string);
      const made =
        web && key.text
          ? { webUrl: web.baseUrl, brandId: await makeDemoBrand(url, key.text, web.baseUrl) }
          : null;
      if (everything) print(banner({ ...facts(env), url, key: key.text, keyIsNew: key.isNew, demo: made }));
      else if (key.isNew && env.MOLVA_ADMIN_KEY === undefined)
        print(`admin key (shown once, keep it): ${key.text}\n`);
    }
    const name = await stopped;
    log.info({ signal: name }, "stopping");
  } finally {
    await program.stop();
    endPulse?.();
    await web?.stop();
  }
  return 0;
}

/** In one terminal with the banner, only what needs attention is worth a line. */
const quiet = (level: Env["MOLVA_LOG_LEVEL"]) => (level === "info" ? "warn" : level);

const facts = (env: Env) => ({
  database: env.DATABASE_URL === undefined ? "embedded PostgreSQL" : "PostgreSQL",
  queue: env.REDIS_URL === undefined ? "BullMQ on PostgreSQL" : "BullMQ on Redis",
  dataDir: env.MOLVA_DATA_DIR,
});

/** The first SIGINT or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let count = 0;
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => {
      if (++count > 1) process.exit(1);
      resolve(name);
    });
  }
  return promise;
}
