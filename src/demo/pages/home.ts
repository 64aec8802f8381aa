import { escapeMarkup } from "#domain/export/markup.ts";
import { app } from "./app-store.ts";
import { channels } from "./channel.ts";
import { htmlType, type Page } from "./markup.ts";

/** The start page: what the demo's web consists of. */
export function homePage(baseUrl: string): Page {
  const links: readonly (readonly [path: string, name: string])[] = [
    ["/forum/", "Форум города"],
    ["/news/ru/rss.xml", "Новости, RSS"],
    ["/news/en/rss.xml", "News in English, RSS"],
    ...channels.map(({ name, title }) => [`/s/${name}`, title] as const),
    [`/ru/rss/customerreviews/page=1/id=${app.id}/sortby=mostrecent/json`, "Отзывы о приложении, витрина ru"],
    [`/us/rss/customerreviews/page=1/id=${app.id}/sortby=mostrecent/json`, "App reviews, storefront us"],
  ];
  const items = links.map(
    ([path, name]) => `<li><a href="${escapeMarkup(baseUrl + path)}">${escapeMarkup(name)}</a></li>`,
  );
  const body = `<!DOCTYPE html>
<html lang="ru">
<head><meta charset="utf-8"><title>Светлоречье: учебная сеть Molva</title></head>
<body><h1>Светлоречье</h1><p>Выдуманный город, выдуманные люди и компании: страницы для демонстрации Molva.</p>
<ul>${items.join("\n")}</ul></body>
</html>
`;
  return { type: htmlType, body, changedAt: null };
}

/** Everything may be read but what a forum closes as well. */
export const robotsPage = (): Page => ({
  type: "text/plain; charset=utf-8",
  body: "User-agent: *\nDisallow: /forum/search.php\nDisallow: /forum/ucp.php\nDisallow: /forum/posting.php\n",
  changedAt: null,
});
