import type { PressOutcome } from "#channels/press-words.ts";
import { writeAudit } from "#store/audit.ts";
import { ackAlertsOf, type ChatUser, personOfChat, pressedDelivery } from "#store/chat.ts";
import type { Tx } from "#store/db.ts";
import { deliveriesOf, dueEdits } from "#store/delivery-edit.ts";

/** Somebody pressed the button of a message in one of these channels. */
export interface Press {
  user: ChatUser;
  deliveryId: string;
  channelIds: readonly string[];
}

export interface Pressed {
  outcome: PressOutcome;
  ackedCount: number;
  /** The brand's; null where no message is known. */
  language: "ru" | "en" | null;
}

/**
 * Acknowledges what a message and its thread tell, in the name of the person that the chat's user is. A stranger
 * acknowledges nothing; pressing again changes nothing.
 */
export async function pressAck(tx: Tx, { user, deliveryId, channelIds }: Press, now: Date): Promise<Pressed> {
  const told = await pressedDelivery(tx, deliveryId, channelIds);
  const language = told?.language ?? null;
  const person = await personOfChat(tx, user);
  if (person === undefined) return { outcome: "stranger", ackedCount: 0, language };
  if (told === undefined) return { outcome: "gone", ackedCount: 0, language };
  if (told.test) return { outcome: "test", ackedCount: 0, language };
  const { ackedIds, hiddenCount } = await ackAlertsOf(tx, told.deliveryIds, person, now);
  if (ackedIds.length === 0)
    return { outcome: hiddenCount > 0 ? "foreign" : "already", ackedCount: 0, language };
  await dueEdits(tx, await deliveriesOf(tx, ackedIds), now);
  const entry = { keyId: null, personId: person.id, action: "ack", object: "delivery", objectId: deliveryId };
  await writeAudit(tx, entry, now);
  return { outcome: "acked", ackedCount: ackedIds.length, language };
}
