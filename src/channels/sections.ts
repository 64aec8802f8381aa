import type { AlertNote, Message, ReportNote } from "./define.ts";
import type { Markup } from "./markup.ts";
import { reportSections } from "./report.ts";
import { cleanBlock, cleanLine, cut, httpUrl } from "./text.ts";
import { type Language, moreOf, ratingOf, timeOf, titleOf, words } from "./wording.ts";

/** A message in a chat's markup; each part of `body` is at most 3,000 units. */
interface Sections {
  /** Words of ours only, not encoded; at most 150 units. */
  title: string;
  /** The title, and of a single alert the brand too, for a notification that shows no more. */
  summary: string;
  body: string[];
  /** Where a button leads; null for a group, whose items have their own links. */
  link: string | null;
}

/** Lengths in UTF-16 units of the markup; with our own words one alert stays under 4,000. */
const max = {
  brand: 150,
  name: 150,
  rating: 40,
  reason: 450,
  title: 200,
  text: 1000,
  excerpt: 160,
  author: 100,
  link: 500,
  id: 60,
};

/** More than ten alerts in one message are read by nobody; the rest is counted. */
const listedMax = 10;

/** Says the message in whole sections; a group lists as many alerts as `itemsMax` units hold and counts the rest. */
export function sectionsOf(
  message: Message,
  markup: Markup,
  limits: { itemsMax: number; linkInText: (url: string) => boolean },
): Sections {
  if (message.report) return ofReport(message, message.report, markup);
  const { language, notes, test } = message;
  const word = words[language];
  const [first] = notes;
  const total = Math.max(message.total, notes.length);
  const single = first !== undefined && total === 1 ? first : null;
  const link = single === null ? null : httpUrl(single.link, max.link);
  const noun = titleOf(language, kindOf(message), total);
  const title = test ? `${word.testTitle} ${noun}` : noun;
  const brand = single === null ? "" : line(markup, single.brandName, max.brand);
  return {
    title,
    summary: markup.encode(title) + (brand === "" ? "" : `: ${brand}`),
    body: [
      test ? markup.encode(word.test) : "",
      ...(single === null ? group(message, total, markup, limits.itemsMax) : alone(single, language, markup)),
      link !== null && limits.linkInText(link) ? linkOf(markup, link, word.open) : "",
      footer(message, single, markup),
    ].filter(part => part !== ""),
    link,
  };
}

function ofReport(message: Message, report: ReportNote, markup: Markup): Sections {
  const { title, body } = reportSections(message.language, report, markup);
  return {
    title,
    summary: `${markup.encode(title)}: ${line(markup, report.brandName, max.brand)}`,
    body: [...body, footer(message, null, markup)],
    link: null,
  };
}

/** What all of it is; empty when it is not one thing. */
const kindOf = ({ notes, mixed = false }: Message): string => (mixed ? "" : (notes[0]?.kind ?? ""));

/** Cuts a value to a line of the markup; nothing gives an empty one. */
function line(markup: Markup, text: string | null, maxLength: number): string {
  return text === null ? "" : cut(cleanLine(text), maxLength, markup.encode);
}

/** A broken link helps nobody: one that is too long, or not of the web, is left out. */
function linkOf(markup: Markup, url: string | null, label: string): string {
  const address = httpUrl(url, max.link);
  const link = address === null ? "" : markup.link(address, label);
  return link.length <= max.link ? link : "";
}

function alone(note: AlertNote, language: Language, markup: Markup): string[] {
  const word = words[language];
  const facts: [label: string, value: string][] = [
    [word.source, line(markup, note.source, max.name)],
    [word.rating, line(markup, note.rating && ratingOf(language, note.rating), max.rating)],
    [word.tone, note.tone === null ? "" : word.tones[note.tone]],
    [word.rule, line(markup, note.ruleName, max.name)],
    [word.firedAt, timeOf(language, note.firedAt)],
  ];
  return [
    lines(
      markup.strong(line(markup, note.brandName, max.brand)),
      cut(cleanBlock(note.reason), max.reason, markup.encode),
    ),
    lines(...facts.map(([label, value]) => labelled(label, value))),
    note.mention === null ? "" : quoted(note.mention, language, markup),
  ];
}

function quoted(mention: NonNullable<AlertNote["mention"]>, language: Language, markup: Markup): string {
  return lines(
    markup.strong(line(markup, mention.title, max.title)),
    markup.quote(cleanBlock(mention.text), max.text),
    labelled(words[language].author, line(markup, mention.authorName, max.author)),
    linkOf(markup, mention.url, words[language].original),
  );
}

function group(message: Message, total: number, markup: Markup, itemsMax: number): string[] {
  const { language, notes } = message;
  const items: string[] = [];
  let room = itemsMax;
  for (const note of notes.slice(0, listedMax)) {
    const item = `${items.length + 1}. ${itemOf(note, language, markup)}`;
    if (item.length > room) break;
    items.push(item);
    room -= item.length;
  }
  const rest = total - items.length;
  const [first] = notes;
  const rule = notes.every(note => note.ruleName === first?.ruleName) ? (first?.ruleName ?? null) : null;
  return [
    labelled(words[language].rule, line(markup, rule, max.name)),
    ...items,
    rest > 0 ? markup.encode(moreOf(language, kindOf(message), rest)) : "",
  ];
}

/** A rating says more than the tone drawn from it, so a list shows the tone only where there is no rating. */
function itemOf(note: AlertNote, language: Language, markup: Markup): string {
  const facts = [
    markup.strong(line(markup, note.brandName, max.brand)),
    line(markup, note.source, max.name),
    line(markup, note.rating && ratingOf(language, note.rating), max.rating),
    note.rating !== null || note.tone === null ? "" : words[language].tones[note.tone],
  ];
  return lines(
    facts.filter(fact => fact !== "").join(" · "),
    line(markup, note.reason, max.excerpt),
    note.mention === null ? "" : markup.quote(cleanLine(note.mention.text), max.excerpt),
    linkOf(markup, note.link, words[language].open),
  );
}

/** Chats know no idempotency: the id lets people see that a message came twice. */
function footer(message: Message, single: AlertNote | null, markup: Markup): string {
  const word = words[message.language];
  return single === null
    ? labelled(word.delivery, line(markup, message.deliveryId, max.id))
    : labelled(word.alert, line(markup, single.id, max.id));
}

function labelled(label: string, value: string): string {
  return value === "" ? "" : `${label}: ${value}`;
}

function lines(...parts: string[]): string {
  return parts.filter(part => part !== "").join("\n");
}
