import { extractText, getDocumentProxy } from "unpdf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPrinter, type Printer } from "#net/browser-pool.ts";
import { browserPath } from "#tests/browser.ts";
import { type Api, openApi } from "./app.ts";
import { angry, happy, pushRows, row } from "./desk.ts";

let api: Api;
let printer: Printer;
beforeAll(async () => {
  api = await openApi();
  printer = createPrinter({ path: await browserPath(), allow: [] });
  await api.world.makeBrand({ name: "Прилив", query: "Прилив", competitorOf: api.brandId });
  const source = await api.world.makeSource([api.brandId], { title: "Отзывы <города>" });
  const at = (day: number) => ({ publishedAt: `2026-11-${day}T21:30:00.000Z`, rating: null });
  const hostile = `${angry} <script>alert(1)</script><img src=http://127.0.0.1/x>`;
  await pushRows(api, [
    row(source, { externalId: "1", text: hostile, author: { id: "a", name: "<b>Ёжик</b>" }, ...at(17) }),
    row(source, { externalId: "2", text: happy, ...at(17), author: { id: "b", name: "Щукина" } }),
    row(source, { externalId: "3", text: happy, ...at(18), author: { id: "c", name: "Объёмов" } }),
  ]);
}, 300_000);
afterAll(async () => {
  await printer.close();
  await api.close();
});

const asked = (more = "") =>
  `brandId=${api.brandId}&from=2026-11-15T21:00:00Z&to=2026-11-19T21:00:00Z&timezone=Europe/Moscow${more}`;

describe("a report of a period", () => {
  it("tells figures, sources and quotes in Russian, with its plurals and dates", async () => {
    const { status, text, headers } = await api.call("GET", `/v1/exports/report.html?${asked()}`);
    expect(status).toBe(200);
    expect(headers["content-type"]).toBe("text/html; charset=utf-8");
    const words = text
      .replace(/<style>.*?<\/style>/s, "")
      .replace(/<[^>]*>/g, " ")
      .replace(/[\s\u00A0\u202F]+/g, " ");
    expect(words).toContain("Отчёт о репутации, 16–19 ноября 2026");
    expect(words).toContain("3 упоминания");
    // 100 · (2 − 1) / 3
    expect(words).toContain("+33,3");
    expect(words).toContain("Доля голоса");
    expect(words).toContain("18 ноября 2026");
    expect(words).toContain("Отзывы &lt;города&gt; · &lt;b&gt;Ёжик&lt;/b&gt;");
  });

  it("has one bar for each day, as high as its mentions, and nothing that runs or is fetched", async () => {
    const { text } = await api.call("GET", `/v1/exports/report.html?${asked("&language=en")}`);
    expect(text).toMatch(/Reputation report, 16\s–\s19 November 2026/);
    expect(text).toContain("3 mentions");
    const svg = /<svg.*?<\/svg>/s.exec(text)?.[0] ?? "";
    const heights = (tone: string) =>
      [...svg.matchAll(new RegExp(`class="${tone}"[^>]*height="([\\d.]+)"`, "g"))].map(([, height]) =>
        Number(height),
      );
    expect(heights("positive")).toHaveLength(2);
    expect(heights("negative")).toEqual([heights("positive")[0]]);
    expect(text).not.toMatch(/<script|<img|<iframe|<link|\son\w+=|url\(/i);
    expect(text).toContain("&lt;script&gt;");
  });

  it("that holds nothing says so", async () => {
    const brandId = await api.world.makeBrand();
    const { text } = await api.call("GET", `/v1/exports/report.html?brandId=${brandId}`);
    expect(text).toContain("За этот период упоминаний не было.");
    expect(text).not.toContain("NaN");
  });

  it("is a PDF whose Cyrillic can be read", async () => {
    api.deps.printPdf = printer.pdf;
    const answer = await api.app.inject({
      url: `/v1/exports/report.pdf?${asked()}`,
      headers: { authorization: `Bearer ${api.keys.analyst}` },
    });
    expect(answer.headers["content-type"]).toBe("application/pdf");
    const { text } = await extractText(await getDocumentProxy(new Uint8Array(answer.rawPayload)), {
      mergePages: true,
    });
    const words = text.replace(/\s+/g, " ");
    for (const part of [
      "Волна",
      "Отчёт о репутации",
      "16–19 ноября 2026",
      "3 упоминания",
      "Ёжик",
      "обманывают",
    ])
      expect(words).toContain(part);
    expect(words).toContain("Индекс тональности");
  }, 120_000);

  it("where there is no browser says in a sentence what to install, and that HTML needs none", async () => {
    api.deps.printPdf = null;
    const { status, body } = await api.call("GET", `/v1/exports/report.pdf?${asked()}`);
    expect(status).toBe(503);
    expect(body.detail).toMatch(/install Debian's package chromium.*report\.html needs none/);
  });
});
