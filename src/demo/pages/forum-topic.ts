import { changedAt, type SeenPost, type SeenTopic, titleOf } from "#demo/forum-view.ts";
import { escapeMarkup } from "#domain/export/markup.ts";
import { forumPage, memberLink, pagination, postsPerPage, timeTag } from "./forum-frame.ts";
import { htmlType, latest, type Page, slicePage, withBreaks } from "./markup.ts";

/** `viewtopic.php?t=…&start=…`: the posts of a topic, oldest first. */
export function topicPage(topic: SeenTopic, start: number, now: Date): Page {
  const { id, board, title, posts } = topic;
  const shown = slicePage(posts, start, postsPerPage);
  const address = `./viewtopic.php?f=${board.id}&t=${id}`;
  const pages = pagination(posts.length, start, postsPerPage, address);
  const body = `<ul id="nav-breadcrumbs"><li class="breadcrumbs"><span class="crumb"><a href="./viewforum.php?f=${board.id}">${escapeMarkup(board.name)}</a></span></li></ul>
<h2 class="topic-title"><a href="${escapeMarkup(address)}">${escapeMarkup(title)}</a></h2>
<div class="action-bar bar-top">${pages}</div>
${shown.map((post, index) => postBlock(topic, post, start + index)).join('\n<hr class="divider">\n')}
<div class="action-bar bar-bottom">${pages}</div>`;
  return {
    type: htmlType,
    body: forumPage("viewtopic", title, `./feed.php?f=${board.id}&t=${id}`, body),
    changedAt: latest(posts.map(changedAt), now),
  };
}

/** Where the page begins that shows the post of that index. */
export const pageStart = (index: number): number => Math.floor(index / postsPerPage) * postsPerPage;

function postBlock(topic: SeenTopic, post: SeenPost, index: number): string {
  const { id, author, publishedAt } = post;
  return `<div id="p${id}" class="post has-profile bg${(index % 2) + 1}"><div class="inner">
<dl class="postprofile" id="profile${id}">
<dt class="${author.rank === null ? "no-profile-rank" : "has-profile-rank"} no-avatar">${memberLink(author)}</dt>
${author.rank === null ? "" : `<dd class="profile-rank">${escapeMarkup(author.rank)}</dd>`}
</dl>
<div class="postbody"><div id="post_content${id}">
<h3${index === 0 ? ' class="first"' : ""}><a href="./viewtopic.php?p=${id}#p${id}">${escapeMarkup(titleOf(topic, post))}</a></h3>
<p class="author"><a class="unread" href="./viewtopic.php?p=${id}#p${id}" title="Сообщение"><span class="sr-only">Сообщение</span></a> <span class="responsive-hide"><strong>${memberLink(author)}</strong> &raquo; </span>${timeTag(publishedAt)}</p>
<div class="content">${postBody(post)}</div>
${editNotice(post)}
</div></div>
</div></div>`;
}

/** What is inside a post's `.content`: the quotation, then the text. */
export function postBody({ text, quoted }: SeenPost): string {
  const quotation =
    quoted === null
      ? ""
      : `<blockquote><div><cite>${memberLink(quoted.author)} писал(а): <a href="./viewtopic.php?p=${quoted.id}#p${quoted.id}" data-post-id="${quoted.id}">&uarr;</a></cite>${withBreaks(quoted.text)}</div></blockquote>`;
  return quotation + withBreaks(text);
}

/** With a marked time, to the second: what is printed ends with minutes, and an answer may come between. */
const editNotice = ({ author, editedAt }: SeenPost): string =>
  editedAt === null
    ? ""
    : `<div class="notice">Последний раз редактировалось ${memberLink(author)} ${timeTag(editedAt)}, всего редактировалось 1 раз.</div>`;
