import { versionAt } from "#demo/timeline.ts";
import type { Entry } from "#demo/world.ts";
import { escapeMarkup } from "#domain/export/markup.ts";
import { htmlType, latest, type Page, withBreaks } from "./markup.ts";

export type NewsLanguage = "ru" | "en";

const newspapers: Readonly<Record<NewsLanguage, { name: string; about: string }>> = {
  ru: { name: "Светлоречье сегодня", about: "Новости города" },
  en: { name: "The Svetlorechye Post", about: "News of the town in English" },
};

const feedLimit = 100;

/** RSS 2.0 with the articles that are out at `now`, newest first; `baseUrl` is the site's, without a slash at the end. */
export function newsFeed(
  language: NewsLanguage,
  entries: readonly Entry[],
  baseUrl: string,
  now: Date,
): Page {
  const { name, about } = newspapers[language];
  const seen = entries
    .filter(({ publishedAt }) => publishedAt <= now)
    .toReversed()
    .slice(0, feedLimit);
  const changedAt = latest(
    seen.map(({ publishedAt }) => publishedAt),
    now,
  );
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
<title>${escapeMarkup(name)}</title>
<link>${escapeMarkup(`${baseUrl}/news/${language}`)}</link>
<description>${escapeMarkup(about)}</description>
<language>${language}</language>
${changedAt === null ? "" : `<lastBuildDate>${changedAt.toUTCString()}</lastBuildDate>`}
${seen.map(one => feedItem(language, one, baseUrl, now)).join("\n")}
</channel>
</rss>
`;
  return { type: "application/rss+xml; charset=utf-8", body, changedAt };
}

/** The id names no host, so that it stays the same when the demo listens elsewhere. */
function feedItem(language: NewsLanguage, entry: Entry, baseUrl: string, now: Date): string {
  const text = versionAt(entry.versions, now)?.text ?? "";
  const author = entry.author === null ? "" : `<dc:creator>${escapeMarkup(entry.author)}</dc:creator>\n`;
  return `<item>
<title>${escapeMarkup(entry.title)}</title>
<link>${escapeMarkup(`${baseUrl}/news/${language}/${entry.id}`)}</link>
<guid isPermaLink="false">svetlorechye-news-${language}-${entry.id}</guid>
<pubDate>${entry.publishedAt.toUTCString()}</pubDate>
${author}<description>${escapeMarkup(firstSentence(text))}</description>
<content:encoded>${escapeMarkup(`<p>${withBreaks(text)}</p>`)}</content:encoded>
</item>`;
}

const firstSentence = (text: string): string => /^.{20,}?[.!?…](?=\s|$)/.exec(text)?.[0] ?? text;

/** The page of one article. */
export function articlePage(language: NewsLanguage, entry: Entry, now: Date): Page {
  const text = versionAt(entry.versions, now)?.text ?? "";
  const title = escapeMarkup(entry.title);
  const body = `<!DOCTYPE html>
<html lang="${language}">
<head><meta charset="utf-8"><title>${title} - ${escapeMarkup(newspapers[language].name)}</title></head>
<body><article><h1>${title}</h1><p><time datetime="${entry.publishedAt.toISOString()}">${entry.publishedAt.toISOString().slice(0, 10)}</time></p>
<p>${withBreaks(text)}</p></article></body>
</html>
`;
  return { type: htmlType, body, changedAt: entry.publishedAt };
}
