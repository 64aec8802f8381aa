import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { costEach, countCpu } from "./cpu.ts";
import { startInflow } from "./inflow.ts";
import {
  type Client,
  claimOne,
  closedLoop,
  openClient,
  type Program,
  type Reply,
  startProgram,
} from "./program.ts";
import { type Figure, load, openStage, quantile, type Stage } from "./stage.ts";
import { offerClaims } from "./turns.ts";

const caseCount = 10_000;
/** People who claim at once, and claims a second that come whether the last were answered or not. */
const people = 100;
const offeredPerSecond = 300;

/** Claims and lists through the API in a process of its own, over at least 10,000 open cases. */
export async function benchApi(seconds: number): Promise<Figure[]> {
  const stage = await openStage();
  try {
    // By a process of its own: what it leaves in its memory would be swept while claims are timed here.
    const inflow = await startInflow(stage.server.appUrl, { perSecond: Infinity, negativeEvery: 1 });
    while ((await countCases(stage)) < caseCount) await sleep(100);
    await inflow.stop();
    const secret = randomBytes(32).toString("base64");
    const program = await startProgram("api", {
      DATABASE_URL: stage.server.appUrl,
      MOLVA_SECRET_KEY: secret,
    });
    try {
      const figures: Figure[] = [];
      for (const connections of [8, 32]) {
        const client = openClient(program.url, connections);
        const loop = { client, connections, seconds, cpu: () => countCpu(stage.server.pid, program.pid) };
        figures.push(...(await lists(loop)));
        figures.push(...(await claims(loop)));
        client.close();
      }
      figures.push(...(await crowd(stage, program)));
      figures.push(...(await offered(stage, program, seconds)));
      return figures;
    } finally {
      await program.stop();
    }
  } finally {
    await stage.close();
  }
}

interface Loop {
  client: Client;
  connections: number;
  seconds: number;
  cpu: () => ReturnType<typeof countCpu>;
}

async function lists({ client, connections, seconds, cpu }: Loop): Promise<Figure[]> {
  const next = () => client.ask("GET", "/v1/mentions?limit=50");
  await closedLoop(connections, 1, next);
  const spent = cpu();
  const { replies, perSecond } = await closedLoop(connections, seconds, next);
  const costs = costEach(spent(), replies.length);
  const wrong = replies.find(reply => reply.status !== 200);
  if (wrong) throw new Error(`GET /v1/mentions answered ${wrong.status}: ${wrong.text}`);
  const p95 = quantile(
    replies.map(reply => reply.ms),
    0.95,
  );
  const kilobytes = ((replies[0]?.text.length ?? 0) / 1000).toFixed(0);
  const name = `list of 50 mentions, ${connections} connections`;
  return [
    {
      name,
      unit: "requests/s",
      result: perSecond,
      target: 500,
      more: true,
      note: `${kilobytes} kB, ${costs}`,
    },
    { name: `${name}, p95`, unit: "ms", result: p95, target: 100, more: false },
  ];
}

async function claims({ client, connections, seconds, cpu }: Loop): Promise<Figure[]> {
  const seen = new Map<string, number>();
  let isEmpty = false;
  const spent = cpu();
  const { replies, perSecond } = await closedLoop(connections, seconds, async () => {
    if (isEmpty) return null;
    const reply = await client.ask("POST", "/v1/queue/claim", { limit: 1, leaseSeconds: 3600 });
    if (reply.status !== 200) throw new Error(`POST /v1/queue/claim answered ${reply.status}: ${reply.text}`);
    const { items } = JSON.parse(reply.text) as { items: { id: string }[] };
    for (const { id } of items) seen.set(id, (seen.get(id) ?? 0) + 1);
    isEmpty = items.length === 0;
    return isEmpty ? null : reply;
  });
  const costs = costEach(spent(), replies.length);
  const doubles = [...seen.values()].filter(times => times > 1).length;
  const p99 = quantile(
    replies.map(reply => reply.ms),
    0.99,
  );
  const name = `claims, ${connections} connections`;
  const note = `${replies.length} claims, ${costs}`;
  return [
    { name, unit: "claims/s", result: perSecond, target: 500, more: true, note },
    { name: `${name}, p99`, unit: "ms", result: p99, target: 50, more: false },
    { name: `${name}, given twice`, unit: "cases", result: doubles, target: 0, more: false },
  ];
}

async function countCases({ db }: Stage): Promise<number> {
  const counted = db.selectFrom("case").select(eb => eb.fn.countAll<number>().as("count"));
  return (await counted.executeTakeFirstOrThrow()).count;
}

/** Puts every case back into the queue, and cleans up after this unnatural deed before anything is measured. */
async function freeAll({ db, server }: Stage): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable("case")
    .set({ status: "open", claimed_by: null, claim_expires_at: null })
    .executeTakeFirstOrThrow();
  const owner = new pg.Client(server.ownerUrl);
  await owner.connect();
  await owner.query('vacuum analyze "case"');
  await owner.end();
  execFileSync("sync");
  return Number(numUpdatedRows);
}

/** Clients of different people, each with one connection. */
async function openPeople(url: string): Promise<Client[]> {
  const admin = openClient(url, 1);
  const made: Client[] = [];
  for (let n = 0; n < people; n++) {
    const person = await admin.ask("POST", "/v1/people", { name: `Person ${n}` });
    const personId = (JSON.parse(person.text) as { id: string }).id;
    const key = await admin.ask("POST", "/v1/keys", { name: `Key ${n}`, role: "manager", personId });
    made.push(openClient(url, 1, (JSON.parse(key.text) as { key: string }).key));
  }
  admin.close();
  return made;
}

function idsIn(reply: Reply): string[] {
  if (reply.status !== 200) throw new Error(`POST /v1/queue/claim answered ${reply.status}: ${reply.text}`);
  return (JSON.parse(reply.text) as { items: { id: string }[] }).items.map(item => item.id);
}

const p99Of = (replies: readonly Reply[]) =>
  quantile(
    replies.map(reply => reply.ms),
    0.99,
  );

/** A hundred people claim until nothing is free: every case is held once. */
async function crowd(stage: Stage, { url, pid }: Program): Promise<Figure[]> {
  const clients = await openPeople(url);
  const free = await freeAll(stage);
  const seen = new Map<string, number>();
  const replies: Reply[] = [];
  const spent = countCpu(stage.server.pid, pid);
  const started = performance.now();
  await Promise.all(
    clients.map(async client => {
      for (;;) {
        const reply = await claimOne(client);
        const ids = idsIn(reply);
        if (ids.length === 0) return;
        replies.push(reply);
        for (const id of ids) seen.set(id, (seen.get(id) ?? 0) + 1);
      }
    }),
  );
  const perSecond = (replies.length / (performance.now() - started)) * 1000;
  const note = costEach(spent(), replies.length);
  for (const client of clients) client.close();
  const doubles = [...seen.values()].filter(times => times > 1).length;
  const name = `claims of ${people} people over ${free} cases`;
  return [
    { name, unit: "claims/s", result: perSecond, target: null, more: true, note },
    { name: `${name}, p99`, unit: "ms", result: p99Of(replies), target: 500, more: false },
    { name: `${name}, given twice`, unit: "cases", result: doubles, target: 0, more: false },
    { name: `${name}, given to nobody`, unit: "cases", result: free - seen.size, target: 0, more: false },
  ];
}

/** Claims come at a steady rate; the time of each counts from when it was due. */
async function offered(stage: Stage, { url, key }: Program, seconds: number): Promise<Figure[]> {
  await freeAll(stage);
  const replies = await offerClaims({
    url,
    key,
    connections: people,
    perSecond: offeredPerSecond,
    seconds,
  });
  const empty = replies.filter(reply => idsIn(reply).length === 0).length;
  if (empty > 0)
    throw new Error(`${empty} claims met an empty queue: there are too few cases for ${seconds} s`);
  const name = `claims at ${offeredPerSecond}/s offered, p99`;
  return [{ name, unit: "ms", result: p99Of(replies), target: 50, more: false, note: load() }];
}
