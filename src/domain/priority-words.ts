import { numberText } from "./number-text.ts";

type Language = "ru" | "en";

/** Forms of a phrase after its number, by the plural rules of its language. */
type Phrase = (count: number) => string;

const plurals = { ru: new Intl.PluralRules("ru"), en: new Intl.PluralRules("en") };
const inLanguages = (options: Intl.NumberFormatOptions) => ({
  ru: numberText("ru", options),
  en: numberText("en", options),
});
const numbers = inLanguages({});
const fractions = inLanguages({ maximumFractionDigits: 2, minimumFractionDigits: 2 });
const shares = inLanguages({ style: "percent" });
const stars = inLanguages({ maximumFractionDigits: 1 });

const ru =
  (one: string, few: string, many: string): Phrase =>
  count => {
    const rule = plurals.ru.select(count);
    const form = rule === "one" ? one : rule === "few" ? few : many;
    return form.replace("#", numbers.ru(count));
  };

const en =
  (one: string, other: string): Phrase =>
  count =>
    (plurals.en.select(count) === "one" ? one : other).replace("#", numbers.en(count));

/** Why a factor gives its points, to the people who answer; every phrase is whole, so no grammar is made by joining. */
export const priorityWords = {
  ru: {
    tone: (score: number, confidence: number) =>
      `негативный тон ${fractions.ru(score)}, уверенность ${shares.ru(confidence)}`,
    toneByHand: "сотрудник отметил текст как негативный",
    rating: (value: number) => `оценка ${stars.ru(value)} из 5`,
    threat: "автор угрожает пожаловаться",
    safety: "речь идёт о вреде здоровью",
    question: "автор задаёт вопрос",
    reach: ru("охват — около # человека", "охват — около # человек", "охват — около # человек"),
    engagement: ru("текст собрал # реакцию", "текст собрал # реакции", "текст собрал # реакций"),
    serp: (position: number) => `страница на ${position}-м месте в поисковой выдаче`,
    copies: ru("текст размещён в # месте", "текст размещён в # местах", "текст размещён в # местах"),
    growth: ru(
      "за сутки появилась # копия текста",
      "за сутки появились # копии текста",
      "за сутки появилось # копий текста",
    ),
    repeatAuthor: ru(
      "у автора уже было # негативное упоминание бренда",
      "у автора уже было # негативных упоминания бренда",
      "у автора уже было # негативных упоминаний бренда",
    ),
    manyRepeats: (count: number) => `у автора уже было не меньше ${count} негативных упоминаний бренда`,
    escalation: "обращение передали на уровень выше",
    age: ["ждёт ответа больше суток", "ждёт ответа больше трёх суток", "ждёт ответа больше недели"],
    time: ["прошла половина срока ответа", "срок ответа скоро истечёт", "срок ответа истёк"],
  },
  en: {
    tone: (score: number, confidence: number) =>
      `negative tone ${fractions.en(score)}, confidence ${shares.en(confidence)}`,
    toneByHand: "a colleague marked the text as negative",
    rating: (value: number) => `rated ${stars.en(value)} of 5`,
    threat: "the author threatens to complain",
    safety: "the text speaks of harm to health",
    question: "the author asks a question",
    reach: en("reaches about # person", "reaches about # people"),
    engagement: en("the text drew # reaction", "the text drew # reactions"),
    serp: (position: number) => `the page is number ${position} in search results`,
    copies: en("the text stands in # place", "the text stands in # places"),
    growth: en("# new copy of the text in a day", "# new copies of the text in a day"),
    repeatAuthor: en(
      "the author has # earlier negative mention of the brand",
      "the author has # earlier negative mentions of the brand",
    ),
    manyRepeats: (count: number) => `the author has at least ${count} earlier negative mentions of the brand`,
    escalation: "the case was escalated",
    age: [
      "has waited for an answer for over a day",
      "has waited for an answer for over three days",
      "has waited for an answer for over a week",
    ],
    time: ["half of the time to answer is over", "the answer is due soon", "the answer is overdue"],
  },
} as const satisfies Record<Language, object>;

export type PriorityWords = (typeof priorityWords)[Language];
