import { type Selectable, sql } from "kysely";
import type { Db, Tx } from "./db.ts";
import type { ChannelRow } from "./delivery.ts";
import { newId } from "./id.ts";
import type { PersonRow } from "./person.ts";
import type { DB } from "./tables.ts";

/** A user of a chat, by the platform's own ids: in Slack those of users are unique within a workspace only. */
export type ChatUser =
  | { kind: "slack"; teamId: string; userId: string }
  | { kind: "telegram"; userId: string };

const teamOf = (user: ChatUser): string => (user.kind === "slack" ? user.teamId : "");

const userOf = ({ kind, team_id: teamId, user_id: userId }: Selectable<DB["person_chat"]>): ChatUser =>
  kind === "slack" ? { kind, teamId, userId } : { kind, userId };

/** The person that a user of a chat is, if one of ours and still there. */
export async function personOfChat(db: Db, user: ChatUser): Promise<PersonRow | undefined> {
  return db
    .selectFrom("person")
    .selectAll("person")
    .innerJoin("person_chat", "person_chat.person_id", "person.id")
    .where("person_chat.kind", "=", user.kind)
    .where("person_chat.team_id", "=", teamOf(user))
    .where("person_chat.user_id", "=", user.userId)
    .where("person.archived_at", "is", null)
    .executeTakeFirst();
}

/** The chat users that these people are. */
export async function chatsOf(db: Db, personIds: readonly string[]): Promise<Map<string, ChatUser[]>> {
  if (personIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("person_chat")
    .selectAll()
    .where("person_id", "in", personIds)
    .orderBy("kind")
    .orderBy("team_id")
    .orderBy("user_id")
    .execute();
  const users = Map.groupBy(rows, row => row.person_id);
  return new Map([...users].map(([id, list]) => [id, list.map(userOf)]));
}

/** Replaces the chat users that a person is; returns one that is somebody else already, if there is one. */
export async function setChatsOf(
  tx: Tx,
  personId: string,
  chats: readonly ChatUser[],
): Promise<ChatUser | undefined> {
  await tx.deleteFrom("person_chat").where("person_id", "=", personId).execute();
  for (const user of chats) {
    const { numInsertedOrUpdatedRows = 0n } = await tx
      .insertInto("person_chat")
      .values({ kind: user.kind, team_id: teamOf(user), user_id: user.userId, person_id: personId })
      .onConflict(oc => oc.doNothing())
      .executeTakeFirst();
    if (numInsertedOrUpdatedRows === 0n) return user;
  }
  return undefined;
}

/** Living channels of a kind that are switched on. */
export async function channelsOfKind(db: Db, kind: ChannelRow["kind"]): Promise<ChannelRow[]> {
  return db
    .selectFrom("alert_channel")
    .selectAll()
    .where("kind", "=", kind)
    .where("enabled", "=", true)
    .where("archived_at", "is", null)
    .orderBy("id")
    .execute();
}

/** What a pressed button acknowledges: the message and what went into its thread. */
export async function pressedDelivery(
  tx: Tx,
  id: string,
  channelIds: readonly string[],
): Promise<{ test: boolean; language: "ru" | "en"; deliveryIds: string[] } | undefined> {
  const { rows } = await sql<{ test: boolean; language: "ru" | "en" | null; deliveryIds: string[] }>`
    select d.test, array(select t.id from delivery t where t.id = d.id or t.thread_of = d.id) as "deliveryIds",
      (select b.language from delivery_alert da join alert a on a.id = da.alert_id join brand b on b.id = a.brand_id
        where da.delivery_id = d.id order by a.id limit 1) as language
    from delivery d where d.id = ${id} and d.channel_id = any(${[...channelIds]}::uuid[])`.execute(tx);
  const [row] = rows;
  return row && { ...row, language: row.language ?? "ru" };
}

/** Acknowledges the alerts of these messages that a person may see; the first word stays. */
export async function ackAlertsOf(
  tx: Tx,
  deliveryIds: readonly string[],
  person: PersonRow,
  now: Date,
): Promise<{ ackedIds: string[]; hiddenCount: number }> {
  const brands = person.brand_ids === null ? sql`true` : sql`a.brand_id = any(${person.brand_ids}::uuid[])`;
  const { rows } = await sql<{ id: string; seen: boolean; fresh: boolean }>`
    with told as (
      select a.id, (${brands}) as seen, a.acked_at is null as fresh from alert a
      where a.id in (select alert_id from delivery_alert where delivery_id = any(${[...deliveryIds]}::uuid[]))
      order by a.id for update),
    acked as (
      update alert set acked_at = ${now}, acked_by = ${person.id}
      where id in (select id from told where seen and fresh))
    select id, seen, fresh from told`.execute(tx);
  return {
    ackedIds: rows.filter(row => row.seen && row.fresh).map(row => row.id),
    hiddenCount: rows.filter(row => !row.seen).length,
  };
}

/** A word to a user of a chat, to be sent at once. */
export async function insertChatAnswer(
  tx: Tx,
  answer: { channelId: string; address: Buffer; text: string; expiresAt: Date },
  now: Date,
): Promise<void> {
  await tx
    .insertInto("chat_answer")
    .values({
      id: newId(),
      channel_id: answer.channelId,
      address: answer.address,
      text: answer.text,
      next_attempt_at: now,
      expires_at: answer.expiresAt,
    })
    .execute();
}

export type ChatAnswerRow = Selectable<DB["chat_answer"]>;

/** Takes answers that are due, after forgetting those that came too late; each is due again after `again`. */
export async function claimChatAnswers(tx: Tx, now: Date, again: Date): Promise<ChatAnswerRow[]> {
  await sql`delete from chat_answer where expires_at <= ${now}`.execute(tx);
  const { rows } = await sql<ChatAnswerRow>`
    update chat_answer set next_attempt_at = ${again}, attempt_count = attempt_count + 1
    where id in (select id from chat_answer where next_attempt_at <= ${now}
      order by next_attempt_at limit 20 for update skip locked)
    returning *`.execute(tx);
  return rows;
}

export async function deleteChatAnswer(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom("chat_answer").where("id", "=", id).execute();
}
