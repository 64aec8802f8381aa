import { SourceChangedError } from "#domain/errors.ts";
import { loadXml } from "#sources/xml.ts";
import type { FeedReview, ReviewPage } from "./review.ts";

type Query = ReturnType<typeof loadXml>;
type Selection = ReturnType<Query>;

/** Reads a page of the feed's XML form, an Atom feed with Apple's own elements. */
export function readReviewXml(body: string): ReviewPage {
  const $ = loadXml(body);
  const feed = $.root().children("feed");
  if (!/customerreviews/i.test(feed.children("id").text())) {
    throw new SourceChangedError(
      "The reply is no page of App Store reviews: a feed whose id names customerreviews is expected.",
    );
  }
  if (!body.includes("</feed>"))
    throw new SourceChangedError("The page of App Store reviews ends before </feed>: it was cut off.");
  const entries = feed
    .children("entry")
    .toArray()
    .map(entry => $(entry));
  const app = entries.find(isApp);
  return {
    appName: app === undefined ? null : textIn(app, "im\\:name"),
    reviews: entries.filter(entry => !isApp(entry)).map(toReview),
  };
}

const isApp = (entry: Selection): boolean =>
  entry.children("im\\:name").length > 0 && entry.children("im\\:rating").length === 0;

function textIn(entry: Selection, selector: string): string | null {
  const found = entry.children(selector).first();
  return found.length === 0 ? null : found.text().trim();
}

/** The text comes twice: plain, and as an HTML table with the app's icon. */
function toReview(entry: Selection): FeedReview {
  const author = entry.children("author").first();
  return {
    id: textIn(entry, "id"),
    title: textIn(entry, "title"),
    text: textIn(entry, 'content[type="text"]'),
    rating: textIn(entry, "im\\:rating"),
    version: textIn(entry, "im\\:version"),
    authorName: textIn(author, "name"),
    authorUrl: textIn(author, "uri"),
    link: entry.children("link[href]").first().attr("href") ?? null,
    updated: textIn(entry, "updated"),
    voteSum: textIn(entry, "im\\:voteSum"),
    voteCount: textIn(entry, "im\\:voteCount"),
  };
}
