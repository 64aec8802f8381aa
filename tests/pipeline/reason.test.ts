import { describe, expect, it } from "vitest";
import { ruleKinds } from "#domain/alerts/kinds.ts";
import { reasonOf } from "#pipeline/reason.ts";

const spike = {
  count: 84,
  expected: 25.3,
  from: "2026-11-20T12:00:00.000Z",
  to: "2026-11-20T12:10:00.000Z",
  phrases: [{ phrase: "терминал оплаты", count: 20 }],
};

const entered = { query: "волна отзывы", region: "213", device: "mobile" };

describe("the reason of an alert", () => {
  it.each<[string, Record<string, unknown>, string, string]>([
    [
      "spike",
      spike,
      "84 за 10 мин вместо обычных 25,3: терминал оплаты",
      "84 in 10 min instead of the usual 25.3: терминал оплаты",
    ],
    [
      "rating-drop",
      { mean: 3.5, before: 4.25, count: 40 },
      "средняя оценка 3,5, была 4,25; оценок: 40",
      "mean rating 3.5, was 4.25; ratings: 40",
    ],
    ["sla", { state: "breached" }, "срок ответа прошёл", "the answer is overdue"],
    ["reply-failed", { state: "refused" }, "площадка не приняла ответ", "the reply was refused"],
    [
      "cluster-growth",
      { count: 10, hours: 24, sourceCount: 3 },
      "копий за 24 ч: 10, источников: 3",
      "copies in 24 h: 10, sources: 3",
    ],
    [
      "serp-entry",
      { ...entered, standing: "hostile", position: 3, previousPosition: null },
      "враждебная страница на 3-м месте; запрос «волна отзывы», регион 213, телефон",
      "hostile page at place 3; query “волна отзывы”, region 213, mobile",
    ],
    [
      "serp-entry",
      { ...entered, standing: "neutral", position: 9, previousPosition: 14 },
      "нейтральная страница на 9-м месте, была на 14-м; запрос «волна отзывы», регион 213, телефон",
      "neutral page at place 9, was at 14; query “волна отзывы”, region 213, mobile",
    ],
    [
      "source-health",
      { health: "quota", problem: null },
      "исчерпана квота источника",
      "the source's quota is used up",
    ],
    [
      "keyword",
      { tone: "neutral", score: 0, intents: ["threat"] },
      "нейтрально 0,00, угроза пожаловаться",
      "neutral 0.00, threat to complain",
    ],
    ["negative-mention", { score: -0.5 }, "негатив −0,50", "negative −0.50"],
  ])("%s is said in the brand's language", (kind, reason, ru, en) => {
    expect(ruleKinds).toContain(kind);
    expect(reasonOf({ kind, reason, language: "ru" })).toBe(ru);
    expect(reasonOf({ kind, reason, language: "en" })).toBe(en);
  });
});
