import { fractionOf } from "#demo/seed.ts";
import { versionAt } from "#demo/timeline.ts";
import type { Entry } from "#demo/world.ts";
import { escapeMarkup } from "#domain/export/markup.ts";
import { htmlType, isoSeconds, latest, type Page, withBreaks } from "./markup.ts";

export interface Channel {
  name: string;
  title: string;
  about: string;
  subscribers: string;
  entries: "ru" | "en";
}

export const channels: readonly Channel[] = [
  {
    name: "svetlorechye_eda",
    title: "Светлоречье. Где поесть",
    about: "Еда в городе: честно и за свои деньги",
    subscribers: "8.4K",
    entries: "ru",
  },
  {
    name: "svetlorechye_en",
    title: "Svetlorechye in English",
    about: "One post a day about living here",
    subscribers: "912",
    entries: "en",
  },
];

const perPage = 20;

/** The public preview `/s/<channel>`: the latest posts, or the latest ones older than number `before`. */
export function channelPage(
  channel: Channel,
  entries: readonly Entry[],
  before: number | null,
  baseUrl: string,
  now: Date,
): Page {
  const seen = entries.filter(
    ({ id, publishedAt }) => publishedAt <= now && (before === null || id < before),
  );
  const shown = seen.slice(-perPage);
  const oldest = shown[0];
  const older = oldest !== undefined && seen.length > shown.length ? oldest.id : null;
  const title = escapeMarkup(channel.title);
  const body = `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<title>${title} – Telegram</title>
<meta property="og:title" content="${title}">
${older === null ? "" : `<link rel="prev" href="/s/${channel.name}?before=${older}">`}
<link rel="canonical" href="/s/${channel.name}">
</head>
<body class="widget_frame_base tgme_webpreview">
<aside class="tgme_right_column"><div class="tgme_channel_info">
<div class="tgme_channel_info_header"><div class="tgme_channel_info_header_title"><span dir="auto">${title}</span></div>
<div class="tgme_channel_info_header_username"><a href="${escapeMarkup(baseUrl)}/${channel.name}">@${channel.name}</a></div></div>
<div class="tgme_channel_info_counters"><div class="tgme_channel_info_counter"><span class="counter_value">${channel.subscribers}</span> <span class="counter_type">subscribers</span></div></div>
<div class="tgme_channel_info_description">${escapeMarkup(channel.about)}</div>
</div></aside>
<main class="tgme_main"><section class="tgme_channel_history js-message_history">
${older === null ? "" : moreLink(channel, older)}
${shown.map(entry => message(channel, entry, baseUrl, now)).join("\n")}
${shown.length === 0 ? '<div class="tgme_widget_message_wrap"><div class="tme_no_messages_found">No posts found</div></div>' : ""}
</section></main>
</body>
</html>
`;
  return { type: htmlType, body, changedAt: latest(changesOf(shown), now) };
}

const changesOf = (entries: readonly Entry[]): Date[] =>
  entries.flatMap(({ versions }) => versions.map(({ at }) => at));

const moreLink = (channel: Channel, before: number): string =>
  `<div class="tgme_widget_message_centered js-messages_more_wrap"><a href="/s/${channel.name}?before=${before}" class="tme_messages_more js-messages_more" data-before="${before}"></a></div>`;

function message(channel: Channel, entry: Entry, baseUrl: string, now: Date): string {
  const version = versionAt(entry.versions, now);
  const isEdited = version !== undefined && version.at > entry.publishedAt;
  const address = `${baseUrl}/${channel.name}/${entry.id}`;
  return `<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message text_not_supported_wrap js-widget_message" data-post="${channel.name}/${entry.id}">
<div class="tgme_widget_message_bubble">
<div class="tgme_widget_message_author accent_color"><a class="tgme_widget_message_owner_name" href="${escapeMarkup(`${baseUrl}/${channel.name}`)}"><span dir="auto">${escapeMarkup(channel.title)}</span></a></div>
<div class="tgme_widget_message_text js-message_text" dir="auto">${withBreaks(version?.text ?? "")}</div>
<div class="tgme_widget_message_footer compact js-message_footer"><div class="tgme_widget_message_info short js-message_info"><span class="tgme_widget_message_views">${viewsOf(entry)}</span><span class="copyonly"> views</span><span class="tgme_widget_message_meta">${isEdited ? "edited " : ""}<a class="tgme_widget_message_date" href="${escapeMarkup(address)}"><time datetime="${isoSeconds(entry.publishedAt)}" class="time">${entry.publishedAt.toISOString().slice(11, 16)}</time></a></span></div></div>
</div></div></div>`;
}

/** "1.2K": one number per post for good, as a changing one would make each page look new. */
const viewsOf = (entry: Entry): string => `${(1 + 6 * fractionOf(`views ${entry.id}`)).toFixed(1)}K`;
