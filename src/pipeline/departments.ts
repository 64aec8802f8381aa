import { InputError } from "#domain/errors.ts";
import { lockCasesIn } from "#store/case-person.ts";
import { sqlState, type Tx } from "#store/db.ts";
import {
  type DepartmentRow,
  insertDepartment,
  leaveDepartment,
  updateDepartment,
} from "#store/department.ts";
import { newId } from "#store/id.ts";
import { type Actor, takeStep } from "./cases.ts";

/** Makes a department: a queue of its own. A taken name is an InputError. */
export const createDepartment = (tx: Tx, name: string, now: Date): Promise<DepartmentRow> =>
  named(name, () => insertDepartment(tx, { id: newId(), name, created_at: now, archived_at: null }));

/** Renames a department; undefined for an unknown or archived one. */
export const renameDepartment = (tx: Tx, id: string, name: string): Promise<DepartmentRow | undefined> =>
  named(name, () => updateDepartment(tx, id, { name }));

/** Closes a department: its cases go to everybody's queue, its people stay without it. False for an unknown or archived one. */
export async function archiveDepartment(tx: Tx, id: string, actor: Actor, now: Date): Promise<boolean> {
  if (!(await updateDepartment(tx, id, { archived_at: now }))) return false;
  for (const row of await lockCasesIn(tx, id)) {
    const step = { department_id: null, updated_at: now };
    await takeStep(tx, row, step, {
      kind: "assigned",
      actor,
      data: { personId: row.assignee_id, departmentId: null },
    });
  }
  await leaveDepartment(tx, id);
  return true;
}

async function named<T>(name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (sqlState(error) === "23505")
      throw new InputError(`There is a department named "${name}" already; choose another name`, "name");
    throw error;
  }
}
