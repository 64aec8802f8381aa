import { awayUntil } from "#domain/absence.ts";
import { nobody, takeStep } from "#pipeline/cases.ts";
import {
  autoAssignedBrands,
  type Candidate,
  candidates,
  giveCases,
  isOnlyAssigner,
  lockOpenCasesOf,
  lockUnassigned,
  peopleWithAbsences,
  postponeAssignment,
  type Unassigned,
} from "#store/assignment.ts";
import { type Db, inTransaction, type Tx } from "#store/db.ts";

const perTick = 500;
/** A case that nobody can take is tried again so much later. */
const postponedMs = 60_000;

/**
 * Gives open cases of the brands that ask for it to who can answer them: by brand, source kind, language and
 * department, present and with room, the least loaded first, the most urgent case first. What those who are
 * away were given is nobody's again. Returns how many were given.
 */
export const assignOpen = (db: Db, now: Date): Promise<number> =>
  inTransaction(db, async tx => {
    await takeBackFromAbsent(tx, now);
    const brandIds = await autoAssignedBrands(tx);
    if (brandIds.length === 0 || !(await isOnlyAssigner(tx))) return 0;
    const people = (await candidates(tx)).filter(({ absences }) => awayUntil(absences, now) === null);
    if (people.length === 0) return 0;
    const { given, left } = dealOut(await lockUnassigned(tx, brandIds, now, perTick), people);
    await giveCases(tx, given, now);
    await postponeAssignment(tx, left, new Date(now.getTime() + postponedMs));
    return given.length;
  });

/** Who gets which case, in the order of the cases; each goes to the smallest share of capacity in use. */
function dealOut(cases: readonly Unassigned[], people: readonly Candidate[]) {
  const load = new Map(people.map(person => [person.id, person.load]));
  const share = ({ id, capacity }: Candidate) => (load.get(id) as number) / capacity;
  const given: { id: string; personId: string }[] = [];
  const left: string[] = [];
  for (const one of cases) {
    const [best] = people
      .filter(person => share(person) < 1 && canTake(person, one))
      .toSorted((a, b) => share(a) - share(b));
    if (best === undefined) left.push(one.id);
    else {
      load.set(best.id, (load.get(best.id) as number) + 1);
      given.push({ id: one.id, personId: best.id });
    }
  }
  return { given, left };
}

const canTake = (person: Candidate, one: Unassigned): boolean =>
  (person.brand_ids?.includes(one.brand_id) ?? true) &&
  (person.source_kinds?.includes(one.source_kind) ?? true) &&
  (person.languages.length === 0 || person.languages.includes(one.language)) &&
  (one.department_id === null || one.department_id === person.department_id);

async function takeBackFromAbsent(tx: Tx, now: Date): Promise<void> {
  const away = (await peopleWithAbsences(tx)).filter(({ absences }) => awayUntil(absences, now) !== null);
  const rows = await lockOpenCasesOf(
    tx,
    away.map(({ id }) => id),
    perTick,
  );
  for (const row of rows) {
    await takeStep(
      tx,
      row,
      { assignee_id: null, updated_at: now },
      { kind: "assigned", actor: nobody, data: { personId: null, away: row.assignee_id } },
    );
  }
}
