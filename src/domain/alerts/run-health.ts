/** A run of a source that has ended. */
export interface EndedRun {
  at: Date;
  outcome: "ok" | "partial" | "blocked" | "layout-changed" | "failed";
  errorCode: string | null;
  error: string | null;
}

/** So many runs in a row fail before a source counts as failing: a single hiccup wakes nobody. */
export const failuresToAlarm = 3;

/** A moment at which a source turned bad. */
export interface TurnedBad {
  at: Date;
  health: string;
  problem: string | null;
}

/** When a source turned bad, told again from its runs; `staleAfterMs` without a good one is silence. */
export function turnsOf(
  runs: readonly EndedRun[],
  sinceMs: number,
  staleAfterMs: number,
  nowMs: number,
): TurnedBad[] {
  const turns: TurnedBad[] = [];
  let health = "ok";
  let failures = 0;
  let lastOkMs = sinceMs;
  const silence = (untilMs: number) => {
    const at = lastOkMs + staleAfterMs;
    if (at > untilMs || health === "stale") return;
    health = "stale";
    turns.push({ at: new Date(at), health, problem: null });
  };
  for (const { at, errorCode, error } of runs) {
    silence(at.getTime());
    if (errorCode === null) {
      [health, failures, lastOkMs] = ["ok", 0, at.getTime()];
      continue;
    }
    failures++;
    const after = healthOf(errorCode, failures, health);
    if (after !== health && after !== "ok")
      turns.push({ at, health: errorCode === "quota" ? "quota" : after, problem: error });
    health = after;
  }
  silence(nowMs);
  return turns;
}

function healthOf(errorCode: string, failures: number, before: string): string {
  if (errorCode === "quota" || errorCode === "blocked") return "blocked";
  if (errorCode === "layout-changed") return "layout-changed";
  return failures >= failuresToAlarm ? "failing" : before;
}
