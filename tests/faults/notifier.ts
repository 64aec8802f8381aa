import { flushCompileCache } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { createNet } from "#net/client.ts";
import { notifyDue } from "#pipeline/notify.ts";
import type { NotifyDeps } from "#pipeline/sending/deps.ts";
import { openDb } from "#store/db.ts";

/** What a notifying process of the tests is told, as JSON in its first argument. */
export interface NotifierSetting {
  databaseUrl: string;
  platformUrl: string;
  /** So many times faster since that instant (ms since 1970). */
  clock: { sinceMs: number; speed: number };
  /** On which message the process kills itself, and whether that has been taken by then. */
  dieAt: { message: number; taken: boolean };
}

const { databaseUrl, platformUrl, clock, dieAt } = JSON.parse(process.argv[2] ?? "") as NotifierSetting;
const net = createNet({ allow: ["127.0.0.1"], userAgent: "Molva/test", contact: "test" });
let messageCount = 0;
const post: NotifyDeps["net"]["post"] = async request => {
  const isLast = ++messageCount === dieAt.message;
  if (isLast && !dieAt.taken) process.kill(process.pid, "SIGKILL");
  const reply = await net.post(request);
  if (isLast) process.kill(process.pid, "SIGKILL");
  return reply;
};
const silent = () => {};
const deps: NotifyDeps = {
  db: openDb({
    url: databaseUrl,
    maxConnections: 6,
    statementTimeoutMs: 30_000,
    applicationName: "notifier",
    onLostConnection: () => {},
  }),
  net: { post },
  publicUrl: "https://molva.test",
  telegramApi: platformUrl,
  slackApi: platformUrl,
  clock: () => new Date(clock.sinceMs + (Date.now() - clock.sinceMs) * clock.speed),
  random: Math.random,
  secrets: { seal: text => Buffer.from(text), open: sealed => sealed.toString() },
  log: { info: silent, warn: silent, error: (fields, message) => console.error(message, fields) },
};
// Who is killed leaves no cache behind for the next one to start from.
flushCompileCache();
for (;;) {
  await notifyDue(deps, AbortSignal.timeout(600_000));
  await sleep(25);
}
