import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, inject, onTestFinished, test } from "vitest";
import { ingestPage } from "#pipeline/ingest/page.ts";
import { itemOf } from "#pipeline/parse-reply.ts";
import { type SourceFacts, sourceFacts } from "#pipeline/source-facts.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { findSource } from "#store/source.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";
import { type Seller, type SellerText, sellerToken, startSeller, type Trouble } from "#tests/seller.ts";
import type { PublisherSetting } from "./publisher.ts";
import { between, pick, randomOf } from "./random.ts";

const seed = Number(process.env["FAULT_SEED"] ?? Date.now() % 1_000_000);
const kills = Number(process.env["FAULT_KILLS"] ?? 30);
const accountCount = 6;
const textsPerAccount = 8;
/** Of the program's seconds in one of ours: its lease of a minute runs out while we watch. */
const speed = 25;
const ourText = (id: string) => `Здравствуйте! Нам очень жаль, вернём деньги. Обращение ${id}.`;

const program = fileURLToPath(new URL("publisher.ts", import.meta.url));

/** Where a process dies between sending and noting what came of it. */
function deathOf(random: () => number): PublisherSetting["dieAt"] {
  const kind = pick(random, ["before", "during", "during", "answered", "answered"] as const);
  return kind === "during" ? { afterMs: between(random, 0, 70) } : kind;
}

/** What the platform does wrong with the first look at a text, or with the first answer to it. */
function troubleOf(random: () => number, method: string): Trouble | null {
  const chance = random();
  const pause = { "x-ratelimit-retry": String(between(random, 1, 30)) };
  if (chance < 0.1) return { at: "before", status: 429, headers: pause };
  if (chance < 0.2) return { at: "before", status: 503 };
  if (method === "GET") return null;
  if (chance < 0.3) return { at: "after", status: "cut" };
  if (chance < 0.4) return { at: "after", status: 500 };
  return chance < 0.45 ? { at: "before", status: "cut" } : null;
}

/** What becomes of a text: ordinary, an answer turned down, gone before it is answered, gone under our hands. */
type Fate = "ordinary" | "rejected" | "gone" | "vanishing";
const fates: readonly Fate[] = [
  "ordinary",
  "ordinary",
  "ordinary",
  "ordinary",
  "ordinary",
  "rejected",
  "gone",
  "vanishing",
];

interface Account {
  sourceId: string;
  facts: SourceFacts;
  texts: { text: SellerText; fate: Fate }[];
}

async function openAccount(world: World, seller: Seller, brandId: string, n: number): Promise<Account> {
  const settings = { baseUrl: seller.url };
  const sourceId = await world.makeSource([brandId], { kind: "wildberries-seller", settings });
  const credentials = world.deps.secrets.seal(JSON.stringify({ token: `${sellerToken}-${n}` }));
  await world.db.updateTable("source").set({ credentials }).where("id", "=", sourceId).execute();
  const texts = fates.slice(0, textsPerAccount).map((fate, place) => ({
    fate,
    text: seller.add(`text-${n}-${place}`, { verdict: fate === "rejected" ? "rejected" : "wbRu" }),
  }));
  const facts = sourceFacts((await findSource(world.db, sourceId))!);
  return { sourceId, facts, texts };
}

/** A run over some of an account's texts. */
async function collect(
  world: World,
  seller: Seller,
  account: Account,
  wanted: (id: string) => boolean,
): Promise<void> {
  const { facts } = account;
  const own = new Set(account.texts.map(({ text }) => text.id));
  for (const isAnswered of [false, true]) {
    const url = `${seller.url}/api/v1/feedbacks?isAnswered=${isAnswered}&skip=0`;
    const response = await fetch(url, { headers: { authorization: sellerToken } }).catch(() => null);
    if (!response?.ok) continue;
    const state = { list: isAnswered ? "answered" : "unanswered", skip: 0, from: null, deep: false };
    const ask = {
      settings: facts.settings,
      cursor: null,
      progress: null,
      now: world.deps.clock(),
      since: null,
    };
    const reply = { request: { url, state }, url, status: 200, headers: {}, body: await response.text() };
    const items = facts.kind.parse!(reply, ask).items.filter(
      ({ externalId }) => own.has(externalId) && wanted(externalId),
    );
    await inTransaction(world.db, tx =>
      ingestPage(tx, world.deps, facts.ingest, items.map(itemOf), world.deps.clock()),
    );
  }
}

/** An approved answer to each text, for a time that has not come. */
async function approveAll(world: World, { sourceId, texts }: Account): Promise<string[]> {
  const replyIds: string[] = [];
  const mentions = await world.db
    .selectFrom("mention")
    .innerJoin("document", "document.id", "mention.document_id")
    .select(["document.external_id", "mention.document_id", "mention.case_id"])
    .where("mention.source_id", "=", sourceId)
    .execute();
  expect(mentions.length).toBe(texts.length);
  const now = world.deps.clock();
  for (const { external_id, document_id, case_id } of mentions) {
    await world.db
      .updateTable("case")
      .set({ status: "awaiting-publication" })
      .where("id", "=", case_id)
      .execute();
    const replyId = newId();
    replyIds.push(replyId);
    await world.db
      .insertInto("reply")
      .values({
        id: replyId,
        case_id: case_id as string,
        document_id,
        account: sourceId,
        source_id: sourceId,
        state: "approved",
        text: ourText(external_id),
        next_attempt_at: new Date(now.getTime() + 30 * 86_400_000),
        created_at: now,
        updated_at: now,
      })
      .execute();
  }
  return replyIds;
}

interface Publisher {
  child: ChildProcess;
  gone: Promise<unknown>;
}

function startPublisher(setting: PublisherSetting, complaints: string[]): Publisher {
  const child = spawn(process.execPath, [program, JSON.stringify(setting)], {
    env: { ...process.env, NODE_COMPILE_CACHE: join(inject("runDir"), "compiled") },
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr?.on("data", chunk => complaints.push(String(chunk)));
  return { child, gone: once(child, "exit") };
}

/** Lets processes die in the middle of sending until so many have; each is given something to send. */
function stormOf(
  setting: Omit<PublisherSetting, "dieAt">,
  random: () => number,
  { complaints, release }: { complaints: string[]; release: (count: number) => Promise<void> },
) {
  let deaths = 0;
  const living = new Set<Publisher>();
  const start = (dieAt: PublisherSetting["dieAt"]): Publisher => {
    const publisher = startPublisher({ ...setting, dieAt }, complaints);
    living.add(publisher);
    void publisher.gone.then(() => living.delete(publisher));
    return publisher;
  };
  const crew = async () => {
    while (deaths < kills) {
      await release(Math.ceil((accountCount * textsPerAccount) / kills));
      const [code, signal] = (await start(deathOf(random)).gone) as [number | null, string | null];
      expect([code, signal]).toEqual([null, "SIGKILL"]);
      deaths++;
    }
  };
  const end = async () => {
    const left = [...living];
    for (const { child } of left) child.kill("SIGKILL");
    await Promise.all(left.map(({ gone }) => gone));
  };
  return { run: () => Promise.all([crew(), crew(), crew()]), start, end, deaths: () => deaths };
}

/** Each answer stands there once, or not at all where it was not to; replies and cases say the same. Returns the requests kept. */
async function expectTruth(world: World, all: Account["texts"]): Promise<number> {
  const rows = await world.db
    .selectFrom("reply")
    .innerJoin("document", "document.id", "reply.document_id")
    .innerJoin("case", "case.id", "reply.case_id")
    .select([
      "document.external_id as id",
      "reply.state",
      "reply.attempt_count as attempts",
      "case.status",
      "case.outcome",
      "document.answer_state as shown",
    ])
    .execute();
  const found = new Map(rows.map(row => [row.id, row]));
  expect(rows.length).toBe(all.length);
  const ends: Record<Fate, object> = {
    ordinary: { state: "published", status: "ended", outcome: "answered", shown: "published" },
    rejected: { state: "refused", status: "open", outcome: null, shown: "rejected" },
    gone: { state: "refused", status: "open", outcome: null },
    vanishing: { state: "refused", status: "open", outcome: null },
  };
  for (const { text, fate } of all) {
    expect(found.get(text.id), `${text.id}, ${fate}`).toMatchObject(ends[fate]);
    const stands = fate === "ordinary" || fate === "rejected" ? [ourText(text.id)] : [];
    expect(text.taken, `${text.id}, ${fate}`).toEqual(stands);
  }
  return rows.reduce((sum, { attempts }) => sum + attempts, 0);
}

test(`after kill -9 in the middle of sending, each answer stands there once (FAULT_SEED=${seed} FAULT_KILLS=${kills})`, {
  timeout: 300_000,
}, async () => {
  const random = randomOf(seed);
  const clock = { sinceMs: Date.now(), speed };
  const world = await openWorld();
  world.deps.clock = () => new Date(clock.sinceMs + (Date.now() - clock.sinceMs) * speed);
  onTestFinished(() => world.close());
  const vanishing = new Set<string>();
  const troubled = new Set<string>();
  let isCalm = true;
  const seller = await startSeller({
    now: world.deps.clock,
    moderationMs: () => between(random, 0, 400),
    delayMs: () => (isCalm ? 0 : between(random, 0, 60)),
    trouble: ({ method, id }) => {
      // The text goes between the look and the request, which is answered by 204 nevertheless.
      const text = seller.texts.get(id ?? "");
      if (method !== "GET" && text && vanishing.has(text.id)) text.removed = true;
      const first = `${method === "GET" ? "look" : "answer"} ${id}`;
      if (isCalm || id === null || troubled.has(first)) return null;
      troubled.add(first);
      return troubleOf(random, method);
    },
  });
  onTestFinished(() => seller.stop());
  const brandId = await world.makeBrand({ query: "чайник" });
  const accounts: Account[] = [];
  const waiting: string[] = [];
  for (let n = 0; n < accountCount; n++) {
    const account = await openAccount(world, seller, brandId, n);
    await collect(world, seller, account, () => true);
    waiting.push(...(await approveAll(world, account)));
    for (const { text, fate } of account.texts) {
      if (fate === "gone") text.removed = true;
      if (fate === "vanishing") vanishing.add(text.id);
    }
    accounts.push(account);
  }
  waiting.sort(() => random() - 0.5);
  isCalm = false;

  const complaints: string[] = [];
  const begun = performance.now();
  const release = async (count: number) => {
    const ids = waiting.splice(0, count);
    const due = { next_attempt_at: world.deps.clock() };
    if (ids.length > 0) await world.db.updateTable("reply").set(due).where("id", "in", ids).execute();
  };
  const storm = stormOf({ databaseUrl: world.database.appUrl, clock }, random, { complaints, release });
  onTestFinished(() => storm.end());
  onTestFinished(async ({ task }) => {
    if (task.result?.state !== "fail") return;
    const late = await unsettled();
    console.log(
      JSON.stringify({ now: world.deps.clock(), late }),
      complaints.slice(-20).join("\n").slice(0, 4000),
    );
  });
  const unsettled = () =>
    world.db
      .selectFrom("reply")
      .select([
        "id",
        "state",
        "attempt_count",
        "look_count",
        "posted_at",
        "sent_at",
        "next_attempt_at",
        "lease",
        "reason",
      ])
      .where("state", "not in", ["published", "refused"])
      .execute();
  let isOver = false;
  // Ordinary runs see some of the answers before the looks do.
  const runs = (async () => {
    while (!isOver) {
      await collect(world, seller, pick(random, accounts), id => id.length % 2 === 0);
      await sleep(200);
    }
  })();
  await storm.run();
  await release(waiting.length);
  for (let n = 0; n < 2; n++) storm.start(null);
  const end = performance.now() + 90_000;
  while ((await unsettled()).length > 0 && performance.now() < end) await sleep(200);
  expect(await unsettled()).toEqual([]);
  isOver = true;
  await runs;
  await storm.end();
  const tookMs = performance.now() - begun;

  const all = accounts.flatMap(({ texts }) => texts);
  const attempts = await expectTruth(world, all);
  expect(storm.deaths()).toBeGreaterThanOrEqual(kills);
  const sends = seller.requests.filter(({ method }) => method !== "GET").length;
  console.log(
    `seed ${seed}: ${storm.deaths()} deaths between sending and noting; ${all.length} replies, ${sends} requests to publish, ` +
      `${attempts} kept; ${Math.round(tookMs / 1000)} s`,
  );
});
