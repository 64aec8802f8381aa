import type { ChannelRequest, Verdict } from "#channels/define.ts";
import { MolvaError } from "#domain/errors.ts";
import { messageOf } from "#pipeline/message.ts";
import { inTransaction } from "#store/db.ts";
import { externalIdOf } from "#store/delivery.ts";
import type { Claimed } from "./claim.ts";
import { attemptMs, type NotifyDeps } from "./deps.ts";
import { isReport, reportMessage } from "./report-message.ts";
import { settle } from "./settle.ts";

/** Kept of an answer for people to read. */
const keptAnswer = 2_000;

/** Makes one attempt and stores what became of it. */
export async function sendOne(deps: NotifyDeps, one: Claimed, signal: AbortSignal): Promise<void> {
  const { delivery, channel, kind } = one;
  const startedMs = performance.now();
  const attempt = await attemptOf(deps, one, requestOf(deps, one), { signal, plain: delivery.plain });
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

interface Attempt {
  status: number | null;
  answer: string | null;
  verdict: Verdict;
}

type MakeRequest = () => Promise<ChannelRequest>;

const requestOf =
  (deps: NotifyDeps, { delivery, channel, kind, settings }: Claimed): MakeRequest =>
  async () => {
    const { publicUrl, telegramApi, slackApi } = deps;
    const now = deps.clock();
    const fullText = channel.full_text;
    const message = isReport(delivery)
      ? await reportMessage(deps, delivery, { fullText, files: kind.files ?? false })
      : await messageOf(deps.db, delivery, { publicUrl, fullText, now });
    const thread = delivery.thread_of === null ? null : await externalIdOf(deps.db, delivery.thread_of);
    return kind.request(message, settings as never, {
      now,
      plain: delivery.plain,
      thread,
      telegramApi,
      slackApi,
    });
  };

/** Sends a request and reads the answer; any fault on the way is a verdict too. */
export async function attemptOf(
  deps: NotifyDeps,
  { kind, settings }: Pick<Claimed, "kind" | "settings">,
  make: MakeRequest,
  { signal, plain }: { signal: AbortSignal; plain: boolean },
): Promise<Attempt> {
  try {
    const { url, headers, body, bytes } = await make();
    const reply = await deps.net.post({
      url,
      headers,
      body: bytes ?? body,
      signal,
      timeoutMs: deps.timeoutMs ?? attemptMs,
    });
    const verdict = kind.verdict(reply, settings as never, { now: deps.clock(), plain });
    return { status: reply.status, answer: storable(reply.body), verdict };
  } catch (error) {
    return { status: null, answer: null, verdict: verdictOfFault(error, deps) };
  }
}

const storable = (text: string) => text.replaceAll("\0", "").slice(0, keptAnswer).toWellFormed();

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
