import type { ChannelRequest, Verdict } from "#channels/define.ts";
import { MolvaError } from "#domain/errors.ts";
import { messageOf } from "#pipeline/message.ts";
import { inTransaction } from "#store/db.ts";
import { externalIdOf } from "#store/delivery.ts";
import { attemptMs, type Claimed, type NotifyDeps } from "./deps.ts";
import { isReport, reportMessage } from "./report-message.ts";
import { settle } from "./settle.ts";
import { type Attempt, bringFile, storable } from "./upload.ts";

/** Makes one attempt and stores what became of it. */
export async function sendOne(deps: NotifyDeps, one: Claimed, signal: AbortSignal): Promise<void> {
  const { delivery, channel, kind } = one;
  const startedMs = performance.now();
  const attempt = await attemptOf(deps, one, requestOf(deps, one, signal), { signal, plain: delivery.plain });
  const durationMs = Math.round(performance.now() - startedMs);
  const now = deps.clock();
  await inTransaction(deps.db, async tx => {
    await tx
      .insertInto("delivery_attempt")
      .values({
        delivery_id: delivery.id,
        attempt: delivery.attempt_count,
        at: now,
        status: attempt.status,
        answer: attempt.answer,
        problem: "problem" in attempt.verdict ? attempt.verdict.problem : null,
        duration_ms: durationMs,
      })
      .onConflict(oc => oc.doNothing())
      .execute();
    await settle(tx, deps, one, attempt.verdict, now);
  });
  deps.log.info(
    {
      deliveryId: delivery.id,
      channelId: channel.id,
      kind: kind.id,
      attempt: delivery.attempt_count,
      status: attempt.status,
      verdict: attempt.verdict.kind,
      durationMs,
    },
    "delivery",
  );
}

/** A request with the file that it shows, or what the attempt has come to without any. */
type MakeRequest = () => Promise<{ request: ChannelRequest; fileId?: string | null } | Attempt>;

const requestOf =
  (deps: NotifyDeps, one: Claimed, signal: AbortSignal): MakeRequest =>
  async () => {
    const { delivery, channel, kind, settings } = one;
    const { publicUrl, telegramApi, slackApi } = deps;
    const now = deps.clock();
    const { plain } = delivery;
    const fullText = channel.full_text;
    const files = kind.files?.(settings as never, { plain }) ?? false;
    const message = isReport(delivery)
      ? await reportMessage(deps, delivery, { fullText, files })
      : await messageOf(deps.db, delivery, { publicUrl, fullText, now });
    const thread = delivery.thread_of === null ? null : await externalIdOf(deps.db, delivery.thread_of);
    const file = message.report?.file;
    const fileId = file ? await bringFile(deps, one, file, signal) : null;
    if (fileId !== null && typeof fileId === "object") return fileId;
    const at = { now, plain, thread, fileId, telegramApi, slackApi };
    return { request: kind.request(message, settings as never, at), fileId };
  };

/** Sends a request and reads the answer; any fault on the way is a verdict too. */
export async function attemptOf(
  deps: NotifyDeps,
  { kind, settings }: Pick<Claimed, "kind" | "settings">,
  make: MakeRequest,
  { signal, plain }: { signal: AbortSignal; plain: boolean },
): Promise<Attempt> {
  try {
    const made = await make();
    if ("verdict" in made) return made;
    const { request, fileId = null } = made;
    const { url, headers, body, bytes } = request;
    const reply = await deps.net.post({
      url,
      headers,
      body: bytes ?? body,
      signal,
      timeoutMs: deps.timeoutMs ?? attemptMs,
    });
    const verdict = kind.verdict(reply, settings as never, { now: deps.clock(), plain, fileId });
    return { status: reply.status, answer: storable(reply.body), verdict };
  } catch (error) {
    return { status: null, answer: null, verdict: verdictOfFault(error, deps) };
  }
}

/** A refused address never becomes right by waiting; any other fault may. */
function verdictOfFault(error: unknown, { log }: NotifyDeps): Verdict {
  if (error instanceof MolvaError) {
    if (error.retry === "never") return { kind: "disable", problem: error.message };
    return { kind: "retry", afterMs: null, problem: error.message, pausesAll: false };
  }
  log.error({ err: error }, "delivery attempt failed");
  return {
    kind: "retry",
    afterMs: null,
    problem: "Molva failed to send; the log has the cause",
    pausesAll: false,
  };
}
