import { speech } from "#domain/export/report-words.ts";
import type { ReportNote } from "./define.ts";
import type { Markup } from "./markup.ts";
import { cleanLine, cut, httpUrl } from "./text.ts";
import type { Language } from "./wording.ts";

/** A brand's name as a caption shows it, in UTF-16 units of the markup: captions end at 1,024. */
const brandMax = 150;
const linkMax = 700;

const words = {
  ru: {
    link: "Отчёт в API Molva (нужен ключ)",
    insteadOfPdf: "Сделать PDF не удалось (нужен Chromium), поэтому отчёт — файл HTML.",
  },
  en: {
    link: "The report in Molva's API (a key is needed)",
    insteadOfPdf: "No PDF could be made (it takes Chromium), so the report is an HTML file.",
  },
} as const;

/** A report said in a few lines: title, headline figures beside those of the period before, and how to read on. */
export function reportSections(
  language: Language,
  { brandName, from, to, timezone, totals, previous, link, file, insteadOfPdf }: ReportNote,
  markup: Markup,
): { title: string; body: string[] } {
  const say = speech(language, timezone);
  const figure = (name: string, now: string, before: string) =>
    `${name}: ${now} (${before} ${say.words.before})`;
  const signed = (value: number | null) => (value === null ? "—" : say.signed(value));
  const percent = (value: number | null) => (value === null ? "—" : say.percent(value));
  const { coverage } = totals;
  const figures = [
    figure(say.words.mentionsTitle, say.number(totals.total), say.number(previous.total)),
    figure(say.words.negative, say.number(totals.negative), say.number(previous.negative)),
    figure(say.words.netSentiment, signed(totals.netSentiment), signed(previous.netSentiment)),
    figure(say.words.health, percent(totals.brandHealth), percent(previous.brandHealth)),
  ];
  const address = file === null ? httpUrl(link, linkMax) : null;
  return {
    title: say.words.title,
    body: [
      [
        markup.strong(cut(cleanLine(brandName), brandMax, markup.encode)),
        markup.encode(say.period(from, to)),
      ].join("\n"),
      markup.encode(figures.join("\n")),
      coverage === null || coverage >= 0.995 ? "" : markup.encode(say.words.hole(say.percent(coverage))),
      insteadOfPdf ? markup.encode(words[language].insteadOfPdf) : "",
      address === null ? "" : markup.link(address, words[language].link),
    ].filter(part => part !== ""),
  };
}
