import {
  type CaseRow,
  insertCaseEvents,
  insertCases,
  lockCases,
  lockClusterCases,
  type NewCase,
} from "#store/case.ts";
import { deskBrands } from "#store/case-clock.ts";
import { priorityFacts, type StoredFacts, touchPriorities } from "#store/case-priority.ts";
import type { Tx } from "#store/db.ts";
import { newId } from "#store/id.ts";
import type { MentionInput } from "#store/mention.ts";
import { eventOf, nobody } from "./cases.ts";
import { type Judge, openJudges } from "./desk/priority.ts";

/** A mention that asks for an answer and has no case yet. */
export interface Plea {
  mention: MentionInput;
  clusterId: string | null;
  publishedAt: Date | null;
}

/** A case whose mentions are yet to be written. */
interface PlannedCase
  extends Pick<CaseRow, "id" | "mention_id" | "brand_id" | "cluster_id" | "previous_case_id"> {
  startedAt: Date;
}

export interface CasePlan {
  planned: PlannedCase[];
  /** Cases, old or planned, that gain a place. */
  joined: Set<string>;
}

/**
 * Plans the cases of new pleas before the mentions are written: a plea of a cluster joins its open case, or the one
 * into which that was merged, else it gets its own, linked to the cluster's ended one. Sets `case_id` of each mention.
 */
export async function planCases(tx: Tx, pleas: readonly Plea[]): Promise<CasePlan> {
  const clusterIds = [...new Set(pleas.flatMap(plea => plea.clusterId ?? []))];
  const clusterCases = await lockClusterCases(tx, clusterIds, [
    ...new Set(pleas.map(plea => plea.mention.brand_id)),
  ]);
  const heirs = await lockHeirs(tx, clusterCases);
  const planned: PlannedCase[] = [];
  const joined = new Set<string>();
  for (const plea of pleas) {
    const ofCluster = (row: Pick<CaseRow, "cluster_id" | "brand_id">) =>
      row.cluster_id !== null && row.cluster_id === plea.clusterId && row.brand_id === plea.mention.brand_id;
    const before = clusterCases.filter(ofCluster);
    const heir = before.map(row => heirs.get(row.merged_into ?? "")).find(row => row !== undefined);
    const open = before.find(row => row.status !== "ended") ?? heir ?? planned.find(ofCluster);
    if (open) {
      plea.mention.case_id = open.id;
      joined.add(open.id);
      continue;
    }
    const row = plannedCase(plea, before.at(-1)?.id ?? null);
    plea.mention.case_id = row.id;
    planned.push(row);
  }
  return { planned, joined };
}

/** Locks the living cases into which ended ones of a cluster were merged. */
async function lockHeirs(tx: Tx, clusterCases: readonly CaseRow[]): Promise<Map<string, CaseRow>> {
  const ids = [...new Set(clusterCases.flatMap(row => row.merged_into ?? []))];
  const rows = await lockCases(tx, ids);
  return new Map(rows.filter(row => row.status !== "ended").map(row => [row.id, row]));
}

function plannedCase({ mention, clusterId, publishedAt }: Plea, previousCaseId: string | null): PlannedCase {
  return {
    id: newId(),
    mention_id: mention.id,
    brand_id: mention.brand_id,
    cluster_id: clusterId,
    previous_case_id: previousCaseId,
    startedAt: new Date(Math.max(publishedAt?.getTime() ?? 0, mention.first_seen_at.getTime())),
  };
}

/** Writes planned cases with their priority, clock and history; the mentions are written before. */
export async function openCases(tx: Tx, { planned, joined }: CasePlan, now: Date): Promise<void> {
  if (planned.length > 0) {
    const ids = planned.map(row => row.mention_id);
    const facts = await priorityFacts(tx, ids, now);
    const judges = openJudges(
      await deskBrands(
        tx,
        planned.map(row => row.brand_id),
      ),
    );
    await insertCases(
      tx,
      planned.map(row =>
        newCase(row, facts.get(row.mention_id) as StoredFacts, judges.get(row.brand_id) as Judge, now),
      ),
    );
  }
  const born = new Set(planned.map(row => row.id));
  const others = [...joined].filter(id => !born.has(id));
  if (others.length === 0) return;
  const grown = await lockCases(tx, others);
  await touchPriorities(tx, { caseIds: others }, now);
  await insertCaseEvents(
    tx,
    grown.map(row => eventOf(row, "place-added", nobody, now, {})),
  );
}

function newCase({ startedAt, ...links }: PlannedCase, facts: StoredFacts, judge: Judge, now: Date): NewCase {
  const { priority, factors, nextAt, clock } = judge.born(facts, startedAt, now);
  return {
    ...links,
    ...clock,
    status: "open",
    priority,
    priority_factors: factors,
    next_priority_at: nextAt,
    version: 1,
    created_at: now,
    updated_at: now,
  };
}
