import { escapeMarkup } from "#domain/export/markup.ts";
import { app, type FeedForm, type ReviewFeed, type ReviewSeen } from "./app-store.ts";
import { isoSeconds, type Page } from "./markup.ts";

/** The feed in one of Apple's two forms; `now` dates a feed without reviews. */
export function writeReviews(form: FeedForm, feed: ReviewFeed, now: Date): Page {
  return form === "json" ? asJson(feed, now) : asXml(feed, now);
}

const feedTitle = "iTunes Store: Customer Reviews";

const labelled = (label: string): { label: string } => ({ label });

function asJson(feed: ReviewFeed, now: Date): Page {
  const application = {
    "im:name": labelled(app.name),
    id: labelled(String(app.id)),
    title: labelled(app.name),
  };
  const body = {
    feed: {
      author: { name: labelled("iTunes Store"), uri: labelled("https://www.apple.com/itunes/") },
      entry: [application, ...feed.reviews.map(review => jsonEntry(review, feed))],
      updated: labelled(isoSeconds(feed.updatedAt ?? now)),
      title: labelled(feedTitle),
      link: feed.links.map(([rel, href]) => ({ attributes: { rel, href } })),
      id: labelled(feed.self),
    },
  };
  return { type: "text/javascript; charset=utf-8", body: JSON.stringify(body), changedAt: feed.updatedAt };
}

const jsonEntry = (review: ReviewSeen, { reviewUrl }: ReviewFeed): object => ({
  author: { uri: labelled(review.authorUrl), name: labelled(review.author), label: "" },
  updated: labelled(isoSeconds(review.updatedAt)),
  "im:rating": labelled(String(review.stars)),
  "im:version": labelled(app.version),
  id: labelled(String(review.id)),
  title: labelled(review.title),
  content: { label: review.text, attributes: { type: "text" } },
  link: { attributes: { rel: "related", href: reviewUrl } },
  "im:voteSum": labelled(String(review.voteCount)),
  "im:contentType": { attributes: { term: "Application", label: "Application" } },
  "im:voteCount": labelled(String(review.voteCount)),
});

function asXml(feed: ReviewFeed, now: Date): Page {
  const links = feed.links.map(([rel, href]) => `<link rel="${rel}" href="${escapeMarkup(href)}"/>`);
  const body = `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns:im="http://itunes.apple.com/rss" xmlns="http://www.w3.org/2005/Atom">
<id>${escapeMarkup(feed.self)}</id><title>${feedTitle}</title><updated>${isoSeconds(feed.updatedAt ?? now)}</updated>
${links.join("")}
<author><name>iTunes Store</name><uri>https://www.apple.com/itunes/</uri></author>
<entry><id>${app.id}</id><title>${escapeMarkup(app.name)}</title><im:name>${escapeMarkup(app.name)}</im:name></entry>
${feed.reviews.map(review => xmlEntry(review, feed)).join("\n")}
</feed>
`;
  return { type: "text/xml; charset=utf-8", body, changedAt: feed.updatedAt };
}

const xmlEntry = (review: ReviewSeen, { reviewUrl }: ReviewFeed): string => `<entry>
<updated>${isoSeconds(review.updatedAt)}</updated>
<id>${review.id}</id>
<title>${escapeMarkup(review.title)}</title>
<content type="text">${escapeMarkup(review.text)}</content>
<im:contentType term="Application" label="Application"/>
<im:voteSum>${review.voteCount}</im:voteSum>
<im:voteCount>${review.voteCount}</im:voteCount>
<im:rating>${review.stars}</im:rating>
<im:version>${app.version}</im:version>
<author><name>${escapeMarkup(review.author)}</name><uri>${escapeMarkup(review.authorUrl)}</uri></author>
<link rel="related" href="${escapeMarkup(reviewUrl)}"/>
<content type="html">${escapeMarkup(`<b>${escapeMarkup(review.title)}</b><br/>${escapeMarkup(review.text)}`)}</content>
</entry>`;
