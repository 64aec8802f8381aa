import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Api, openApi } from "./app.ts";
import { openCase } from "./desk.ts";

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const script = readFileSync(new URL("../../src/api/assets/case.js", import.meta.url), "utf8");
const html = readFileSync(new URL("../../src/api/assets/case.html", import.meta.url), "utf8");

test("the links of alerts open a page that needs no key and holds no data", async () => {
  for (const path of ["/cases/00000000-0000-7000-8000-000000000000", "/alerts/x"]) {
    const { status, headers, text } = await api.call("GET", path, { key: null });
    expect([status, headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    expect(text).toBe(html);
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain("unsafe");
    expect(policy).toContain("frame-ancestors 'none'");
  }
});

test("its script and style come from here with their own types", async () => {
  const js = await api.call("GET", "/assets/case.js", { key: null });
  expect(js.headers["content-type"]).toBe("text/javascript; charset=utf-8");
  expect(js.headers["x-content-type-options"]).toBe("nosniff");
  expect((await api.call("GET", "/assets/case.css", { key: null })).headers["content-type"]).toBe(
    "text/css; charset=utf-8",
  );
});

test("nothing on the page is inline, and no text from the web can become markup", () => {
  expect(html).not.toMatch(/<script(?![^>]*src=)|<style|\son\w+=|style=/);
  expect(script).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(|localStorage/,
  );
});

test("every word is there in both languages", () => {
  const [, words = ""] = /const words = \{([\s\S]*?)\n\};/.exec(script) ?? [];
  const block = (language: string) =>
    new RegExp(`${language}: \\{([\\s\\S]*?)\\n  \\},`).exec(words)?.[1]?.match(/^ {4}\w+(?=:)/gm);
  expect(block("ru")).toEqual(block("en"));
  expect(block("ru")?.length).toBeGreaterThan(20);
});

test("what the page shows of a case is in what the API answers", async () => {
  const sourceId = await api.world.makeSource([api.brandId]);
  const { caseId } = await openCase(api, sourceId, "r-1");
  const { body } = await api.call("GET", `/v1/queue/${caseId}`, { key: api.keys.analyst });
  expect(body).toMatchObject({
    status: "open",
    priority: expect.any(Number),
    priorityFactors: expect.arrayContaining([
      { factor: expect.any(String), points: expect.any(Number), why: expect.any(String) },
    ]),
    dueAt: expect.any(String),
    brandId: api.brandId,
    mention: {
      sourceId,
      text: expect.any(String),
      language: "ru",
      rating: { value: 1, scale: 5 },
      author: { name: "Анна" },
    },
    history: [{ kind: "opened", at: expect.any(String) }],
  });
});
