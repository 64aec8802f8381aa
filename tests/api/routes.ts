import type { FastifyInstance } from "fastify";
import type { Role } from "#store/tables.ts";

/** A route as the OpenAPI document tells it. */
export interface DeclaredRoute {
  method: "GET" | "POST" | "PATCH" | "DELETE";
  /** `/v1/brands/{id}` */
  path: string;
  /** The path with ids that name nothing. */
  url: string;
  /** null: no key needed. */
  roles: Role[] | null;
  /** An empty object where a body is expected. */
  body: { body?: object };
}

const absent: Record<string, string> = { sourceKind: "push", authorId: "nobody" };
const absentUuid = "00000000-0000-7000-8000-000000000000";
/** Ids of keys are no UUIDs. */
const absentId = (path: string, name: string) =>
  path.startsWith("/v1/keys/") ? "AAAAAAAA" : (absent[name] ?? absentUuid);

interface Operation {
  description?: string;
  security?: unknown[];
  requestBody?: unknown;
}

/** Every route that the document lists. */
export function declaredRoutes(app: FastifyInstance): DeclaredRoute[] {
  const { paths } = app.swagger() as { paths: Record<string, Record<string, Operation>> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { description = "", security, requestBody }]) => ({
      method: method.toUpperCase() as DeclaredRoute["method"],
      path,
      url: path.replace(/\{(\w+)\}/g, (_, name: string) => absentId(path, name)),
      roles:
        security?.length === 0
          ? null
          : ((/Roles: ([a-z, ]+)\./.exec(description)?.[1] ?? "").split(", ") as Role[]),
      body: requestBody === undefined ? {} : { body: {} },
    })),
  );
}
