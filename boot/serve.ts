import type { Env } from "#config/env.ts";
import type { DemoWeb } from "#demo/web.ts";
import { ensureAdminKey } from "./admin-key.ts";
import { applyFile, configFile } from "./apply-file.ts";
import { banner } from "./banner.ts";
import { makeDemoBrand, openDemoWeb } from "./demo.ts";
import { resumeDemoSources, stopDemoSources } from "./demo-sources.ts";
import { createLog } from "./log.ts";
import { keepPulse } from "./pulse.ts";
import { type RunningRole, roles } from "./roles.ts";
import { type Program, startProgram } from "./start.ts";

export interface ServeOptions {
  env: Env;
  roles: readonly RunningRole[];
  demo: boolean;
  /** People read the banner; JSON lines go beside it. */
  print: (text: string) => void;
}

/** Runs until a signal says stop; resolves with the exit code: 1 when unfinished work was handed back. */
export async function serve(options: ServeOptions): Promise<number> {
  const { env, roles: wanted, demo } = options;
  const stopped = stopSignal();
  const log = createLog(isEverything(wanted) ? quiet(env.MOLVA_LOG_LEVEL) : env.MOLVA_LOG_LEVEL);
  const web = demo ? await openDemoWeb(env) : null;
  try {
    const program = await startProgram(web === null ? env : allowingDemo(env), log, wanted, async runtime => {
      if (isEverything(wanted) && !demo) await stopDemoSources(env, runtime);
    });
    const { MOLVA_PULSE_FILE: pulseFile } = env;
    const endPulse = pulseFile ? keepPulse(pulseFile, err => log.warn({ err }, "pulse file")) : null;
    let end = { handedBack: 0 };
    try {
      // Not before it has started: a demo that dies of a busy port serves no pages.
      if (demo) await resumeDemoSources(env, program.runtime);
      if (isEverything(wanted) && !demo)
        await applyFile(configFile, program.runtime, name => process.env[name]);
      if (wanted.includes("api")) await greet(options, program, web);
      log.info({ signal: await stopped }, "stopping");
    } finally {
      end = await program.stop();
      endPulse?.();
    }
    return end.handedBack > 0 ? 1 : 0;
  } finally {
    await web?.stop();
  }
}

const isEverything = (wanted: readonly RunningRole[]) => wanted.length === roles.length;

const allowingDemo = (env: Env): Env => ({
  ...env,
  MOLVA_EGRESS_ALLOW: [...env.MOLVA_EGRESS_ALLOW, "127.0.0.1"],
});

/** Makes sure that somebody can get in, makes the demo's brand, and says so. */
async function greet(
  { env, roles: wanted, demo, print }: ServeOptions,
  { runtime, address }: Program,
  web: DemoWeb | null,
): Promise<void> {
  const key = await ensureAdminKey(runtime, demo);
  const ours = address as string;
  const made =
    web && key.text
      ? { webUrl: web.baseUrl, brandId: await makeDemoBrand(ours, key.text, web.baseUrl) }
      : null;
  if (isEverything(wanted)) {
    const url = env.MOLVA_PUBLIC_URL ?? ours;
    print(banner({ ...facts(env), url, key, demo: made }));
  } else if (key.isNew && env.MOLVA_ADMIN_KEY === undefined) {
    print(`admin key (shown once, keep it): ${key.text}\n`);
  }
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
