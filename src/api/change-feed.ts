import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "#pipeline/deps.ts";
import { changeRange, readChanges } from "#store/change.ts";
import type { Db } from "#store/db.ts";
import { brandIdsOfRuns } from "#store/run.ts";

/** One entry of the log as clients may see it; `brandIds` are the brands whose keys may. */
export interface FeedEntry {
  seq: number;
  at: Date;
  event: string;
  subjectId: string;
  brandIds: readonly string[];
  /** Whom it is about, where that is told. */
  personIds: readonly string[] | null;
}

/** The log of changes, read once for all clients of this process. */
export interface ChangeFeed {
  /**
   * Entries above `after`, in order: at once when there are some, else when the next come, else `[]` after
   * `timeoutMs` or when `signal` fires.
   */
  next(after: number, timeoutMs: number, signal: AbortSignal): Promise<readonly FeedEntry[]>;
  close(): void;
}

const batch = 500;
const keptEntries = 5_000;
/** Polls without a waiting client before polling stops; the next client starts it again. */
const idlePolls = 20;

interface Options {
  db: Db;
  log: Log;
  pollMs: number;
}

/**
 * Polls only while somebody waits. What came last is kept in memory; a client that is further behind reads
 * the database itself, so a slow one holds no queue here.
 */
export function createChangeFeed({ db, log, pollMs }: Options): ChangeFeed {
  let kept: FeedEntry[] = [];
  /** Entries above this number are all in `kept`; null while nobody polls. */
  let floor: number | null = null;
  let head = 0;
  let polling = false;
  const waiting = new Set<() => void>();
  const wakeAll = () => {
    for (const wake of waiting) wake();
  };
  const closing = new AbortController();

  async function poll(): Promise<void> {
    const rows = await readEntries(db, head);
    const last = rows.at(-1);
    if (last === undefined) return;
    head = last.seq;
    kept.push(...rows);
    if (kept.length > keptEntries) {
      const dropped = kept.splice(0, kept.length - keptEntries);
      floor = dropped.at(-1)?.seq ?? floor;
    }
    wakeAll();
  }

  async function pollUntilIdle(): Promise<void> {
    head = (await changeRange(db)).newest;
    floor = head;
    wakeAll();
    for (let idle = 0; idle < idlePolls; idle = waiting.size > 0 ? 0 : idle + 1) {
      await poll();
      await sleep(pollMs, undefined, { signal: closing.signal });
    }
  }

  function keepPolling(): void {
    if (polling) return;
    polling = true;
    void pollUntilIdle()
      .catch(err => {
        if (!closing.signal.aborted) log.error({ err }, "stream: reading the log of changes failed");
      })
      .finally(() => {
        polling = false;
        floor = null;
        kept = [];
        wakeAll();
      });
  }

  function wait(timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const wake = () => {
        clearTimeout(timer);
        waiting.delete(wake);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      signal.addEventListener("abort", wake);
      waiting.add(wake);
      keepPolling();
    });
  }

  return {
    next: async (after, timeoutMs, signal) => {
      const until = performance.now() + timeoutMs;
      for (;;) {
        const headBefore = head;
        const found =
          floor !== null && after >= floor
            ? kept.slice(firstAbove(kept, after)).slice(0, batch)
            : await readEntries(db, after);
        const leftMs = until - performance.now();
        if (found.length > 0 || signal.aborted || closing.signal.aborted || leftMs <= 0) return found;
        // A poll that ended while the database was read has woken nobody.
        if (head === headBefore) await wait(leftMs, signal);
      }
    },
    close: () => {
      closing.abort();
      wakeAll();
    },
  };
}

/** Index of the first entry above a number, by halving. */
function firstAbove(entries: readonly FeedEntry[], after: number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle] as FeedEntry).seq > after) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A run belongs to the brands of its source; everything else to one brand. */
async function readEntries(db: Db, after: number): Promise<FeedEntry[]> {
  const rows = await readChanges(db, after, batch);
  const runIds = rows.filter(row => row.brand_id === null).map(row => row.subject_id);
  const ofRuns = await brandIdsOfRuns(db, runIds);
  return rows.map(row => ({
    seq: row.seq,
    at: row.at,
    event: row.event,
    subjectId: row.subject_id,
    brandIds: row.brand_id === null ? (ofRuns.get(row.subject_id) ?? []) : [row.brand_id],
    personIds: row.person_ids,
  }));
}
