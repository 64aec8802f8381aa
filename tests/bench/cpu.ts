import { readdirSync, readFileSync } from "node:fs";
import { load } from "./stage.ts";

const tickMs = 10;

interface Usage {
  pid: number;
  parent: number;
  ms: number;
}

/** Processor time of every process that lives now, none where the kernel does not tell. */
function usages(): Usage[] {
  return safely(() => readdirSync("/proc"), []).flatMap(pid => {
    const fields = safely(() => readFileSync(`/proc/${pid}/stat`, "utf8"), "")
      .split(") ")[1]
      ?.split(" ");
    if (fields === undefined) return [];
    return [
      { pid: Number(pid), parent: Number(fields[1]), ms: (Number(fields[11]) + Number(fields[12])) * tickMs },
    ];
  });
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** What processes used since `before`; one that has ended meanwhile took its figure with it. */
function since(before: readonly Usage[], chosen: readonly Usage[]): number {
  const known = new Map(before.map(({ pid, ms }) => [pid, ms]));
  return chosen.reduce((total, { pid, ms }) => total + ms - (known.get(pid) ?? 0), 0);
}

/**
 * Begins to count; the answer tells the processor time since then of the program (this process unless its id
 * is given) and of the database server. Neighbours spoil it far less than they spoil the clock.
 */
export function countCpu(
  serverPid: number,
  programPid = process.pid,
): () => { oursMs: number; serverMs: number } {
  const before = usages();
  return () => {
    const now = usages();
    return {
      oursMs: since(
        before,
        now.filter(({ pid }) => pid === programPid),
      ),
      serverMs: since(
        before,
        now.filter(({ parent }) => parent === serverPid),
      ),
    };
  };
}

/** What one answer costs, which tells more than the clock on a busy machine. */
export const costEach = ({ oursMs, serverMs }: { oursMs: number; serverMs: number }, count: number): string =>
  `${(oursMs / count).toFixed(1)} ms of the API's and ${(serverMs / count).toFixed(1)} ms of PostgreSQL's processor time each, ${load()}`;
