import { changedAt, type SeenPost, type SeenTopic, titleOf } from "#demo/forum-view.ts";
import { escapeMarkup } from "#domain/export/markup.ts";
import { forumName, printedTime } from "./forum-frame.ts";
import { postBody } from "./forum-topic.ts";
import { isoSeconds, type Page } from "./markup.ts";

/** phpBB's `feed_limit_post`. */
const feedLimit = 15;

/** `feed.php`: Atom with the newest posts of the given topics; `baseUrl` is the forum's own, without a slash at the end. */
export function forumFeed(topics: readonly SeenTopic[], self: string, baseUrl: string, now: Date): Page {
  const posts = topics
    .flatMap(topic => topic.posts.map(post => ({ topic, post })))
    .toSorted((a, b) => b.post.publishedAt.getTime() - a.post.publishedAt.getTime() || b.post.id - a.post.id)
    .slice(0, feedLimit);
  const newest = posts.reduce<Date | null>(
    (found, { post }) => (found === null || changedAt(post) > found ? changedAt(post) : found),
    null,
  );
  const body = `<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ru">
<link rel="self" type="application/atom+xml" href="${escapeMarkup(self)}" />
<title>${forumName}</title>
<link href="${escapeMarkup(`${baseUrl}/index.php`)}" />
<updated>${isoSeconds(newest ?? now)}</updated>
<author><name>${forumName}</name></author>
<id>${escapeMarkup(self)}</id>
${posts.map(({ topic, post }) => entry(topic, post, baseUrl)).join("\n")}
</feed>
`;
  return { type: "application/atom+xml; charset=utf-8", body, changedAt: newest };
}

function entry(topic: SeenTopic, post: SeenPost, baseUrl: string): string {
  const { board } = topic;
  const link = escapeMarkup(`${baseUrl}/viewtopic.php?p=${post.id}#p${post.id}`);
  const profile = escapeMarkup(`${baseUrl}/memberlist.php?mode=viewprofile&u=${post.author.id}`);
  const statistics = `<p>Статистика: Добавлено <a href="${profile}">${escapeMarkup(post.author.name)}</a> — ${printedTime(post.publishedAt)}</p><hr />`;
  return `<entry>
<author><name>${escapeMarkup(post.author.name)}</name></author>
<updated>${isoSeconds(changedAt(post))}</updated>
<published>${isoSeconds(post.publishedAt)}</published>
<id>${link}</id>
<link href="${link}"/>
<title type="html">${escapeMarkup(escapeMarkup(`${board.name} • ${titleOf(topic, post)}`))}</title>
<category term="${escapeMarkup(board.name)}" scheme="${escapeMarkup(`${baseUrl}/viewforum.php?f=${board.id}`)}" label="${escapeMarkup(board.name)}"/>
<content type="html" xml:base="${link}">${escapeMarkup(postBody(post) + statistics)}</content>
</entry>`;
}
