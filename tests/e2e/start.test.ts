import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { freePort, isAlive } from "#boot/embedded/server.ts";
import { type Receiver, startReceiver } from "#tests/faults/receiver.ts";
import { until } from "#tests/queue/backends.ts";
import { type Client, clientOf, type List } from "./client.ts";
import { familyOf, type Program, type Ready, runCurl, runMolva, whenReady } from "./program.ts";

interface Case {
  id: string;
  status: string;
  version: number;
  mention: { id: string; text: string };
}
interface Mention {
  id: string;
  brandId: string;
  sourceKind: string;
  externalId: string;
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** One story in the order in which a newcomer lives it; each test needs those before it. */
describe("molva start --demo on an empty folder", () => {
  const told: string[] = [];
  const everStarted = new Set<number>();
  let env: Record<string, string>;
  let program: Program;
  let ready: Ready;
  let api: Client;
  let receiver: Receiver;
  let mentionsBefore: Mention[];

  async function start(): Promise<void> {
    program = runMolva(["start", "--demo"], env);
    everStarted.add(program.pid);
    ready = await whenReady(program);
    api = clientOf(ready.url, ready.key);
    for (const pid of familyOf(program.pid)) everStarted.add(pid);
  }

  const living = () => [...everStarted].filter(isAlive);
  const mentions = () => api.all<Mention>("/v1/mentions?limit=500");
  const identities = (rows: readonly Mention[]) =>
    rows.map(({ sourceKind, externalId, brandId }) => `${sourceKind} ${externalId} ${brandId}`);

  beforeAll(async () => {
    const dataDir = join(inject("runDir"), "start");
    mkdirSync(dataDir, { mode: 0o755 });
    env = { MOLVA_DATA_DIR: dataDir, PORT: String(await freePort()) };
    receiver = await startReceiver(() => 0);
  });
  afterAll(async () => {
    await receiver.stop();
    for (const pid of living()) process.kill(pid, "SIGKILL");
    console.log(told.join("; "));
  });

  test("is ready within 30 s, alive, and says what runs, where and with which key", {
    timeout: 90_000,
  }, async () => {
    await start();
    told.push(`ready cold ${seconds(ready.tookMs)}`);
    expect(ready.tookMs).toBeLessThan(30_000);
    expect((await fetch(`${ready.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${ready.url}/readyz`)).status).toBe(200);
    expect(ready.url).toBe(`http://127.0.0.1:${env["PORT"]}`);
    expect(program.out()).toContain("embedded PostgreSQL · queue BullMQ on PostgreSQL");
    expect(program.err()).toBe("");
  });

  test("its three curl lines work as printed", async () => {
    expect(ready.curls).toHaveLength(3);
    const replies = [];
    for (const line of ready.curls) replies.push(await runCurl(line));
    expect(replies).toMatchObject([
      { status: 200, body: { items: expect.any(Array) } },
      { status: 200, body: { items: expect.any(Array) } },
      { status: 200, body: { bucket: "day", totals: { total: expect.any(Number) } } },
    ]);
  });

  test("a webhook made through the API gets a signed alert for a new complaint within a minute", {
    timeout: 90_000,
  }, async () => {
    const channel = await api.post<{ id: string; issued: { secret: string } }>("/v1/alert-channels", {
      kind: "webhook",
      name: "ours",
      settings: { url: receiver.url },
    });
    const rules = await api.get<List<{ id: string; kind: string }>>("/v1/alert-rules");
    const [rule] = rules.items.filter(({ kind }) => kind === "negative-mention");
    await api.patch(`/v1/alert-rules/${rule?.id}`, { channelIds: [channel.id] });
    await until("an alert arrived", () => receiver.arrivals.length > 0, 60_000);
    const [arrival] = receiver.arrivals;
    told.push(`first alert ${seconds((arrival?.atMs ?? 0) - program.startedAtMs)} after the start`);
    const verified = new Webhook(channel.issued.secret).verify(arrival?.body ?? "", arrival?.headers ?? {});
    expect(verified).toMatchObject({ type: "alert.fired", data: { alerts: [{ brand: "Волна" }] } });
    const alerts = await api.get<List<{ id: string; mentionId: string | null }>>("/v1/alerts?limit=500");
    const fired = alerts.items.find(({ id }) => id === arrival?.alertIds[0]);
    expect(await api.get(`/v1/mentions/${fired?.mentionId}`)).toMatchObject({ tone: "negative" });
  });

  test("a case waits in the queue, and can be taken and resolved", async () => {
    const waiting = await api.get<List<Case>>("/v1/queue?status=open&limit=1");
    expect(waiting.items).toHaveLength(1);
    const { items } = await api.post<List<Case>>("/v1/queue/claim", { limit: 1 });
    const [taken] = items as [Case];
    expect(taken.status).toBe("claimed");
    await api.post(
      `/v1/queue/${taken.id}/resolve`,
      { outcome: "no-reply-needed" },
      { "if-match": `"${taken.version}"` },
    );
    expect(await api.get(`/v1/queue/${taken.id}`)).toMatchObject({
      status: "ended",
      outcome: "no-reply-needed",
    });
  });

  test("the trend counts", async () => {
    const trend = await api.get<{ totals: { total: number; negative: number } }>(
      `/v1/trends/sentiment?brandId=${ready.brandId}&bucket=day`,
    );
    expect(trend.totals.total).toBeGreaterThan(0);
    expect(trend.totals.negative).toBeGreaterThan(0);
  });

  test("a second start says in one sentence that the folder, or the port, is in use", {
    timeout: 90_000,
  }, async () => {
    const sameFolder = { ...env, PORT: String(await freePort()) };
    const otherFolder = { ...env, MOLVA_DATA_DIR: `${env["MOLVA_DATA_DIR"]}-second` };
    mkdirSync(otherFolder.MOLVA_DATA_DIR, { mode: 0o755 });
    for (const [args, other, sentence] of [
      [["start", "--demo"], sameFolder, /^the data folder \S+ is in use: [^\n]+\n$/],
      [["start"], sameFolder, /^the data folder \S+ is in use by another Molva \(process \d+\): [^\n]+\n$/],
      [
        ["start"],
        otherFolder,
        /^another program, perhaps Molva itself, listens on 127\.0\.0\.1:\d+: [^\n]+\n$/,
      ],
    ] as const) {
      const second = runMolva(args, other);
      everStarted.add(second.pid);
      const end = await second.ended;
      expect([end.code, second.out(), second.err()]).toEqual([1, "", expect.stringMatching(sentence)]);
    }
    expect((await fetch(`${ready.url}/healthz`)).status).toBe(200);
  });

  test("Ctrl-C ends it with 0 and leaves no process", { timeout: 60_000 }, async () => {
    mentionsBefore = await mentions();
    for (const pid of familyOf(program.pid)) everStarted.add(pid);
    expect(everStarted.size).toBeGreaterThan(2);
    const begun = performance.now();
    program.signal("SIGINT");
    expect(await program.ended).toEqual({ code: 0, signal: null });
    told.push(`Ctrl-C ${seconds(performance.now() - begun)}`);
    expect(living()).toEqual([]);
  });

  test("started again it has everything, also after kill -9", { timeout: 120_000 }, async () => {
    const { brandId, key } = ready;
    await start();
    told.push(`ready warm ${seconds(ready.tookMs)}`);
    expect([ready.brandId, ready.key]).toEqual([brandId, key]);
    program.signal("SIGKILL");
    await program.ended;
    await start();
    told.push(`ready after kill -9 ${seconds(ready.tookMs)}`);
    expect([ready.brandId, ready.key]).toEqual([brandId, key]);
    const now = identities(await mentions());
    expect(new Set(now).size).toBe(now.length);
    expect(identities(mentionsBefore).filter(identity => !now.includes(identity))).toEqual([]);
    const brands = await api.get<List<{ name: string }>>("/v1/brands");
    expect(brands.items.map(({ name }) => name).toSorted()).toEqual(["Волна", "Чибис"]);
    expect((await api.get<List<object>>("/v1/sources")).items).toHaveLength(6);
    program.signal("SIGINT");
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(living()).toEqual([]);
  });
});
