import type { Metrics } from "#domain/metrics.ts";
import { toneChart } from "./chart.ts";
import { html, Markup } from "./markup.ts";
import { reportStyle } from "./report-style.ts";
import { aspectName, type ReportLanguage, type Speech, speech } from "./report-words.ts";

interface Tones {
  total: number;
  positive: number;
  neutral: number;
  negative: number;
}

/** What a report tells; texts of people are texts, never markup. */
export interface ReportFacts {
  brand: string;
  language: ReportLanguage;
  timezone: string;
  from: Date;
  to: Date;
  madeAt: Date;
  totals: Metrics;
  previous: Metrics;
  series: (Tones & { start: Date; coverage: number | null })[];
  sources: (Tones & { name: string })[];
  /** `aspect` null: mentions that no aspect carries. */
  aspects: (Tones & { aspect: string | null; points: number | null })[];
  /** The brand and its competitors; empty without any. */
  voices: { name: string; unique: number; share: number | null }[];
  /** null: the report goes where texts of mentions do not, so it has none of them. */
  negatives: { at: Date; source: string; author: string | null; text: string; url: string | null }[] | null;
}

/** A report as one HTML file that needs nothing else: charts inline, styles for screen and paper, no scripts. */
export function reportHtml(facts: ReportFacts): string {
  const say = speech(facts.language, facts.timezone);
  const { words } = say;
  return html`<!doctype html>
<html lang="${facts.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${words.title}: ${facts.brand}</title>
<style>${new Markup(reportStyle)}</style>
</head>
<body>
<header><h1>${facts.brand}</h1><p>${words.title}, ${say.period(facts.from, facts.to)}</p>
<p class="small">${words.made} ${say.moment(facts.madeAt)} (${facts.timezone})</p></header>
<main>${warning(facts, say)}${figures(facts, say)}${trend(facts, say)}${sources(facts, say)}${aspects(facts, say)}${voices(facts, say)}${negatives(facts, say)}</main>
</body></html>
`.text;
}

/** A hole is told before any figure. */
function warning({ totals }: ReportFacts, { words, percent }: Speech): Markup | null {
  const { coverage } = totals;
  return coverage === null || coverage >= 0.995
    ? null
    : html`<p class="warning">${words.hole(percent(coverage))}</p>`;
}

function figures({ totals, previous }: ReportFacts, say: Speech): Markup {
  const { words } = say;
  const figure = (name: string, now: string, before: string | null, help: string | null = null) =>
    html`<div class="figure"><h2>${name}</h2><p class="now">${now}</p>${before === null ? null : html`<p class="small">${before} ${words.before}</p>`}${help === null ? null : html`<p class="small">${help}</p>`}</div>`;
  const sentiment = (value: number | null) => (value === null ? "—" : say.signed(value));
  const health = (value: number | null) => (value === null ? "—" : say.percent(value));
  return html`<section class="figures">${[
    figure(words.mentionsTitle, say.number(totals.total), say.number(previous.total)),
    figure(words.negative, say.number(totals.negative), say.number(previous.negative)),
    figure(
      words.netSentiment,
      sentiment(totals.netSentiment),
      sentiment(previous.netSentiment),
      words.netSentimentHelp,
    ),
    figure(words.health, health(totals.brandHealth), health(previous.brandHealth), words.healthHelp),
  ]}</section>`;
}

function trend({ series, totals }: ReportFacts, say: Speech): Markup {
  const { words } = say;
  if (totals.total === 0) return html`<section><h2>${words.rising}</h2><p>${words.nothing}</p></section>`;
  const bars = series.map(({ start, coverage, ...tones }) => ({
    ...tones,
    label: say.day(start),
    missing: coverage === 0,
  }));
  const legend = (["negative", "neutral", "positive"] as const).map(
    tone => html`<span class="key ${tone}"></span>${words[tone]} `,
  );
  return html`<section><h2>${words.rising}</h2>${toneChart(bars, words.chart, say.number)}<p class="small">${legend} · ${say.counted(totals.total, words.mentions)}</p></section>`;
}

type Row = readonly (string | Markup)[];

/** The first column is a name, the others are figures. */
const table = (head: readonly string[], rows: readonly Row[]): Markup =>
  html`<table><thead><tr>${head.map(name => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows.map(row => html`<tr>${row.map((cell, index) => (index === 0 ? html`<th scope="row">${cell}</th>` : html`<td>${cell}</td>`))}</tr>`)}</tbody></table>`;

const tonesHead = ({ words }: Speech): string[] => [
  words.mentionsTitle,
  words.positive,
  words.neutral,
  words.negative,
];
const tonesOf = ({ total, positive, neutral, negative }: Tones, { number }: Speech): string[] =>
  [total, positive, neutral, negative].map(number);

function sources({ sources: rows }: ReportFacts, say: Speech): Markup | null {
  if (rows.length === 0) return null;
  return html`<section><h2>${say.words.bySource}</h2>${table(
    [say.words.source, ...tonesHead(say)],
    rows.map(row => [row.name, ...tonesOf(row, say)]),
  )}</section>`;
}

function aspects({ aspects: rows, language }: ReportFacts, say: Speech): Markup | null {
  if (rows.length === 0) return null;
  return html`<section><h2>${say.words.byAspect}</h2>${table(
    [say.words.aspect, ...tonesHead(say), say.words.contribution],
    rows.map(row => [
      row.aspect === null ? say.words.otherAspects : aspectName(row.aspect, language),
      ...tonesOf(row, say),
      row.points === null ? "—" : say.signed(row.points),
    ]),
  )}</section>`;
}

function voices({ voices: rows }: ReportFacts, say: Speech): Markup | null {
  const { words } = say;
  if (rows.length < 2) return null;
  return html`<section><h2>${words.voice}</h2>${table(
    [words.brand, words.mentionsTitle, words.share],
    rows.map(({ name, unique, share }) => [
      name,
      say.number(unique),
      share === null ? "—" : say.percent(share),
    ]),
  )}<p class="small">${words.voiceHelp}</p></section>`;
}

/** Only what a browser may follow; the text of a link says no more than its place. */
const link = (url: string | null, text: string): Markup | null =>
  url !== null && /^https?:\/\//i.test(url)
    ? html` · <a href="${url}" rel="noopener noreferrer">${text}</a>`
    : null;

function negatives({ negatives: rows }: ReportFacts, say: Speech): Markup | null {
  if (rows === null) return null;
  const { words } = say;
  const items = rows.map(
    ({ at, source, author, text, url }) =>
      html`<article><p class="small">${say.moment(at)} · ${source} · ${author ?? words.unknownAuthor}${link(url, words.open)}</p><p class="quote">${text}</p></article>`,
  );
  return html`<section><h2>${words.latest}</h2>${items.length === 0 ? html`<p>${words.noNegatives}</p>` : items}</section>`;
}
