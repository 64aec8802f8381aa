import type { CliContext } from "./define.ts";

/** A line that is drawn over while work goes on; nothing where no terminal would show it. */
export interface Progress {
  /** `share` is 0 to 1, null when the whole is not known. */
  show(share: number | null, said: string): void;
  /** Clears the line. */
  end(): void;
}

const everyMs = 100;
const width = 24;

/** Draws on the standard error of a terminal, at most ten times a second. */
export function createProgress(context: Pick<CliContext, "isTerminal" | "err" | "clock">): Progress {
  if (!context.isTerminal) return { show: () => {}, end: () => {} };
  let drawnAtMs = Number.NEGATIVE_INFINITY;
  return {
    show: (share, said) => {
      const nowMs = context.clock().getTime();
      if (nowMs - drawnAtMs < everyMs) return;
      drawnAtMs = nowMs;
      context.err(`\r\u001b[K${share === null ? "" : `${bar(share)} `}${said}`);
    },
    end: () => context.err("\r\u001b[K"),
  };
}

function bar(share: number): string {
  const full = Math.round(Math.min(Math.max(share, 0), 1) * width);
  return `[${"#".repeat(full)}${".".repeat(width - full)}] ${String(Math.floor(share * 100)).padStart(3)} %`;
}
