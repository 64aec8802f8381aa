import { setTimeout as sleep } from "node:timers/promises";
import { draftItem } from "#pipeline/ingest/draft.ts";
import type { IngestSource } from "#pipeline/ingest/judge-page.ts";
import { ingestPage } from "#pipeline/ingest/page.ts";
import { place } from "#pipeline/ingest/place.ts";
import { createParsePool, type ParsePool, type ParseTask } from "#pipeline/parse-pool.ts";
import { sourceFacts } from "#pipeline/source-facts.ts";
import { inTransaction } from "#store/db.ts";
import { type DocumentRow, insertDocuments } from "#store/document.ts";
import { newId } from "#store/id.ts";
import { addToRun, insertRun } from "#store/run.ts";
import { findSource, lockSource, updateSource } from "#store/source.ts";
import { countCpu } from "./cpu.ts";
import {
  type Figure,
  load,
  makeBrand,
  makeRule,
  makeSource,
  median,
  openStage,
  type Stage,
} from "./stage.ts";
import { benchBrand, feedPage, type Mix, numbers } from "./text.ts";
import { type StatementCost, traceStatements } from "./trace.ts";

/** Documents of a page. */
export const pageSize = 100;
/** A fifth is to be read as negative: half of it is written so, half sounds so, because the words are invented. */
export const negativeEvery = 10;
const collectors = 4;

/** One source that is being collected, as the collector sees it. */
interface Line {
  task: ParseTask;
  ingest: IngestSource;
  runId: string;
}

type Tools = Pick<Stage, "db" | "tools">;

/** The state of the bench: pages come without end, each of texts never seen before. */
export interface Flow {
  stage: Tools;
  pool: ParsePool;
  lines: Line[];
  mix: Mix;
  made: number;
}

/**
 * Sources of one own brand with one rule, and a parsing thread; every `negativeEvery`-th text is negative. Another
 * seed makes other sites and other texts: those of a flow before would be known, and cost something else.
 */
export async function openFlow(stage: Tools, negativeEvery: number, seed = 1): Promise<Flow> {
  const brandId = await makeBrand(stage.db, benchBrand);
  await makeRule(stage.db, brandId);
  const lines = await Promise.all(
    Array.from({ length: collectors }, async (_, index): Promise<Line> => {
      const url = `https://reviews${index}-${seed}.example.org/feed.json`;
      const id = await makeSource(stage.db, brandId, "rss-feed", { url, kind: "review" });
      const facts = sourceFacts((await findSource(stage.db, id))!);
      const now = new Date();
      const run = await inTransaction(stage.db, tx => insertRun(tx, id, "schedule", now));
      const ask = { settings: facts.settings, cursor: null, progress: null, now, since: null };
      const task = {
        kindId: "rss-feed",
        bytes: new Uint8Array(),
        headers,
        status: 200,
        url,
        request: { url },
        ask,
      };
      return { task, ingest: facts.ingest, runId: run.id };
    }),
  );
  return { stage, pool: createParsePool(), lines, mix: { next: numbers(seed), negativeEvery }, made: 0 };
}

const headers = { "content-type": "application/feed+json; charset=utf-8" };

function newPage(flow: Flow): Uint8Array {
  const bytes = feedPage(flow.mix, flow.made, pageSize, new Date());
  flow.made += pageSize;
  return bytes;
}

/** What the collector does with one reply: parse in the thread, then everything in one transaction with the cursor. */
export async function collectOne(flow: Flow, line: Line): Promise<void> {
  const bytes = newPage(flow);
  const { page } = await flow.pool.parse({ ...line.task, bytes });
  const now = new Date();
  await inTransaction(flow.stage.db, async tx => {
    await lockSource(tx, line.ingest.id);
    const done = await ingestPage(tx, flow.stage.tools, line.ingest, page.items, now);
    await updateSource(tx, line.ingest.id, { cursor: { at: null, resume: null }, claimed_until: now });
    const { newCount, updatedCount, duplicateCount } = done;
    const counts = { found: pageSize, new: newCount, updated: updatedCount, duplicates: duplicateCount };
    await addToRun(tx, line.runId, { ...counts, pages: 1, bytes: bytes.length });
  });
}

interface Rate {
  pagesPerSecond: number;
  /** Processor time per page. */
  oursMs: number;
  serverMs: number;
}

/** Pages a second until `seconds` have passed, with all lines at work at the same time. */
async function rateOf(
  { lines }: Flow,
  server: Stage["server"],
  seconds: number,
  work: (line: Line) => Promise<void>,
): Promise<Rate> {
  const cpu = countCpu(server.pid);
  const start = performance.now();
  let pages = 0;
  await Promise.all(
    lines.map(async line => {
      while (performance.now() - start < seconds * 1000) {
        await work(line);
        pages++;
      }
    }),
  );
  const { oursMs, serverMs } = cpu();
  return {
    pagesPerSecond: (pages / (performance.now() - start)) * 1000,
    oursMs: oursMs / pages,
    serverMs: serverMs / pages,
  };
}

/** Rows as ingest writes them, to be written again under other names with nothing around. */
async function sampleRows(flow: Flow): Promise<DocumentRow[]> {
  const line = flow.lines[0] as Line;
  const now = new Date();
  const rows: DocumentRow[] = [];
  for (let page = 0; page < 50; page++) {
    const parsed = await flow.pool.parse({ ...line.task, bytes: newPage(flow) });
    for (const item of parsed.page.items) {
      const { row } = place(draftItem(item, now), null, {
        sourceId: line.ingest.id,
        sourceKind: line.ingest.kind,
        site: line.ingest.site,
        brands: [],
        badgeWords: [],
        authorIds: new Map(),
        now,
      });
      rows.push(row);
    }
  }
  return rows;
}

/** The insert alone: the same statement, rows, indexes, page size and number of connections. */
async function insertRaw(flow: Flow, sample: readonly DocumentRow[]): Promise<void> {
  const first = flow.made;
  flow.made += pageSize;
  const rows = Array.from({ length: pageSize }, (_, index) => ({
    ...(sample[(first + index) % sample.length] as DocumentRow),
    id: newId(),
    external_id: `raw-${first + index}`,
    repost_keys: Array.from({ length: 10 }, () => (Math.random() * 2 ** 32) | 0),
  }));
  await inTransaction(flow.stage.db, tx => insertDocuments(tx, rows));
}

async function share(stage: Stage, tone: string): Promise<number> {
  const { count } = await stage.db
    .selectFrom("mention")
    .select(({ fn, eb }) =>
      eb(fn.countAll<number>().filterWhere("tone", "=", tone as "negative"), "*", 100).as("count"),
    )
    .executeTakeFirstOrThrow();
  const { total } = await stage.db
    .selectFrom("mention")
    .select(({ fn }) => fn.countAll<number>().as("total"))
    .executeTakeFirstOrThrow();
  return Number(count) / Number(total);
}

function printStatements(statements: readonly StatementCost[], pages: number): void {
  console.log("  statement, from asking to answer                  per page      ms each   ms per page");
  for (const { statement, count, totalMs } of statements.slice(0, 30)) {
    const figures = [(count / pages).toFixed(1), (totalMs / count).toFixed(2), (totalMs / pages).toFixed(2)];
    console.log(`  ${statement.padEnd(48)}${figures.map(figure => figure.padStart(12)).join("")}`);
  }
}

const told = (rate: Rate | undefined): string =>
  rate === undefined
    ? ""
    : `${Math.round(rate.pagesPerSecond * pageSize)} documents/s (a page: ${rate.oursMs.toFixed(1)} ms of node's and ${rate.serverMs.toFixed(1)} ms of PostgreSQL's processor time)`;

const documentsPerSecond = (rates: readonly Rate[]): number =>
  median(rates.map(rate => rate.pagesPerSecond)) * pageSize;

/** End-to-end ingest beside the bare insert: three rounds of both in turn, the median of each. */
export async function benchIngest(seconds: number, rounds = 3): Promise<Figure[]> {
  const trace = traceStatements();
  const stage = await openStage();
  try {
    const flow = await openFlow(stage, negativeEvery);
    await rateOf(flow, stage.server, 3, line => collectOne(flow, line));
    const sample = await sampleRows(flow);
    const whole: Rate[] = [];
    const raw: Rate[] = [];
    let costs: { statements: StatementCost[]; pages: number } = { statements: [], pages: 1 };
    for (let round = 0; round < rounds; round++) {
      trace.take();
      const before = flow.made;
      whole.push(await rateOf(flow, stage.server, seconds, line => collectOne(flow, line)));
      costs = { statements: trace.take(), pages: (flow.made - before) / pageSize };
      raw.push(await rateOf(flow, stage.server, seconds / 3, () => insertRaw(flow, sample)));
      console.log(`  round ${round + 1}: ${told(whole.at(-1))}; bare insert ${told(raw.at(-1))}; ${load()}`);
    }
    printStatements(costs.statements, costs.pages);
    const note = `${(await share(stage, "negative")).toFixed(0)} % negative, ${load()}`;
    await flow.pool.close();
    return [
      {
        name: "ingest, end to end",
        unit: "documents/s",
        result: documentsPerSecond(whole),
        target: 3000,
        more: true,
        note,
      },
      {
        name: "bare insert of the same rows",
        unit: "documents/s",
        result: documentsPerSecond(raw),
        target: null,
        more: true,
      },
      {
        name: "ingest of bare insert",
        unit: "%",
        result: (100 * documentsPerSecond(whole)) / documentsPerSecond(raw),
        target: 25,
        more: true,
      },
    ];
  } finally {
    trace.stop();
    await sleep(0);
    await stage.close();
  }
}
