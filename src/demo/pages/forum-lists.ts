import { type Board, boards } from "#demo/forum.ts";
import { changedAt, type SeenTopic } from "#demo/forum-view.ts";
import { fractionOf } from "#demo/seed.ts";
import { escapeMarkup } from "#domain/export/markup.ts";
import { forumPage, memberLink, pagination, postsPerPage, timeTag, topicsPerPage } from "./forum-frame.ts";
import { htmlType, latest, type Page, slicePage } from "./markup.ts";

/** `index.php`: the boards with their counts. */
export function indexPage(topics: readonly SeenTopic[], now: Date): Page {
  const rows = Object.values(boards).map(board => boardRow(board, topics));
  const body = `<div class="forabg"><div class="inner">
<ul class="topiclist"><li class="header"><dl class="row-item"><dt>Форум</dt><dd class="topics">Темы</dd><dd class="posts">Сообщения</dd><dd class="lastpost">Последнее сообщение</dd></dl></li></ul>
<ul class="topiclist forums">
${rows.join("\n")}
</ul>
</div></div>`;
  return {
    type: htmlType,
    body: forumPage("index", "Список форумов", "./feed.php", body),
    changedAt: latest(
      topics.map(topic => topic.last.publishedAt),
      now,
    ),
  };
}

function boardRow(board: Board, topics: readonly SeenTopic[]): string {
  const own = topics.filter(topic => topic.board === board);
  const postCount = own.reduce((sum, topic) => sum + topic.posts.length, 0);
  return `<li class="row"><dl class="row-item forum_read">
<dt><div class="list-inner"><a href="./viewforum.php?f=${board.id}" class="forumtitle">${escapeMarkup(board.name)}</a><br>${escapeMarkup(board.about)}</div></dt>
<dd class="topics">${own.length} <dfn>Темы</dfn></dd><dd class="posts">${postCount} <dfn>Сообщения</dfn></dd>
<dd class="lastpost">${own[0] ? lastPost(own[0]) : "Нет сообщений"}</dd>
</dl></li>`;
}

const lastPost = ({ last }: SeenTopic): string =>
  `<span><dfn>Последнее сообщение </dfn>${memberLink(last.author)} <a href="./viewtopic.php?p=${last.id}#p${last.id}" title="Перейти к последнему сообщению">&raquo;</a><br>${timeTag(last.publishedAt)}</span>`;

/** `viewforum.php?f=…&start=…`: the topics of a board, the newest post first. */
export function boardPage(board: Board, topics: readonly SeenTopic[], start: number, now: Date): Page {
  const own = topics.filter(topic => topic.board === board);
  const shown = slicePage(own, start, topicsPerPage);
  const pages = pagination(own.length, start, topicsPerPage, `./viewforum.php?f=${board.id}`);
  const body = `<h2 class="forum-title"><a href="./viewforum.php?f=${board.id}">${escapeMarkup(board.name)}</a></h2>
<div class="action-bar bar-top">${pages}</div>
<div class="forumbg"><div class="inner">
<ul class="topiclist"><li class="header"><dl class="row-item"><dt><div class="list-inner">Темы</div></dt><dd class="posts">Ответы</dd><dd class="views">Просмотры</dd><dd class="lastpost"><span>Последнее сообщение</span></dd></dl></li></ul>
<ul class="topiclist topics">
${shown.map(topicRow).join("\n")}
</ul>
</div></div>
<div class="action-bar bar-bottom">${pages}</div>`;
  return {
    type: htmlType,
    body: forumPage("viewforum", board.name, `./feed.php?f=${board.id}`, body),
    changedAt: latest(
      own.flatMap(topic => topic.posts.map(changedAt)),
      now,
    ),
  };
}

function topicRow(topic: SeenTopic): string {
  const { id, board, title, first, posts } = topic;
  const viewCount = posts.length * (20 + Math.floor(40 * fractionOf(title)));
  const address = escapeMarkup(`./viewtopic.php?f=${board.id}&t=${id}`);
  return `<li class="row bg${(id % 2) + 1}"><dl class="row-item topic_read">
<dt title="Нет непрочитанных сообщений"><div class="list-inner"><a href="${address}" class="topictitle">${escapeMarkup(title)}</a>
<div class="topic-poster responsive-hide left-box">${memberLink(first.author)} &raquo; ${timeTag(first.publishedAt)}</div>
${innerPages(posts.length, address)}</div></dt>
<dd class="posts">${posts.length - 1} <dfn>Ответы</dfn></dd>
<dd class="views">${viewCount} <dfn>Просмотры</dfn></dd>
<dd class="lastpost">${lastPost(topic)}</dd>
</dl></li>`;
}

/** Links to the pages of a long topic, beside its title. */
function innerPages(postCount: number, address: string): string {
  const pageCount = Math.ceil(postCount / postsPerPage);
  if (pageCount < 2) return "";
  const links = Array.from({ length: pageCount }, (_, page) => {
    const start = page === 0 ? "" : `&amp;start=${page * postsPerPage}`;
    return `<li><a class="button" href="${address}${start}">${page + 1}</a></li>`;
  });
  return `<div class="pagination"><ul>${links.join("")}</ul></div>`;
}
