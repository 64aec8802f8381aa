import { setTimeout as sleep } from "node:timers/promises";
import type { ChannelRequest } from "#channels/define.ts";
import { pressText } from "#channels/press-words.ts";
import {
  type BotUpdate,
  type Heard,
  holdSeconds,
  pressAnswer,
  readUpdates,
  updatesRequest,
} from "#channels/telegram-updates.ts";
import { MolvaError } from "#domain/errors.ts";
import { holdsListener, moveListener, noteHeard, restListener, takeListener } from "#store/bot-listener.ts";
import { inTransaction } from "#store/db.ts";
import { newId } from "#store/id.ts";
import { type Bot, botsOf } from "./bots.ts";
import { pressAck } from "./chat-press.ts";
import type { Deps } from "./deps.ts";
import type { NotifyDeps } from "./sending/deps.ts";

export type ListenDeps = Pick<NotifyDeps, "db" | "clock" | "log" | "secrets" | "net" | "telegramApi"> &
  Pick<Deps, "enqueue">;

/** Bots that channels use are looked for so often. */
const lookEveryMs = 5_000;
/** Longer than one question to Telegram takes. */
const leasedMs = 45_000;
const askMs = (holdSeconds + 10) * 1000;
const answerMs = 10_000;
const faultRestMs = 10_000;
/** Rest after a conflict: another of our notifiers has just taken over, or another program has the bot. */
const conflictRestsMs = [5_000, 30_000, 120_000, 600_000];

type Press = NonNullable<BotUpdate["press"]>;

/** Listens to every bot of ours until the signal, whichever of several notifiers has its ear. Never rejects. */
export async function keepListening(deps: ListenDeps, signal: AbortSignal): Promise<void> {
  const lease = newId();
  const listening = new Map<string, Promise<void>>();
  while (!signal.aborted) {
    try {
      for (const bot of await botsOf(deps)) {
        if (listening.has(bot.token)) continue;
        const ended = listenWhileHeld(deps, bot, lease, signal)
          .catch(err => deps.log.warn({ err, bot: bot.id }, "listening to the bot failed"))
          .finally(() => listening.delete(bot.token));
        listening.set(bot.token, ended);
      }
    } catch (err) {
      deps.log.warn({ err }, "bots not found out");
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => {});
  }
  await Promise.all(listening.values());
}

async function listenWhileHeld(
  deps: ListenDeps,
  bot: Bot,
  lease: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && (await listenOnce(deps, bot, lease, signal)));
  if (signal.aborted)
    await restListener(deps.db, bot.id, lease, {
      now: deps.clock(),
      restsMs: [0],
      problem: null,
      conflict: false,
    });
}

/** Asks once for what was pressed and acts on it; false when the bot is another's, or is to rest. */
async function listenOnce(deps: ListenDeps, bot: Bot, lease: string, signal: AbortSignal): Promise<boolean> {
  const now = deps.clock();
  const until = new Date(now.getTime() + leasedMs);
  const held = await takeListener(deps.db, bot.id, lease, { now, until });
  if (held === null) return false;
  const heard = await ask(deps, updatesRequest(bot.token, held.nextOffset, deps.telegramApi), signal);
  if (signal.aborted) return false;
  if (heard.kind === "updates") {
    await noteHeard(deps.db, bot.id, lease);
    for (const update of heard.updates) {
      if (!(await act(deps, bot, lease, update))) return false;
    }
    return true;
  }
  await rest(deps, bot, lease, heard);
  return false;
}

async function ask(deps: ListenDeps, request: ChannelRequest, signal: AbortSignal): Promise<Heard> {
  try {
    return readUpdates(await deps.net.post({ ...request, signal, timeoutMs: askMs }), deps.clock());
  } catch (error) {
    const why = error instanceof MolvaError ? error.message : "It gave no answer.";
    const problem = `Telegram cannot be asked for pressed buttons. ${why} Molva keeps asking; check that its notifier reaches the Bot API.`;
    return { kind: "wait", afterMs: null, problem };
  }
}

async function rest(
  { db, clock, log }: ListenDeps,
  bot: Bot,
  lease: string,
  heard: Exclude<Heard, { kind: "updates" }>,
): Promise<void> {
  const conflict = heard.kind === "conflict";
  const restsMs = conflict ? conflictRestsMs : [heard.afterMs ?? faultRestMs];
  const { problem } = heard;
  const count = await restListener(db, bot.id, lease, { now: clock(), restsMs, problem, conflict });
  // Whoever lost the ear to another notifier of ours is told so by a conflict, which is none.
  if (count !== null) log.warn({ bot: bot.id, problem, count }, "the bot is not heard");
}

/** Acts on one update and moves past it, in one transaction; false when another has the bot by now. */
async function act(
  deps: ListenDeps,
  bot: Bot,
  lease: string,
  { updateId, press }: BotUpdate,
): Promise<boolean> {
  const now = deps.clock();
  const answer = await inTransaction(deps.db, async tx => {
    if (!(await holdsListener(tx, bot.id, lease))) return false;
    await moveListener(tx, bot.id, updateId + 1);
    if (press === null) return null;
    const channelIds = bot.channels.filter(one => isChat(one.chatId, press)).map(one => one.id);
    const user = { kind: "telegram", userId: press.userId } as const;
    // A client can send any data: it counts only for a message of a channel in that very chat.
    const deliveryId = press.deliveryId ?? nothing;
    const pressed = await pressAck(tx, { user, deliveryId, channelIds }, now);
    const language = pressed.language ?? press.language;
    const { outcome, ackedCount } = pressed;
    const text = pressText(language, outcome, { user: press.userId, ackedCount });
    return { queryId: press.queryId, text, alert: outcome !== "acked" && outcome !== "already", outcome };
  });
  if (answer === false) return false;
  if (answer !== null) await tell(deps, bot, answer);
  return true;
}

const nothing = "00000000-0000-0000-0000-000000000000";

/** A channel's chat is known by its number or by its public @name. */
const isChat = (chatId: string, { chatId: number, chatName }: Press): boolean =>
  chatId === number || (chatName !== null && chatId.toLowerCase() === chatName.toLowerCase());

/** Tells whoever pressed; the press itself counts, even if they never read it. */
async function tell(
  deps: ListenDeps,
  { token }: Bot,
  answer: { queryId: string; text: string; alert: boolean; outcome: string },
): Promise<void> {
  if (answer.outcome === "acked") await deps.enqueue.notify().catch(() => {});
  const request = pressAnswer(token, answer, deps.telegramApi);
  await deps.net
    .post({ ...request, timeoutMs: answerMs })
    .catch(err => deps.log.warn({ err }, "answer to a chat user not sent"));
}
