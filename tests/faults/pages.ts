import { appId, channelName, type Written } from "./texts.ts";

const seconds = (at: Date): string => at.toISOString().replace(".000Z", "+00:00");

/** An RSS feed with all texts of the place, the newest first. */
export function feedPage(texts: readonly Written[], origin: string): string {
  const items = texts.toReversed().map(
    ({ externalId, n, text, at }) => `<item>
<guid isPermaLink="false">${externalId}</guid><link>${origin}/comments/${n}</link>
<title>Отзыв ${n}</title><description>${text}</description>
<author>guest${n}@mail.example (Гость ${n})</author><pubDate>${at.toUTCString()}</pubDate>
</item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Отзывы</title><link>${origin}</link><description>Отзывы</description>
${items.join("\n")}
</channel></rss>`;
}

const reviewsPerPage = 50;

/** A page of Apple's review feed: the latest written or edited first. */
export function reviewPage(texts: readonly Written[], page: number, origin: string): string {
  const shown = texts
    .toSorted((a, b) => b.at.getTime() - a.at.getTime())
    .slice((page - 1) * reviewsPerPage, page * reviewsPerPage);
  const entries = shown.map(
    ({ externalId, n, text, at, negative }) => `<entry>
<updated>${seconds(at)}</updated><id>${externalId}</id><title>Отзыв ${n}</title>
<content type="text">${text}</content>
<im:rating>${negative ? 1 : 5}</im:rating><im:version>1.0</im:version>
<im:voteSum>0</im:voteSum><im:voteCount>0</im:voteCount>
<author><name>Гость ${n}</name><uri>${origin}/ru/reviews/id${n + 1}</uri></author>
</entry>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns:im="http://itunes.apple.com/rss" xmlns="http://www.w3.org/2005/Atom">
<id>${origin}/ru/rss/customerreviews/page=${page}/id=${appId}/sortby=mostrecent/xml</id>
<title>iTunes Store: Customer Reviews</title><updated>${seconds(shown[0]?.at ?? new Date(0))}</updated>
${entries.join("\n")}
</feed>`;
}

const postsPerPage = 20;

/** The preview of a channel: the latest posts, or the latest before number `before`, the oldest first. */
export function channelPage(texts: readonly Written[], before: number | null, origin: string): string {
  const older = texts.filter(({ n }) => before === null || n < before);
  const shown = older.slice(-postsPerPage);
  const oldest = shown[0]?.n ?? 0;
  const posts = shown.map(
    ({ n, text, at }) => `<div class="tgme_widget_message_wrap js-widget_message_wrap">
<div class="tgme_widget_message js-widget_message" data-post="${channelName}/${n}">
<div class="tgme_widget_message_text js-message_text" dir="auto">${text}</div>
<a class="tgme_widget_message_date" href="${origin}/${channelName}/${n}"><time datetime="${seconds(at)}"></time></a>
</div></div>`,
  );
  return `<!DOCTYPE html><html><head><meta charset="utf-8"><meta property="og:title" content="Прибрежные новости">
${older.length > shown.length ? `<link rel="prev" href="/s/${channelName}?before=${oldest}">` : ""}</head>
<body><div class="tgme_channel_info"><div class="tgme_channel_info_header_title">Прибрежные новости</div></div>
<section class="tgme_channel_history">${posts.join("\n")}</section></body></html>`;
}
