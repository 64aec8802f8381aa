import type { Member } from "#demo/forum.ts";
import { townOffsetMs } from "#demo/timeline.ts";
import { escapeMarkup } from "#domain/export/markup.ts";
import { isoSeconds } from "./markup.ts";

export const forumName = "Светлоречье.Форум";
export const topicsPerPage = 25;
export const postsPerPage = 10;

const styles = `body{font:14px/1.5 Verdana,sans-serif;max-width:60rem;margin:1rem auto;padding:0 1rem}
.post{background:#ecf3f7;margin:.3rem 0;padding:.7rem;overflow:auto}.postprofile{float:right;width:11rem;margin:0}
.postbody{margin-right:12rem}.pagination li{display:inline;margin-right:.5rem}ul{list-style:none;padding:0}
li.row{border-top:1px solid #ccc;padding:.4rem 0}dl,dd{margin:0}blockquote{background:#fff;padding:.5rem}`;

/** A page in the markup of phpBB 3.3's prosilver; `section` is what the body's class tells of the script. */
export function forumPage(section: string, title: string, feedUrl: string, body: string): string {
  return `<!DOCTYPE html>
<html dir="ltr" lang="ru">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeMarkup(title)} - ${forumName}</title>
<link rel="alternate" type="application/atom+xml" title="Лента - ${forumName}" href="${escapeMarkup(feedUrl)}">
<style>${styles}</style>
</head>
<body id="phpbb" class="nojs notouch section-${section} ltr">
<div id="wrap" class="wrap">
<div id="page-header"><h1><a href="./index.php">${forumName}</a></h1></div>
<div id="page-body" class="page-body" role="main">
${body}
</div>
<div id="page-footer" class="page-footer"><p>Часовой пояс: UTC+03:00</p></div>
</div>
</body>
</html>
`;
}

/** A link to a member's profile; whoever has a rank is coloured. */
export function memberLink({ id, name, rank }: Member): string {
  const look = rank === null ? 'class="username"' : 'style="color: #AA0000;" class="username-coloured"';
  return `<a href="./memberlist.php?mode=viewprofile&amp;u=${id}" ${look}>${escapeMarkup(name)}</a>`;
}

const months = ["янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек"];
const twoDigits = (number: number): string => String(number).padStart(2, "0");

/** "12 ноя 2026, 14:05" in the town's time, as the Russian language pack prints it. */
export function printedTime(at: Date): string {
  const local = new Date(at.getTime() + townOffsetMs);
  const date = `${twoDigits(local.getUTCDate())} ${months[local.getUTCMonth()]} ${local.getUTCFullYear()}`;
  return `${date}, ${twoDigits(local.getUTCHours())}:${twoDigits(local.getUTCMinutes())}`;
}

export const timeTag = (at: Date): string => `<time datetime="${isoSeconds(at)}">${printedTime(at)}</time>`;

/** The list of pages; `address` is the page's own address without `start`. */
export function pagination(count: number, start: number, perPage: number, address: string): string {
  const pageCount = Math.max(1, Math.ceil(count / perPage));
  if (pageCount === 1)
    return `<div class="pagination">Сообщений: ${count} &bull; Страница <strong>1</strong> из <strong>1</strong></div>`;
  const current = Math.floor(start / perPage);
  const link = (page: number, inner: string, rel = ""): string =>
    `<a class="button" href="${escapeMarkup(page === 0 ? address : `${address}&start=${page * perPage}`)}"${rel} role="button">${inner}</a>`;
  const numbers = Array.from({ length: pageCount }, (_, page) =>
    page === current
      ? `<li class="active"><span>${page + 1}</span></li>`
      : `<li>${link(page, String(page + 1))}</li>`,
  );
  const previous =
    current > 0 ? `<li class="arrow previous">${link(current - 1, "Пред.", ' rel="prev"')}</li>` : "";
  const next =
    current + 1 < pageCount ? `<li class="arrow next">${link(current + 1, "След.", ' rel="next"')}</li>` : "";
  return `<div class="pagination">Сообщений: ${count}<ul>${previous}${numbers.join("")}${next}</ul></div>`;
}
