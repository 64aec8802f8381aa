import { randomBytes } from "node:crypto";
import { costEach, countCpu } from "./cpu.ts";
import { collectOne, openFlow } from "./ingest.ts";
import { type Client, closedLoop, openClient, startProgram } from "./program.ts";
import { type Figure, openStage, quantile } from "./stage.ts";

const caseCount = 10_000;
const pageSize = 100;

/** Claims and lists through the API in a process of its own, over 10,000 open cases of as many mentions. */
export async function benchApi(seconds: number): Promise<Figure[]> {
  const stage = await openStage();
  try {
    const flow = await openFlow(stage, 1);
    let left = caseCount / pageSize;
    await Promise.all(
      flow.lines.map(async line => {
        while (left-- > 0) await collectOne(flow, line);
      }),
    );
    await flow.pool.close();
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
