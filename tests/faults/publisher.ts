import { flushCompileCache } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { createNet, type Net } from "#net/client.ts";
import type { Deps } from "#pipeline/deps.ts";
import { publishDue } from "#pipeline/desk/publish.ts";
import { createMatchers } from "#pipeline/watch.ts";
import { openDb } from "#store/db.ts";
import type { Scorer } from "#tone/define.ts";

/** What a publishing process of the tests is told, as JSON in its first argument. */
export interface PublisherSetting {
  databaseUrl: string;
  /** So many times faster since that instant (ms since 1970). */
  clock: { sinceMs: number; speed: number };
  /**
   * Where between the row that says "a request leaves" and the one that says what came of it the process kills
   * itself: so long after the request began, or when its answer is there. Null: nowhere.
   */
  dieAt: { afterMs: number } | "before" | "answered" | null;
}

const { databaseUrl, clock, dieAt } = JSON.parse(process.argv[2] ?? "") as PublisherSetting;
const die = (): void => void process.kill(process.pid, "SIGKILL");

const mortal = (net: Net): Net => ({
  ...net,
  fetch: async asked => {
    if (asked.leaving === undefined) return net.fetch(asked);
    const reply = await net.fetch({
      ...asked,
      // The program gives a request up after so many seconds of its own time.
      timeoutMs: (asked.timeoutMs ?? 0) / clock.speed,
      leaving: async () => {
        await asked.leaving?.();
        if (dieAt === "before") die();
        if (dieAt !== null && typeof dieAt === "object") setTimeout(die, dieAt.afterMs);
      },
    });
    if (dieAt === "answered") die();
    return reply;
  },
});

/** A look at a text that has not changed scores nothing. */
const unasked = (): never => {
  throw new Error("a text was scored");
};
const scorer: Scorer = {
  modelVersion: "none",
  score: unasked,
  judge: unasked,
  explain: unasked,
  logits: unasked,
};

const db = openDb({
  url: databaseUrl,
  maxConnections: 8,
  statementTimeoutMs: 30_000,
  applicationName: "publisher",
  onLostConnection: () => {},
});
const silent = () => {};
const deps: Deps & { net: Net } = {
  db,
  net: mortal(createNet({ allow: ["127.0.0.1"], userAgent: "Molva/test", contact: "test" })),
  clock: () => new Date(clock.sinceMs + (Date.now() - clock.sinceMs) * clock.speed),
  random: Math.random,
  scorer,
  scoreAll: unasked,
  matchers: createMatchers(),
  secrets: { seal: text => Buffer.from(text), open: sealed => sealed.toString() },
  log: {
    info: silent,
    warn: silent,
    error: (fields, message) =>
      process.stderr.write(
        `${message} ${JSON.stringify(fields)} ${String((fields as { err?: Error }).err?.stack)}\n`,
      ),
  },
  enqueue: { collect: async () => true, notify: async () => {}, publish: async () => {} },
};
// Who is killed leaves no cache behind for the next one to start from.
flushCompileCache();
for (;;) {
  await publishDue(deps, AbortSignal.timeout(600_000));
  await sleep(25);
}
