import type { Acked } from "#channels/define.ts";
import { messageOf } from "#pipeline/message.ts";
import { inTransaction } from "#store/db.ts";
import { ackOf, claimEdits, setEditAt } from "#store/delivery-edit.ts";
import { openDelivery, takeBudget } from "./claim.ts";
import { attemptMs, type Claimed, claimedMs, type NotifyDeps } from "./deps.ts";
import { attemptOf } from "./send.ts";

/** Tries of one rewriting; the message itself was sent, so no more depends on it. */
const mostTries = 6;
const waitMs = 30_000;

interface Edit extends Claimed {
  acked: Acked;
  externalId: string;
}

/** Takes messages to be rewritten that their chats' budgets let through now. */
export async function claimDueEdits(deps: NotifyDeps): Promise<Edit[]> {
  const now = deps.clock();
  const later = new Date(now.getTime() + claimedMs + attemptMs);
  return inTransaction(deps.db, async tx => {
    const edits: Edit[] = [];
    for (const delivery of await claimEdits(tx, now, later)) {
      const one = await openDelivery(tx, deps, delivery);
      const acked = await ackOf(tx, delivery.id);
      const mayEdit = one.kind.edit !== undefined && one.settings !== null;
      if (!mayEdit || acked === null || delivery.external_id === null) {
        await setEditAt(tx, delivery.id, null);
        continue;
      }
      const freeAt = await takeBudget(tx, one, now);
      if (freeAt > now) await setEditAt(tx, delivery.id, freeAt);
      else edits.push({ ...one, acked, externalId: delivery.external_id });
    }
    return edits;
  });
}

/** Rewrites one sent message, or puts it off; a message that cannot be rewritten stays as it is. */
export async function editOne(deps: NotifyDeps, edit: Edit, signal: AbortSignal): Promise<void> {
  const { delivery, channel, kind, settings, externalId } = edit;
  const { publicUrl, telegramApi, slackApi } = deps;
  const acked = channel.full_text ? edit.acked : { ...edit.acked, by: null };
  const { plain } = delivery;
  const make = async () => {
    const options = { publicUrl, fullText: channel.full_text, now: deps.clock() };
    const message = await messageOf(deps.db, delivery, options);
    if (kind.edit === undefined) throw new Error(`${kind.id} does not rewrite`);
    const at = { externalId, acked, plain, telegramApi, slackApi };
    return { request: kind.edit(message, settings as never, at) };
  };
  const { status, verdict } = await attemptOf(deps, edit, make, { signal, plain });
  const again = verdict.kind === "retry" && delivery.edit_count < mostTries;
  const at = again
    ? new Date(deps.clock().getTime() + (verdict.afterMs ?? waitMs * delivery.edit_count))
    : null;
  await inTransaction(deps.db, tx => setEditAt(tx, delivery.id, at));
  deps.log.info({ deliveryId: delivery.id, status, verdict: verdict.kind }, "delivery rewritten");
}
