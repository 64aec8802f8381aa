import { sql } from "kysely";
import type { Db } from "#store/db.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Working time from eight to twenty-two of Moscow, which is 5 to 19 in UTC, counted window by window. */
function workingMs(from: number, to: number): number {
  let sum = 0;
  for (let day = Math.floor(from / dayMs); day * dayMs < to; day++)
    sum += Math.max(0, Math.min(to, day * dayMs + 19 * hourMs) - Math.max(from, day * dayMs + 5 * hourMs));
  return sum;
}

interface Told {
  case_id: string;
  at: Date;
  kind: string;
  person_id: string | null;
  data: Record<string, unknown>;
  started_at: Date;
}

/** A case as its history tells it. */
interface Kept {
  usedMs: number;
  /** Null: the clock stands. */
  runsFrom: number | null;
  missed: boolean;
  outcome: string | null;
  wasAnswered: boolean;
  isMerged: boolean;
  heldBy: string | null;
}

/** What leaves the clock and the holder as they are. */
const quiet = new Set([
  "sla-near",
  "sla-breached",
  "sla-kept",
  "place-added",
  "author-edited",
  "author-answered",
  "assigned",
  "noted",
  "tagged",
]);
const answers = new Set(["answered", "answered-elsewhere"]);

const fresh: Kept = {
  usedMs: 0,
  runsFrom: null,
  missed: false,
  outcome: null,
  wasAnswered: false,
  isMerged: false,
  heldBy: null,
};

type Move = (kept: Kept, told: Told) => void;

const goOn: Move = (kept, { at }) => {
  if (kept.outcome === null) kept.runsFrom ??= at.getTime();
};

/** What an event does to the clock, where it does not just run on. */
const moves: Record<string, Move> = {
  ended: (kept, { data }) => {
    kept.runsFrom = null;
    kept.outcome = data["outcome"] as string;
    kept.wasAnswered ||= answers.has(kept.outcome);
    kept.isMerged = "mergedInto" in data;
  },
  reopened: (kept, { at }) => {
    if (kept.wasAnswered) kept.usedMs = 0;
    kept.runsFrom = at.getTime();
    kept.outcome = null;
  },
  "awaiting-author": kept => {
    kept.runsFrom = null;
  },
};

/** At the due time itself an answer is in time, and nothing else is. */
const isLetDown = ({ runsFrom, outcome }: Kept): boolean =>
  runsFrom === null && (outcome === null || !answers.has(outcome));

/** Counts the SLA anew from the events alone, and checks the history of every claim. */
export function dayHistory(db: Db, targetMs: number) {
  const cases = new Map<string, Kept>();
  const problems: string[] = [];
  let after = 0;

  function runTo(kept: Kept, at: number): void {
    if (kept.runsFrom === null) return;
    kept.usedMs += workingMs(kept.runsFrom, at);
    kept.runsFrom = Math.max(at, kept.runsFrom);
  }

  function follow(told: Told): void {
    const { case_id, kind, person_id, started_at } = told;
    if (kind === "opened") {
      cases.set(case_id, { ...fresh, runsFrom: started_at.getTime() });
      return;
    }
    const kept = cases.get(case_id);
    if (!kept) {
      problems.push(`${case_id} was ${kind} before it was opened`);
      return;
    }
    if (quiet.has(kind)) return;
    holding(kept, case_id, kind, person_id);
    runTo(kept, told.at.getTime());
    (moves[kind] ?? goOn)(kept, told);
    takeOver(kept, cases.get(String(told.data["mergedFrom"])));
    if (kept.usedMs > targetMs || (kept.usedMs === targetMs && isLetDown(kept))) kept.missed = true;
  }

  /** Texts that join a case bring their clock where it is due first; an hour is worth the same in every case here. */
  function takeOver(kept: Kept, from: Kept | undefined): void {
    if (from === undefined || kept.runsFrom === null || from.usedMs <= kept.usedMs) return;
    kept.usedMs = from.usedMs;
    kept.missed = from.missed;
  }

  /** Nobody takes a case that somebody holds, and only the holder ends it. */
  function holding(kept: Kept, caseId: string, kind: string, personId: string | null): void {
    if (kind === "claimed") {
      if (kept.heldBy !== null)
        problems.push(`${caseId} was held by ${kept.heldBy} when ${personId} took it`);
      kept.heldBy = personId;
      return;
    }
    const isByPerson = personId !== null && kind !== "approved";
    if (kept.heldBy !== null && isByPerson && kept.heldBy !== personId)
      problems.push(`${caseId} was held by ${kept.heldBy} when ${personId} ${kind} it`);
    kept.heldBy = null;
  }

  return {
    problems,
    /** Reads on in the history; returns the kinds of what happened. */
    async replay(): Promise<Set<string>> {
      const { rows } = await sql<Told>`
        select e.case_id, e.at, e.kind, e.person_id, e.data,
          greatest(d.published_at, m.first_seen_at) as started_at
        from case_event e join "case" c on c.id = e.case_id join mention m on m.id = c.mention_id
        join document d on d.id = m.document_id
        where e.at > ${new Date(after)} order by e.at, e.case_id, e.version, e.id`.execute(db);
      for (const row of rows) follow(row);
      after = rows.at(-1)?.at.getTime() ?? after;
      return new Set(rows.map(row => row.kind));
    },
    recount(now: number): { met: number; missed: number; received: number } {
      const counted = [...cases.values()].filter(kept => !kept.isMerged);
      const isMissed = ({ missed, usedMs, runsFrom }: Kept) =>
        missed || (runsFrom !== null && usedMs + workingMs(runsFrom, now) >= targetMs);
      const isMet = (kept: Kept) => !isMissed(kept) && kept.outcome !== null && answers.has(kept.outcome);
      return {
        met: counted.filter(isMet).length,
        missed: counted.filter(isMissed).length,
        received: counted.length,
      };
    },
    /** Texts that ask for an answer without a case of their own, and cases of a cluster that were opened beside each other. */
    async orphans(): Promise<string[]> {
      const { rows } = await sql<{ problem: string }>`
        select 'no case: ' || m.id as problem from mention m
          where m.tone = 'negative' and not m.answered and not m.spam and m.deleted_at is null and m.case_id is null
        union all
        select 'unknown case: ' || m.id from mention m left join "case" c on c.id = m.case_id
          where m.case_id is not null and (c.id is null or c.merged_into is not null)
        union all
        select 'ended as answered, yet unanswered: ' || m.id from mention m join "case" c on c.id = m.case_id
          where not m.answered and m.tone = 'negative' and not m.spam and c.status = 'ended' and c.outcome = 'answered'
        union all
        select 'nothing left to answer: ' || c.id from "case" c where c.status <> 'ended'
          and not exists (select 1 from mention m where m.case_id = c.id and m.tone = 'negative' and not m.answered
            and not m.spam and m.deleted_at is null)
        union all
        select 'two living cases: ' || min(c.id::text) from "case" c where c.status <> 'ended' and c.cluster_id is not null
          group by c.cluster_id, c.brand_id having count(*) > 1`.execute(db);
      return rows.map(row => row.problem);
    },
  };
}
