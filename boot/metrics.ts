import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import type { Runtime } from "#boot/runtime.ts";
import type { Db } from "#store/db.ts";
import {
  caseCounts,
  deliveryCounts,
  deliveryLagSeconds,
  mostOverdueSeconds,
  newDocumentCounts,
  runCounts,
  type Sample,
  sourceCounts,
} from "#store/metrics.ts";

/** What a process tells Prometheus: its own state, and what the database and the queue hold. No names, no texts. */
export interface Metrics {
  text(): Promise<string>;
}

type MeasuredRuntime = Pick<Runtime, "deps" | "queue">;

interface Measure {
  name: string;
  help: string;
  labels: readonly string[];
  read: (db: Db, now: Date) => Promise<Sample[]>;
}

const hourMs = 3_600_000;
const hourBefore = (now: Date) => new Date(now.getTime() - hourMs);
/** Several scrapers, or an impatient one, ask the database no more often. */
const cachedMs = 5_000;

const measures: readonly Measure[] = [
  {
    name: "molva_cases",
    help: "Cases of the response queue that are not ended, by state",
    labels: ["status"],
    read: caseCounts,
  },
  {
    name: "molva_case_most_overdue_seconds",
    help: "By how much the most overdue case has passed its due time",
    labels: [],
    read: mostOverdueSeconds,
  },
  {
    name: "molva_runs_last_hour",
    help: "Runs begun in the last hour that have ended, by kind of source and outcome",
    labels: ["kind", "outcome"],
    read: (db, now) => runCounts(db, hourBefore(now)),
  },
  {
    name: "molva_new_documents_last_hour",
    help: "Texts stored for the first time by runs of the last hour, by kind of source",
    labels: ["kind"],
    read: (db, now) => newDocumentCounts(db, hourBefore(now)),
  },
  {
    name: "molva_sources",
    help: "Sources in service, by kind and health",
    labels: ["kind", "health"],
    read: sourceCounts,
  },
  {
    name: "molva_deliveries",
    help: "Messages that are not delivered yet, by kind of channel and state",
    labels: ["channel", "state"],
    read: deliveryCounts,
  },
  {
    name: "molva_delivery_lag_seconds",
    help: "Time since the message that should have gone first became due",
    labels: [],
    read: deliveryLagSeconds,
  },
];

/** Collects from now on; `text` reads the database and the queue at most once in five seconds. */
export function createMetrics(runtime: MeasuredRuntime): Metrics {
  const register = new Registry();
  collectDefaultMetrics({ register, prefix: "molva_process_" });
  for (const measure of [...measures, ...queueMeasures(runtime)]) gauge(register, runtime, measure);
  const { clock } = runtime.deps;
  let kept: { text: Promise<string>; until: number } | null = null;
  return {
    text: () => {
      const now = clock().getTime();
      if (kept === null || now >= kept.until || now < kept.until - cachedMs)
        kept = { text: register.metrics(), until: now + cachedMs };
      return kept.text;
    },
  };
}

/** One gauge whose numbers are read when it is asked; what cannot be read is absent, never zero. */
function gauge(register: Registry, { deps }: MeasuredRuntime, { name, help, labels, read }: Measure): void {
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [register],
    async collect() {
      this.reset();
      try {
        for (const { labels: values, value } of await read(deps.db, deps.clock())) this.set(values, value);
      } catch (err) {
        if (labels.length === 0) this.remove();
        deps.log.warn({ err, metric: name }, "metric not read");
      }
    },
  });
}

type Counts = Awaited<ReturnType<Runtime["queue"]["counts"]>>["collect"];

const jobMeasures: readonly (Omit<Measure, "read"> & { of: (counts: Counts) => Sample[] })[] = [
  {
    name: "molva_queue_jobs",
    help: "Jobs in the queue, by kind and state",
    labels: ["job", "state"],
    of: ({ oldestWaitingMs: _, ...states }) =>
      Object.entries(states).map(([state, value]) => ({ labels: { state }, value })),
  },
  {
    name: "molva_queue_oldest_waiting_seconds",
    help: "How long the first waiting job of a kind has waited",
    labels: ["job"],
    of: ({ oldestWaitingMs }) => [{ labels: {}, value: oldestWaitingMs / 1_000 }],
  },
];

function queueMeasures({ queue }: MeasuredRuntime): Measure[] {
  return jobMeasures.map(({ of, ...measure }) => ({
    ...measure,
    read: async (_db, now) =>
      Object.entries(await queue.counts(now.getTime())).flatMap(([job, counts]) =>
        of(counts).map(({ labels, value }) => ({ labels: { job, ...labels }, value })),
      ),
  }));
}
