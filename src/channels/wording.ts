import { numberText } from "#domain/number-text.ts";
import type { Acked, AlertNote, Message } from "./define.ts";

export type Language = Message["language"];

/** Forms of a noun after a number, by the plural rules of its language. */
type Forms = { readonly [rule in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/** What fired, by the kind of its rule; `one` is also the title of a single alert. */
const nouns: Readonly<Record<Language, ReadonlyMap<string, Forms>>> = {
  ru: new Map([
    ["negative-mention", ru("негативное упоминание", "негативных упоминания", "негативных упоминаний")],
    ["spike", ru("всплеск упоминаний", "всплеска упоминаний", "всплесков упоминаний")],
    ["sla", ru("нарушение срока ответа", "нарушения срока ответа", "нарушений срока ответа")],
    ["serp-entry", ru("новая страница в выдаче", "новые страницы в выдаче", "новых страниц в выдаче")],
    [
      "keyword",
      ru("упоминание с ключевым словом", "упоминания с ключевым словом", "упоминаний с ключевым словом"),
    ],
    ["source-health", ru("сбой источника", "сбоя источников", "сбоев источников")],
    ["rating-drop", ru("снижение рейтинга", "снижения рейтинга", "снижений рейтинга")],
    ["cluster-growth", ru("расходящаяся история", "расходящиеся истории", "расходящихся историй")],
    ["reply-failed", ru("несостоявшийся ответ", "несостоявшихся ответа", "несостоявшихся ответов")],
    ["channel-broken", ru("канал не работает", "канала не работают", "каналов не работают")],
  ]),
  en: new Map([
    ["negative-mention", en("negative mention", "negative mentions")],
    ["spike", en("spike in mentions", "spikes in mentions")],
    ["sla", en("missed answer deadline", "missed answer deadlines")],
    ["serp-entry", en("new page in search results", "new pages in search results")],
    ["keyword", en("mention with a keyword", "mentions with a keyword")],
    ["source-health", en("source failure", "source failures")],
    ["rating-drop", en("rating drop", "rating drops")],
    ["cluster-growth", en("spreading story", "spreading stories")],
    ["reply-failed", en("failed reply", "failed replies")],
    ["channel-broken", en("broken channel", "broken channels")],
  ]),
};

const unknownKind: Readonly<Record<Language, Forms>> = {
  ru: ru("оповещение", "оповещения", "оповещений"),
  en: en("alert", "alerts"),
};

const plurals = { ru: new Intl.PluralRules("ru"), en: new Intl.PluralRules("en") };
const numbers = {
  ru: numberText("ru", { maximumFractionDigits: 1 }),
  en: numberText("en", { maximumFractionDigits: 1 }),
};
const times = { ru: moment("ru"), en: moment("en-GB") };

/** The words around the facts; every phrase is whole, so no grammar is made by joining. */
export const words = {
  ru: {
    testTitle: "[Проверка]",
    test: "Это проверка канала: на самом деле ничего не произошло, делать ничего не нужно.",
    source: "Источник",
    rating: "Оценка",
    tone: "Тональность",
    rule: "Правило",
    firedAt: "Сработало",
    author: "Автор",
    original: "Оригинал",
    open: "Открыть в Molva",
    alert: "Оповещение",
    delivery: "Доставка",
    ack: "Подтвердить",
    acked: "Подтверждено",
    tones: { positive: "позитивная", neutral: "нейтральная", negative: "негативная" },
  },
  en: {
    testTitle: "[Test]",
    test: "This is a test of the channel: nothing has happened, there is nothing to do.",
    source: "Source",
    rating: "Rating",
    tone: "Tone",
    rule: "Rule",
    firedAt: "Fired",
    author: "Author",
    original: "Original",
    open: "Open in Molva",
    alert: "Alert",
    delivery: "Delivery",
    ack: "Acknowledge",
    acked: "Acknowledged",
    tones: { positive: "positive", neutral: "neutral", negative: "negative" },
  },
} as const;

/** "37 негативных упоминаний", "1 negative mention". */
function countOf(language: Language, kind: string, count: number): string {
  return `${numbers[language](count)} ${nounOf(language, kind, count)}`;
}

/** "и ещё 37 негативных упоминаний", "and 37 more negative mentions". */
export function moreOf(language: Language, kind: string, count: number): string {
  if (language === "ru") return `и ещё ${countOf(language, kind, count)}`;
  return `and ${numbers[language](count)} more ${nounOf(language, kind, count)}`;
}

/** "Негативное упоминание" for one, "37 негативных упоминаний" for many. */
export function titleOf(language: Language, kind: string, total: number): string {
  if (total > 1) return countOf(language, kind, total);
  const title = nounOf(language, kind, 1);
  return title.charAt(0).toLocaleUpperCase(language) + title.slice(1);
}

/** "1 из 5", "1 of 5". */
export function ratingOf(language: Language, rating: NonNullable<AlertNote["rating"]>): string {
  const [value, scale] = [numbers[language](rating.value), numbers[language](rating.scale)];
  return language === "ru" ? `${value} из ${scale}` : `${value} of ${scale}`;
}

/** The moment in UTC, said so: readers of one chat live in different zones. */
export function timeOf(language: Language, at: Date): string {
  return `${times[language].format(at)} UTC`;
}

/** "Подтверждено 20 ноября 2026 г. в 09:14 UTC · Анна", "Acknowledged 20 November 2026 at 09:14 UTC". */
export function ackedOf(language: Language, { at, by }: Acked): string {
  const said = `${words[language].acked} ${timeOf(language, at)}`;
  return by === null ? said : `${said} · ${by}`;
}

function nounOf(language: Language, kind: string, count: number): string {
  const forms = nouns[language].get(kind) ?? unknownKind[language];
  return forms[plurals[language].select(count)] ?? forms.other;
}

function ru(one: string, few: string, many: string): Forms {
  return { one, few, many, other: few };
}

function en(one: string, other: string): Forms {
  return { one, other };
}

function moment(locale: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
}
