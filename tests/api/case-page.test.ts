import { readFileSync } from "node:fs";
import vm from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newId } from "#store/id.ts";
import { type Api, openApi } from "./app.ts";
import { openCase } from "./desk.ts";

const script = readFileSync(new URL("../../src/api/assets/case.js", import.meta.url), "utf8");

/** As much of an element as the page uses. */
class FakeElement {
  readonly tag: string;
  children: FakeElement[] = [];
  textContent = "";
  hidden = false;
  value = "";
  href = "";
  private readonly handlers = new Map<string, (event: object) => void>();

  constructor(tag: string) {
    this.tag = tag;
  }
  append(...added: FakeElement[]) {
    this.children.push(...added);
  }
  replaceChildren(...added: FakeElement[]) {
    this.children = added;
  }
  addEventListener(name: string, handler: (event: object) => void) {
    this.handlers.set(name, handler);
  }
  fire(name: string) {
    this.handlers.get(name)?.({ preventDefault() {} });
  }
  focus() {}
  /** Every element within, as "tag text". */
  lines(): string[] {
    return [`${this.tag} ${this.textContent}${this.href}`, ...this.children.flatMap(child => child.lines())];
  }
}

let api: Api;
let caseId: string;
beforeAll(async () => {
  api = await openApi();
  const sourceId = await api.world.makeSource([api.brandId], { title: "Отзывы" });
  ({ caseId } = await openCase(api, sourceId, "r-1", { title: "<img src=x onerror=alert(1)>" }));
});
afterAll(() => api.close());

/** Runs the page's script at an address over the real API. */
function openPage(pathname: string, language: string) {
  const parts = new Map<string, FakeElement>();
  const part = (id: string) => parts.get(id) ?? parts.set(id, new FakeElement(id)).get(id);
  const kept = new Map<string, string>();
  vm.runInNewContext(script, {
    navigator: { language },
    location: { pathname },
    sessionStorage: {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    },
    document: {
      getElementById: part,
      createElement: (tag: string) => new FakeElement(tag),
      querySelector: part,
      documentElement: {},
    },
    fetch: async (url: string, { headers }: { headers: Record<string, string> }) => {
      const response = await api.app.inject({ url, headers });
      return {
        ok: response.statusCode < 300,
        status: response.statusCode,
        json: async () => response.json(),
      };
    },
  });
  const shown = (id: string) => part(id) as FakeElement;
  const enter = (key: string) => {
    shown("key").value = key;
    shown("login").fire("submit");
  };
  return { shown, enter, kept };
}

test("the page asks for a key, refuses a wrong one, and shows the case with a good one", async () => {
  const { shown, enter, kept } = openPage(`/cases/${caseId}`, "ru-RU");
  expect([shown("login").hidden, shown("case").hidden]).toEqual([false, true]);
  enter("wrong");
  await expect.poll(() => shown("message").textContent).toBe("Ключ не подходит. Введите другой.");
  expect([shown("login").hidden, kept.size]).toEqual([false, 0]);
  enter(api.keys.analyst);
  await expect.poll(() => shown("case").hidden).toBe(false);
  const lines = shown("case").lines();
  for (const line of [
    "h1 <img src=x onerror=alert(1)>",
    "dd Волна",
    "dd Отзывы",
    "dd Анна",
    "dd открыто",
    "dd 1 / 5",
  ])
    expect(lines).toContain(line);
  expect(lines.some(line => line.startsWith("blockquote Ужасная кофейня"))).toBe(true);
  expect(lines).toContain("a Открыть на площадкеhttps://reviews.example/1");
  shown("forget").fire("click");
  expect([kept.size, shown("case").hidden]).toEqual([0, true]);
});

test("an alert without a case says why it fired, and shows the texts that count", async () => {
  const { db } = api.world;
  const { mention_id: mentionId } = await db
    .selectFrom("case")
    .select("mention_id")
    .where("id", "=", caseId)
    .executeTakeFirstOrThrow();
  const rule = { brandId: api.brandId, kind: "spike", name: "Всплески", channelIds: [], settings: {} };
  const ruleId = (await api.call("POST", "/v1/alert-rules", { body: rule })).body.id;
  const [from, to] = ["2026-11-20T11:50:00.000Z", "2026-11-20T12:00:00.000Z"];
  const alertId = newId();
  await db
    .insertInto("alert")
    .values({
      id: alertId,
      rule_id: ruleId,
      brand_id: api.brandId,
      kind: "spike",
      subject: "spike:1",
      fired_at: api.deps.clock(),
      reason: JSON.stringify({ count: 84, expected: 25.3, from, to, phrases: [], mentionIds: [mentionId] }),
    })
    .execute();
  const { shown, enter } = openPage(`/alerts/${alertId}`, "ru-RU");
  enter(api.keys.analyst);
  await expect.poll(() => shown("case").hidden).toBe(false);
  const lines = shown("case").lines();
  expect(lines).toContain("h1 Всплески");
  expect(lines).toContain("dd 84 за 10 мин вместо обычных 25,3");
  expect(lines.some(line => line.startsWith("blockquote Ужасная кофейня"))).toBe(true);
  expect(lines.join()).not.toContain("object");
});

test("a case that the key may not see, and an address that is none, are not there", async () => {
  for (const path of [`/cases/${caseId}`, "/cases/1"]) {
    const { shown, enter } = openPage(path, "en-GB");
    enter(api.foreign.analyst);
    await expect
      .poll(() => shown("message").textContent)
      .toBe("There is no such case, or this key may not see it.");
    expect(shown("case").hidden).toBe(true);
  }
});
