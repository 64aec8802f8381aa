import { problemsOfListeners } from "#store/bot-listener.ts";
import { channelsOfKind } from "#store/chat.ts";
import type { Db } from "#store/db.ts";
import type { ChannelRow } from "#store/delivery.ts";
import { ifReadable, openSettings } from "./channel-settings.ts";
import type { SecretBox } from "./deps.ts";

/** A bot and the chats in which channels use it. */
export interface Bot {
  id: string;
  token: string;
  channels: { id: string; chatId: string }[];
}

interface BotSettings {
  botToken: string;
  chatId: string | number;
  acknowledge: boolean;
}

/** The bot that hears the buttons of a channel's messages; null where they have none. */
function heardBy(row: ChannelRow, secrets: SecretBox): Bot | null {
  if (row.kind !== "telegram") return null;
  const { botToken, chatId, acknowledge } = openSettings(row, secrets) as BotSettings;
  const [id] = botToken.split(":") as [string];
  return acknowledge ? { id, token: botToken, channels: [{ id: row.id, chatId: String(chatId) }] } : null;
}

/** Bots of the channels whose messages have a button. */
export async function botsOf({ db, secrets }: { db: Db; secrets: SecretBox }): Promise<Bot[]> {
  const bots = new Map<string, Bot>();
  for (const row of await channelsOfKind(db, "telegram")) {
    const bot = ifReadable(() => heardBy(row, secrets));
    if (bot === null) continue;
    const known = bots.get(bot.token);
    if (known === undefined) bots.set(bot.token, bot);
    else known.channels.push(...bot.channels);
  }
  return [...bots.values()];
}

/** Why the buttons of these channels' messages are not heard, by channel; those that are heard are left out. */
export async function unheardChannels(
  db: Db,
  secrets: SecretBox,
  rows: readonly ChannelRow[],
): Promise<Map<string, string>> {
  const bots = rows.flatMap(row => ifReadable(() => heardBy(row, secrets)) ?? []);
  const problems = await problemsOfListeners(
    db,
    bots.map(bot => bot.id),
  );
  return new Map(
    bots.flatMap(({ id, channels: [channel] }) => {
      const problem = problems.get(id);
      return channel === undefined || problem === undefined ? [] : [[channel.id, problem] as const];
    }),
  );
}
