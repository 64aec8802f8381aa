import { InputError } from "#domain/errors.ts";
import { type AlertRow, findAlert, insertTestDelivery, lockDelivery, markAcked } from "#store/alert-read.ts";
import { lockChannel } from "#store/alert-setup.ts";
import type { Tx } from "#store/db.ts";
import { unheld, updateDelivery } from "#store/delivery.ts";
import { deliveriesOf, dueEdits } from "#store/delivery-edit.ts";
import { newId } from "#store/id.ts";
import type { Scope } from "./desk/steps.ts";

/** Marks an alert as seen by whoever says so first; undefined for one that he may not see. */
export async function ackAlert(tx: Tx, scope: Scope, id: string, now: Date): Promise<AlertRow | undefined> {
  const alert = await findAlert(tx, id);
  if (!alert || (scope.brandIds !== null && !scope.brandIds.includes(alert.brand_id))) return undefined;
  await markAcked(tx, id, scope.actor.personId, now);
  await dueEdits(tx, await deliveriesOf(tx, [id]), now);
  return findAlert(tx, id);
}

/** Makes a delivery that shows whether a channel works; undefined for an unknown channel. */
export async function testChannel(tx: Tx, channelId: string, now: Date): Promise<string | undefined> {
  const channel = await lockChannel(tx, channelId);
  if (!channel) return undefined;
  if (!channel.enabled)
    throw new InputError(
      "The channel is switched off; switch it on by PATCH with enabled: true, then test it",
    );
  const id = newId();
  await insertTestDelivery(tx, id, channelId, now);
  return id;
}

/** Sends a delivery once more, at once and under the same id. "busy" while an attempt is under way. */
export async function redeliver(
  tx: Tx,
  id: string,
  now: Date,
): Promise<"unknown" | "busy" | "channel-gone" | "waiting"> {
  const delivery = await lockDelivery(tx, id);
  if (!delivery) return "unknown";
  if (delivery.state === "sending") return "busy";
  if (!(await lockChannel(tx, delivery.channel_id))) return "channel-gone";
  const gathering = delivery.state === "gathering";
  await updateDelivery(tx, id, {
    state: gathering ? "gathering" : "waiting",
    next_attempt_at: now,
    ended_at: null,
    ...unheld,
  });
  return "waiting";
}
