import type { ReportFile, Verdict } from "#channels/define.ts";
import { MolvaError } from "#domain/errors.ts";
import { attemptMs, type Claimed, type NotifyDeps } from "./deps.ts";

/** What an attempt came to. */
export interface Attempt {
  status: number | null;
  answer: string | null;
  verdict: Verdict;
}

/** Kept of an answer for people to read. */
const keptAnswer = 2_000;

export const storable = (text: string): string =>
  text.replaceAll("\0", "").slice(0, keptAnswer).toWellFormed();

/** Brings a file to the platform before its message: its id there, or what the attempt has come to without it. */
export async function bringFile(
  deps: NotifyDeps,
  { kind, settings }: Pick<Claimed, "kind" | "settings">,
  file: ReportFile,
  signal: AbortSignal,
): Promise<string | Attempt | null> {
  const { telegramApi, slackApi } = deps;
  const steps = kind.upload?.(file, settings as never, { telegramApi, slackApi, now: deps.clock() });
  if (steps === undefined) return null;
  const timeoutMs = deps.timeoutMs ?? attemptMs;
  let last: Pick<Attempt, "status" | "answer"> = { status: null, answer: null };
  try {
    let step = steps.next();
    while (step.done !== true) {
      const { url, headers, body, bytes } = step.value;
      const reply = await deps.net.post({ url, headers, body: bytes ?? body, signal, timeoutMs });
      last = { status: reply.status, answer: storable(reply.body) };
      step = steps.next(reply);
    }
    return typeof step.value === "string" ? step.value : { ...last, verdict: step.value };
  } catch (error) {
    // The platform names the address: one that may not be reached says nothing against the channel.
    if (!(error instanceof MolvaError) || error.retry !== "never") throw error;
    return { status: null, answer: null, verdict: { kind: "plain", problem: error.message } };
  }
}
