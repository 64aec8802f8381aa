import { z } from "zod";
import { archiveDepartment, createDepartment, renameDepartment } from "#pipeline/departments.ts";
import { type DepartmentRow, listDepartments } from "#store/department.ts";
import { assertAllBrands } from "./auth.ts";
import { adminOnly, everyReader, type Route, readRoute, writeRoute } from "./define.ts";
import { notFound } from "./problem.ts";
import { decodeCursor, id, idParams, instant, page, pageOf, paging, timeKeys } from "./shape.ts";

const body = z.strictObject({ name: z.string().trim().min(1).max(200) });
const departmentSchema = z
  .object({ id, name: body.shape.name, createdAt: instant })
  .meta({ id: "Department" });

const departmentBody = (row: DepartmentRow): z.input<typeof departmentSchema> => ({
  id: row.id,
  name: row.name,
  createdAt: row.created_at,
});

export const departmentRoutes: readonly Route[] = [
  readRoute({
    url: "/v1/departments",
    tag: "people",
    summary: "Departments, each with a queue of its own: GET /v1/queue?department=",
    allow: everyReader,
    query: z.strictObject(paging),
    reply: pageOf(departmentSchema),
    read: async (_deps, { db, query: { limit, cursor } }) => {
      const rows = await listDepartments(db, { after: decodeCursor(cursor, timeKeys), limit: limit + 1 });
      return { body: page(rows, limit, row => [row.created_at, row.id], departmentBody) };
    },
  }),
  writeRoute({
    method: "POST",
    url: "/v1/departments",
    tag: "people",
    summary: "Make a department",
    allow: adminOnly,
    body,
    reply: departmentSchema,
    status: 201,
    audit: { action: "create", object: "department" },
    change: async (tx, _deps, { body: { name }, caller, now }) => {
      assertAllBrands(caller, "departments");
      const row = await createDepartment(tx, name, now);
      return { body: departmentBody(row), objectId: row.id };
    },
  }),
  writeRoute({
    method: "PATCH",
    url: "/v1/departments/:id",
    tag: "people",
    summary: "Rename a department",
    allow: adminOnly,
    params: idParams,
    body,
    reply: departmentSchema,
    status: 200,
    audit: { action: "update", object: "department" },
    change: async (tx, _deps, { params, body: { name }, caller }) => {
      assertAllBrands(caller, "departments");
      const row = await renameDepartment(tx, params.id, name);
      if (!row) throw notFound("department", params.id);
      return { body: departmentBody(row), objectId: row.id };
    },
  }),
  writeRoute({
    method: "DELETE",
    url: "/v1/departments/:id",
    tag: "people",
    summary: "Close a department: its cases go to everybody's queue, its people stay without it",
    allow: adminOnly,
    params: idParams,
    reply: z.undefined(),
    status: 204,
    audit: { action: "archive", object: "department" },
    change: async (tx, _deps, { params, caller, scope, now }) => {
      assertAllBrands(caller, "departments");
      if (!(await archiveDepartment(tx, params.id, scope.actor, now)))
        throw notFound("department", params.id);
      return { body: undefined, objectId: params.id };
    },
  }),
];
