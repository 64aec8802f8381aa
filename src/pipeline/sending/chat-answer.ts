import { MolvaError } from "#domain/errors.ts";
import { type ChatAnswerRow, claimChatAnswers, deleteChatAnswer } from "#store/chat.ts";
import { inTransaction } from "#store/db.ts";
import type { NotifyDeps } from "./deps.ts";

const againMs = 15_000;
const timeoutMs = 10_000;

/** Takes words to users of chats that are to be sent now. */
export const claimDueAnswers = ({ db, clock }: NotifyDeps): Promise<ChatAnswerRow[]> =>
  inTransaction(db, tx => claimChatAnswers(tx, clock(), new Date(clock().getTime() + againMs)));

/** Sends one by the address that came with what was pressed; a fault leaves it for the next try. */
export async function answerOne(
  deps: NotifyDeps,
  { id, address, text }: ChatAnswerRow,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { status } = await deps.net.post({
      url: deps.secrets.open(address),
      headers: { "content-type": "application/json; charset=utf-8" },
      body: JSON.stringify({ response_type: "ephemeral", replace_original: false, text }),
      signal,
      timeoutMs,
    });
    if (status === 429 || status >= 500) return;
  } catch (err) {
    if (!(err instanceof MolvaError) || err.retry !== "never") {
      deps.log.warn({ err }, "answer to a chat user not sent");
      return;
    }
  }
  await inTransaction(deps.db, tx => deleteChatAnswer(tx, id));
}
