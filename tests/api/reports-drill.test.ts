import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MolvaError } from "#domain/errors.ts";
import { escalate } from "#pipeline/desk/hand.ts";
import { merge } from "#pipeline/desk/merge.ts";
import { awaitAuthor, snooze } from "#pipeline/desk/pause.ts";
import { claimNext, reopen, resolve, type Scope } from "#pipeline/desk/steps.ts";
import { tag } from "#pipeline/desk/words.ts";
import { push, pushedItem } from "#pipeline/push.ts";
import { inTransaction, type Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { outcomes } from "#store/tables.ts";
import { pick as pickBy, randomOf } from "#tests/faults/random.ts";
import { type Api, openApi } from "./app.ts";

const hourMs = 3_600_000;
const start = Date.parse("2026-06-01T00:00:00Z");
const steps = 360;

const complaints = [
  "Ужасная доставка Волна, ждал три часа, курьер нахамил. Больше никогда!",
  "Волна обманывает с ценой, деньги не вернули, поддержка молчит. Кошмар.",
  "Отвратительное качество, Волна продала брак и отказалась менять. Позор!",
  "Terrible service at Волна, rude staff and awful quality, never again!",
];
const praise = "Волна исправилась, спасибо, всё отлично, очень доволен и рекомендую!";

let api: Api;
let sourceIds: string[];
let departmentId: string;

beforeAll(async () => {
  api = await openApi(new Date(start).toISOString());
  await play(randomOf(20_261_122));
}, 120_000);
afterAll(() => api.close());

/** A desk on which all sorts of things happen, one every six hours. */
async function play(random: () => number): Promise<void> {
  const { world } = api;
  const pick = <Item>(items: readonly Item[]): Item => pickBy(random, items);
  sourceIds = [await world.makeSource([api.brandId]), await world.makeSource([api.brandId])];
  departmentId = newId();
  await world.db
    .insertInto("department")
    .values({ id: departmentId, name: "Доставка", created_at: new Date(start), archived_at: null })
    .execute();
  const texts: { sourceId: string; item: Record<string, unknown> }[] = [];
  const store = async (text: (typeof texts)[number]) => {
    const rows = [{ sourceId: text.sourceId, item: pushedItem(text.item) }];
    const options = { trigger: "push", maySee: async () => true, now: world.deps.clock() } as const;
    await inTransaction(world.db, tx => push(tx, world.deps, rows, options));
  };
  const arrive = async () => {
    const published = new Date(world.deps.clock().getTime() - Math.floor(random() * 60) * hourMs);
    const text = {
      sourceId: pick(sourceIds),
      item: {
        externalId: `text ${texts.length}`,
        kind: pick(["review", "review", "review", "post", "news"]),
        text: pick(complaints),
        rating: random() < 0.7 ? { value: pick([1, 2]), scale: 5 } : null,
        publishedAt: random() < 0.8 ? published : null,
        author: { id: `u${texts.length}`, name: "Имя" },
        ...(random() < 0.1 ? { answer: answerOf(published) } : {}),
      },
    };
    texts.push(text);
    await store(text);
  };
  const answerOf = (at: Date | null) => ({
    text: "Извините нас!",
    state: "published",
    evidence: "badge",
    publishedAt: at,
  });
  type Change = () => Record<string, unknown>;
  const change =
    (columns: Change, of = (_text: (typeof texts)[number]) => true) =>
    async () => {
      const some = texts.filter(of);
      if (some.length === 0) return;
      const text = pick(some);
      Object.assign(text.item, columns());
      await store(text);
    };
  const isAnswered = ({ item }: (typeof texts)[number]) => "answer" in item && item["answer"] !== null;
  const onCase =
    (take: (tx: Tx, scope: Scope, at: { id: string; version: number; now: Date }) => Promise<unknown>) =>
    async () => {
      const rows = await world.db
        .selectFrom("case")
        .select(["id", "version"])
        .orderBy("id", "desc")
        .limit(random() < 0.7 ? 3 : 300)
        .execute();
      if (rows.length === 0) return;
      const scope = {
        actor: { personId: pick([api.personId, api.approverId]), keyId: null },
        brandIds: null,
        lead: true,
      };
      const at = { ...pick(rows), now: world.deps.clock() };
      try {
        await inTransaction(world.db, tx => take(tx, scope, at));
      } catch (error) {
        if (!(error instanceof MolvaError)) throw error;
      }
    };
  const other = async (tx: Tx, id: string) =>
    pick(
      (await tx.selectFrom("case").select("id").where("id", "<>", id).orderBy("id").execute()).map(
        row => row.id,
      ),
    );
  const moves = [
    ...Array(8).fill(arrive),
    change(() => ({ answer: answerOf(random() < 0.5 ? world.deps.clock() : null) })),
    change(() => ({ answer: answerOf(world.deps.clock()) })),
    change(() => ({ rating: { value: pick([1, 3, 5]), scale: 5 } })),
    change(() => ({ rating: { value: pick([3, 4]), scale: 5 } }), isAnswered),
    change(() => ({ text: praise })),
    change(() => ({ answer: null })),
    ...Array(4).fill(
      onCase((tx, scope, at) => resolve(tx, scope, at, pick([...outcomes, "answered", "answered"]), null)),
    ),
    onCase((tx, scope, at) => reopen(tx, scope, at)),
    onCase((tx, scope, at) => snooze(tx, scope, at, new Date(at.now.getTime() + 9 * hourMs))),
    onCase((tx, scope, at) => awaitAuthor(tx, scope, at)),
    onCase((tx, scope, at) => tag(tx, scope, at, { rootCauses: [pick(["доставка", "цена"]), "персонал"] })),
    onCase((tx, scope, at) =>
      escalate(tx, scope, at, { personId: null, departmentId, reason: "решите, пожалуйста" }),
    ),
    onCase(async (tx, scope, at) => merge(tx, scope, at, await other(tx, at.id))),
    onCase((tx, scope, { now }) =>
      claimNext(
        tx,
        scope,
        {
          limit: 1,
          leaseMs: hourMs,
          brandIds: null,
          minPriority: 0,
          departmentIds: [null],
          languages: null,
          sourceKinds: null,
        },
        now,
      ),
    ),
  ];
  for (let n = 0; n < steps; n++) {
    world.setNow(new Date(start + n * 6 * hourMs).toISOString());
    await pick(moves)();
  }
}

type Figures = Record<string, unknown>;

/** Every whole number of the figures with its path. */
function countsOf(value: unknown, path = ""): [path: string, count: number][] {
  if (typeof value === "number") return [[path, value]];
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
  return Object.entries(value)
    .filter(
      ([name]) =>
        !["share", "responseRate", "medianSeconds", "p90Seconds", "difference", "low", "high"].includes(name),
    )
    .flatMap(([name, part]) => countsOf(part, path === "" ? name : `${path}.${name}`));
}

const range = "from=2026-06-20T00:00:00Z&to=2026-09-01T00:00:00Z";

async function lengthOf(query: string): Promise<number> {
  let count = 0;
  for (let cursor = ""; ; ) {
    const { status, body, text } = await api.call(
      "GET",
      `/v1/reports/responses/cases?${query}&limit=37${cursor}`,
    );
    expect([status, status === 200 ? "" : text]).toEqual([200, ""]);
    count += body.items.length;
    if (body.nextCursor === null) return count;
    cursor = `&cursor=${body.nextCursor}`;
  }
}

/** What is wrong: figures that differ from their lists. */
async function differences(figures: Figures, query: string, only?: readonly string[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const [figure, count] of countsOf(figures)) {
    if (only !== undefined && !only.includes(figure)) continue;
    const found = await lengthOf(`${query}&figure=${figure}`);
    if (found !== count) wrong.push(`${figure} is ${count}, its list has ${found}`);
  }
  return wrong;
}

describe("every number of the report is as long as the list behind it", () => {
  it("in all, in a world in which all sorts of things happened", async () => {
    const { status, body } = await api.call("GET", `/v1/reports/responses?${range}`);
    expect(status).toBe(200);
    const counts = new Map(countsOf(body));
    expect(counts.size).toBe(39);
    for (const path of [
      "received",
      "unanswerable",
      "answered",
      "sla.met",
      "sla.missed",
      "backlog.overdue",
      "outcomes.spam",
      "afterAnswer.ratingRaised",
      "reopened",
      "replyEffect.answered.count",
      "replyEffect.unanswered.count",
    ])
      expect([path, counts.get(path)]).not.toEqual([path, 0]);
    expect(await differences(body, range)).toEqual([]);
    for (const { rootCause, count } of body.rootCauses)
      expect(await lengthOf(`${range}&figure=rootCauses&rootCause=${encodeURIComponent(rootCause)}`)).toBe(
        count,
      );
  }, 120_000);

  it("by the filters, for a sort of text, a language and a source", async () => {
    for (const filter of ["kind=review", "language=en", `sourceId=${sourceIds[0]}`, "aspect=none"]) {
      const { body } = await api.call("GET", `/v1/reports/responses?${range}&${filter}`);
      expect(await differences(body, `${range}&${filter}`)).toEqual([]);
    }
  }, 120_000);

  const some = [
    "received",
    "unanswerable",
    "answered",
    "firstResponse.open",
    "sla.due",
    "sla.missed",
    "backlog.total",
    "outcomes.answered",
    "dateBasis.ours.count",
  ];

  it("by bucket, cut off at the ends of the range; and the buckets add up", async () => {
    const { body } = await api.call(
      "GET",
      `/v1/reports/responses?${range}&bucket=week&timezone=Europe/Moscow`,
    );
    for (const { start: from, end: to, ...figures } of body.series)
      expect(
        await differences(
          figures,
          `from=${from}&to=${to}`,
          some.filter(name => name !== "backlog.total"),
        ),
      ).toEqual([]);
    const sums = new Map<string, number>();
    for (const one of body.series)
      for (const [path, count] of countsOf(one)) sums.set(path, (sums.get(path) ?? 0) + count);
    const totals = new Map(countsOf(body));
    for (const [path, sum] of sums) expect([path, sum]).toEqual([path, totals.get(path)]);
  }, 120_000);

  it.each([
    ["person", "personId"],
    ["department", "departmentId"],
    ["source", "sourceId"],
    ["sourceKind", "sourceKind"],
    ["brand", "brandId"],
    ["aspect", "aspect"],
  ])(
    "by %s",
    async (groupBy, filter) => {
      const { body } = await api.call("GET", `/v1/reports/responses?${range}&groupBy=${groupBy}`);
      expect(body.groups.length).toBeGreaterThan(0);
      for (const { key, ...figures } of body.groups)
        expect(
          await differences(figures, `${range}&${filter}=${encodeURIComponent(key ?? "none")}`, some),
        ).toEqual([]);
      if (groupBy === "aspect") return;
      const sum = body.groups.reduce(
        (total: number, group: { received: number }) => total + group.received,
        0,
      );
      expect(sum).toBe(body.received);
    },
    120_000,
  );
});
