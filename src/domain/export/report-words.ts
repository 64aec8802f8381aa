import { numberText } from "#domain/number-text.ts";

export type ReportLanguage = "ru" | "en";

/** Forms of a noun after a number, by the plural rules of its language. */
type Forms = { readonly [rule in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/** What a report says, whole phrases in each language. */
interface ReportWords {
  title: string;
  made: string;
  mentions: Forms;
  mentionsTitle: string;
  netSentiment: string;
  netSentimentHelp: string;
  positive: string;
  neutral: string;
  negative: string;
  health: string;
  healthHelp: string;
  before: string;
  rising: string;
  nothing: string;
  hole: (percent: string) => string;
  bySource: string;
  byAspect: string;
  voice: string;
  voiceHelp: string;
  brand: string;
  source: string;
  aspect: string;
  share: string;
  contribution: string;
  latest: string;
  noNegatives: string;
  open: string;
  unknownAuthor: string;
  otherAspects: string;
  chart: string;
}

const reportWords: Record<ReportLanguage, ReportWords> = {
  ru: {
    title: "Отчёт о репутации",
    made: "Составлен",
    mentions: { one: "упоминание", few: "упоминания", many: "упоминаний", other: "упоминания" },
    mentionsTitle: "Упоминания",
    netSentiment: "Индекс тональности",
    netSentimentHelp: "100 × (позитив − негатив) / все упоминания",
    positive: "Позитив",
    neutral: "Нейтрально",
    negative: "Негатив",
    health: "Здоровье бренда",
    healthHelp: "позитив / (позитив + негатив)",
    before: "за предыдущий период",
    rising: "Как менялась тональность",
    nothing: "За этот период упоминаний не было.",
    hole: percent =>
      `Данные неполные: успешно прошло ${percent} запланированных сборов. Пропуски — не тишина.`,
    bySource: "Откуда упоминания",
    byAspect: "О чём говорят",
    voice: "Доля голоса",
    voiceHelp: "перепечатки одного текста считаются один раз",
    brand: "Бренд",
    source: "Источник",
    aspect: "Тема",
    share: "Доля",
    contribution: "Вклад в изменение, п.",
    latest: "Последние негативные упоминания",
    noNegatives: "Негативных упоминаний за этот период нет.",
    open: "источник",
    unknownAuthor: "автор не указан",
    otherAspects: "без темы",
    chart: "Упоминания по тональности",
  },
  en: {
    title: "Reputation report",
    made: "Made",
    mentions: { one: "mention", other: "mentions" },
    mentionsTitle: "Mentions",
    netSentiment: "Net sentiment",
    netSentimentHelp: "100 × (positive − negative) / all mentions",
    positive: "Positive",
    neutral: "Neutral",
    negative: "Negative",
    health: "Brand health",
    healthHelp: "positive / (positive + negative)",
    before: "in the period before",
    rising: "How the tone moved",
    nothing: "Nobody spoke of the brand in this period.",
    hole: percent =>
      `The data have holes: ${percent} of the planned collections succeeded. A hole is not silence.`,
    bySource: "Where it was said",
    byAspect: "What it was about",
    voice: "Share of voice",
    voiceHelp: "copies of one text count once",
    brand: "Brand",
    source: "Source",
    aspect: "Topic",
    share: "Share",
    contribution: "Contribution to the change, points",
    latest: "Latest negative mentions",
    noNegatives: "There are no negative mentions in this period.",
    open: "source",
    unknownAuthor: "no author",
    otherAspects: "no topic",
    chart: "Mentions by tone",
  },
};

/** Those that the program finds by itself. */
const aspectNames: ReadonlyMap<string, string> = new Map([
  ["delivery", "доставка"],
  ["quality", "качество"],
  ["taste", "вкус"],
  ["price", "цена"],
  ["service", "обслуживание"],
  ["staff", "персонал"],
  ["packaging", "упаковка"],
  ["size", "размер"],
  ["refund", "возврат"],
  ["app", "приложение"],
  ["safety", "безопасность"],
  ["assortment", "ассортимент"],
  ["place", "место"],
  ["honesty", "честность"],
  ["speed", "скорость"],
  ["payment", "оплата"],
  ["connection", "связь"],
  ["treatment", "лечение"],
  ["comfort", "удобство"],
  ["appearance", "внешний вид"],
  ["performance", "как работает"],
]);

/** An aspect as the reader calls it; one that we have no word for keeps its name. */
export const aspectName = (aspect: string, language: ReportLanguage): string =>
  language === "ru" ? (aspectNames.get(aspect) ?? aspect) : aspect;

const locales = { ru: "ru-RU", en: "en-GB" } as const;

/** Numbers and times as the reader writes them. */
export interface Speech {
  words: ReportWords;
  /** Of whole and broken numbers, one decimal. */
  number(value: number): string;
  /** With its sign. */
  signed(value: number): string;
  percent(share: number): string;
  /** `12 упоминаний`. */
  counted(count: number, forms: Forms): string;
  day(at: Date): string;
  moment(at: Date): string;
  /** From the first day to the last one, as the language joins them; the end is exclusive. */
  period(from: Date, to: Date): string;
}

export function speech(language: ReportLanguage, timezone: string): Speech {
  const locale = locales[language];
  const number = numberText(language, { maximumFractionDigits: 1 });
  const rules = new Intl.PluralRules(locale);
  const day = new Intl.DateTimeFormat(locale, { timeZone: timezone, day: "numeric", month: "short" });
  const long = new Intl.DateTimeFormat(locale, { timeZone: timezone, dateStyle: "long" });
  const moment = new Intl.DateTimeFormat(locale, {
    timeZone: timezone,
    dateStyle: "long",
    timeStyle: "short",
  });
  return {
    words: reportWords[language],
    number,
    signed: numberText(language, {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
      signDisplay: "exceptZero",
    }),
    percent: numberText(language, { style: "percent", maximumFractionDigits: 0 }),
    counted: (count, forms) => `${number(count)} ${forms[rules.select(count)] ?? forms.other}`,
    day: at => day.format(at),
    moment: at => moment.format(at),
    period: (from, to) => long.formatRange(from, new Date(to.getTime() - 1)),
  };
}
