import type { RuleKind } from "#domain/alerts/kinds.ts";
import { numberText } from "#domain/number-text.ts";

type Language = "ru" | "en";
type Reason = Record<string, unknown>;
type Words = Readonly<Record<string, Readonly<Record<Language, string>>>>;

const intentWords: Words = {
  threat: { ru: "угроза пожаловаться", en: "threat to complain" },
  safety: { ru: "вред здоровью", en: "harm to health" },
  question: { ru: "вопрос", en: "question" },
};

const healthWords: Words = {
  blocked: { ru: "источник не пускает", en: "the source refuses us" },
  "layout-changed": { ru: "страница источника изменилась", en: "the source's page has changed" },
  failing: { ru: "источник не отвечает", en: "the source keeps failing" },
  stale: { ru: "от источника давно нет вестей", en: "nothing heard from the source for too long" },
  quota: { ru: "исчерпана квота источника", en: "the source's quota is used up" },
};

const toneWords: Words = {
  negative: { ru: "негатив", en: "negative" },
  neutral: { ru: "нейтрально", en: "neutral" },
  positive: { ru: "позитив", en: "positive" },
};

const stateWords: Words = {
  near: { ru: "срок ответа подходит", en: "the answer is due soon" },
  breached: { ru: "срок ответа прошёл", en: "the answer is overdue" },
  refused: { ru: "площадка не приняла ответ", en: "the reply was refused" },
  removed: { ru: "ответ удалён с площадки", en: "the reply was removed" },
  unknown: { ru: "неизвестно, дошёл ли ответ", en: "nobody knows whether the reply arrived" },
};

const standingWords: Words = {
  ours: { ru: "своя страница", en: "own page" },
  neutral: { ru: "нейтральная страница", en: "neutral page" },
  hostile: { ru: "враждебная страница", en: "hostile page" },
};

const deviceWords: Words = {
  desktop: { ru: "компьютер", en: "desktop" },
  mobile: { ru: "телефон", en: "mobile" },
};

const rounded = { maximumFractionDigits: 2 };
const numbers = { ru: numberText("ru", rounded), en: numberText("en", rounded) };
const exact = { maximumFractionDigits: 2, minimumFractionDigits: 2 };
const scores = { ru: numberText("ru", exact), en: numberText("en", exact) };

const said = (words: Words, key: unknown, language: Language): string =>
  words[String(key)]?.[language] ?? String(key);

function mention(reason: Reason, language: Language): string {
  const tone = said(toneWords, reason["tone"] ?? "negative", language);
  const intents = (reason["intents"] as string[] | undefined) ?? [];
  return [
    `${tone} ${scores[language](Number(reason["score"]))}`,
    ...intents.flatMap(name => intentWords[name]?.[language] ?? []),
  ].join(", ");
}

function spike(reason: Reason, language: Language): string {
  const format = (key: string) => numbers[language](Number(reason[key]));
  const minutes = (Date.parse(String(reason["to"])) - Date.parse(String(reason["from"]))) / 60_000;
  const phrases = ((reason["phrases"] as { phrase: string }[] | undefined) ?? []).map(({ phrase }) => phrase);
  const about = phrases.length > 0 ? `: ${phrases.join(", ")}` : "";
  return language === "ru"
    ? `${format("count")} за ${minutes} мин вместо обычных ${format("expected")}${about}`
    : `${format("count")} in ${minutes} min instead of the usual ${format("expected")}${about}`;
}

function ratingDrop(reason: Reason, language: Language): string {
  const format = (key: string) => numbers[language](Number(reason[key]));
  return language === "ru"
    ? `средняя оценка ${format("mean")}, была ${format("before")}; оценок: ${format("count")}`
    : `mean rating ${format("mean")}, was ${format("before")}; ratings: ${format("count")}`;
}

function growth(reason: Reason, language: Language): string {
  const [count, hours, sources] = ["count", "hours", "sourceCount"].map(key => Number(reason[key]));
  return language === "ru"
    ? `копий за ${hours} ч: ${count}, источников: ${sources}`
    : `copies in ${hours} h: ${count}, sources: ${sources}`;
}

function serpEntry(reason: Reason, language: Language): string {
  const page = said(standingWords, reason["standing"], language);
  const device = said(deviceWords, reason["device"], language);
  const [query, region, place, before] = ["query", "region", "position", "previousPosition"].map(
    key => reason[key],
  );
  if (language === "ru") {
    const moved = before == null ? "" : `, была на ${before}-м`;
    return `${page} на ${place}-м месте${moved}; запрос «${query}», регион ${region}, ${device}`;
  }
  const moved = before == null ? "" : `, was at ${before}`;
  return `${page} at place ${place}${moved}; query “${query}”, region ${region}, ${device}`;
}

function health(reason: Reason, language: Language): string {
  const word = said(healthWords, reason["health"], language);
  return reason["problem"] ? `${word}: ${String(reason["problem"])}` : word;
}

const state = (reason: Reason, language: Language): string => said(stateWords, reason["state"], language);

const tellers: Readonly<Record<RuleKind, (reason: Reason, language: Language) => string>> = {
  "negative-mention": mention,
  keyword: mention,
  spike,
  "rating-drop": ratingDrop,
  sla: state,
  "serp-entry": serpEntry,
  "cluster-growth": growth,
  "source-health": health,
  "reply-failed": state,
};

/** Why an alert fired, in the brand's language and without personal data. */
export function reasonOf({
  kind,
  reason,
  language,
}: {
  kind: string;
  reason: Reason;
  language: Language;
}): string {
  return (tellers[kind as RuleKind] ?? mention)(reason, language);
}
