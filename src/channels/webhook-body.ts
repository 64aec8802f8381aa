import type { AlertNote, Message, ReportNote } from "./define.ts";
import { cleanText, cut, httpUrl, readMax } from "./text.ts";

/** Standard Webhooks asks for payloads under 20 kB. */
const maxBytes = 19_900;

/** Units of a mention's text, tried in turn: one alert always fits with the second (a unit is at most 3 bytes). */
const textLimits = [4000, 1500, 500];

const asIs = (text: string): string => text;
const capped = (text: string, maxLength: number): string => cut(cleanText(text), maxLength, asIs);

/**
 * The payload: a pure function of the message, so every attempt sends the same bytes.
 * `data.total` counts all alerts, `data.omitted` those left out for size; a text cut short says `textCut`.
 */
export function webhookBody(message: Message): string {
  if (message.report) return reportBody(message.report);
  let alerts: string[] = [];
  for (const limit of textLimits) {
    alerts = fitting(message.notes, limit);
    if (alerts.length === message.notes.length) break;
  }
  return envelope(message, alerts);
}

/** The figures of the period and of the one before, and where the whole report is. */
function reportBody(report: ReportNote): string {
  const { brandId, brandName, every, from, to, timezone, madeAt, totals, previous, link } = report;
  return JSON.stringify({
    type: "report.ready",
    timestamp: madeAt.toISOString(),
    data: {
      brand: { id: brandId, name: capped(brandName, 150) },
      every,
      from: from.toISOString(),
      to: to.toISOString(),
      timezone,
      figures: totals,
      previous,
      link: httpUrl(link, 2000),
    },
  });
}

function envelope(message: Message, alerts: readonly string[]): string {
  const firedAt = message.notes.map(note => note.firedAt.getTime());
  const total = Math.max(message.total, message.notes.length);
  const head = JSON.stringify({
    type: message.notes[0]?.kind === "channel-broken" ? "channel.broken" : "alert.fired",
    timestamp: new Date(firedAt.length === 0 ? 0 : Math.max(...firedAt)).toISOString(),
  });
  const counts = JSON.stringify({ test: message.test, total, omitted: total - alerts.length });
  return `${head.slice(0, -1)},"data":${counts.slice(0, -1)},"alerts":[${alerts.join(",")}]}}`;
}

/** The first alerts, as JSON, that together leave room for the envelope. */
function fitting(notes: readonly AlertNote[], textLimit: number): string[] {
  const alerts: string[] = [];
  let room = maxBytes - 300;
  for (const note of notes) {
    const alert = JSON.stringify(alertJson(note, textLimit));
    room -= Buffer.byteLength(alert) + 1;
    if (room < 0) break;
    alerts.push(alert);
  }
  return alerts;
}

function alertJson(note: AlertNote, textLimit: number): Record<string, unknown> {
  return {
    id: capped(note.id, 100),
    kind: capped(note.kind, 60),
    rule: capped(note.ruleName, 150),
    brand: capped(note.brandName, 150),
    firedAt: note.firedAt.toISOString(),
    reason: capped(note.reason, 500),
    source: note.source === null ? null : capped(note.source, 150),
    tone: note.tone,
    rating: note.rating,
    link: httpUrl(note.link, 800),
    ids: idsOf(note.ids),
    mention: note.mention === null ? null : mentionJson(note.mention, textLimit),
  };
}

function mentionJson(mention: NonNullable<AlertNote["mention"]>, textLimit: number): Record<string, unknown> {
  const text = cleanText(mention.text);
  return {
    title: mention.title === null ? null : capped(mention.title, 200),
    text: cut(text, textLimit, asIs),
    textCut: text.length > textLimit || mention.text.length > readMax,
    authorName: mention.authorName === null ? null : capped(mention.authorName, 150),
    url: httpUrl(mention.url, 2000),
  };
}

function idsOf(ids: Record<string, string>): Record<string, string> {
  const entries = Object.entries(ids).slice(0, 8);
  return Object.fromEntries(entries.map(([name, id]) => [capped(name, 30), capped(id, 100)]));
}
