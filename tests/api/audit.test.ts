import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Api, openApi } from "./app.ts";
import { goodCalls, questions, sendNothing, untraced } from "./calls.ts";
import { declaredRoutes } from "./routes.ts";

let api: Api;
let owner: pg.Client;

beforeAll(async () => {
  api = await openApi();
  sendNothing(api);
  owner = new pg.Client(api.world.database.ownerUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await api.close();
});

/** Transactions that wrote to the audit, with the objects of their entries. */
const entries = async () =>
  (
    await owner.query<{ xmin: string; key_id: string; person_id: string; action: string }>(
      "select xmin::text, key_id, person_id, action from audit order by at, id",
    )
  ).rows;

const methods = (path: string) => path.split(" ") as ["POST" | "PATCH" | "DELETE", string];
const writing = () =>
  declaredRoutes(api.app)
    .filter(route => route.method !== "GET")
    .map(route => `${route.method} ${route.path}`)
    .filter(name => questions[name] === undefined);

describe("the audit", () => {
  test("has one entry for each call of each writing route, with the key and its person", async () => {
    expect(Object.keys(goodCalls).toSorted()).toEqual(writing().toSorted());
    for (const [name, prepare] of Object.entries(goodCalls)) {
      const { url, ...options } = await prepare(api);
      const before = await entries();
      const { status, body } = await api.call(methods(name)[0], url, options);
      expect([name, status < 300, body?.detail]).toEqual([name, true, undefined]);
      const fresh = (await entries()).slice(before.length);
      const expected = untraced.has(name)
        ? []
        : [{ key_id: api.keys.admin.slice(6, 14), person_id: api.approverId }];
      expect([name, fresh]).toEqual([name, expected.map(one => expect.objectContaining(one))]);
    }
  }, 240_000);

  test("is written in the transaction of the change: while no entry can be, nothing changes", async () => {
    await owner.query("alter table audit add constraint closed check (action = 'nothing') not valid");
    try {
      for (const [name, prepare] of Object.entries(goodCalls).filter(([one]) => !untraced.has(one))) {
        await owner.query("alter table audit drop constraint closed");
        const { url, ...options } = await prepare(api);
        await owner.query("alter table audit add constraint closed check (action = 'nothing') not valid");
        const before = await contents();
        const { status } = await api.call(methods(name)[0], url, options);
        expect([name, status]).toEqual([name, 500]);
        expect([name, await contents()]).toEqual([name, before]);
      }
    } finally {
      await owner.query("alter table audit drop constraint if exists closed");
    }
  }, 240_000);

  test("cannot be changed or shortened by the program's own role", async () => {
    const program = new pg.Client(api.world.database.appUrl);
    await program.connect();
    // A grant of what one does not have is a mere warning.
    await program.query("grant update, delete, truncate on audit to current_user");
    try {
      for (const statement of [
        "update audit set action = 'x'",
        "delete from audit",
        "truncate audit",
        "drop table audit",
        "alter table audit disable trigger all",
        "alter table audit owner to current_user",
        "create rule quiet as on insert to audit do instead nothing",
      ]) {
        const refused = /permission denied|must be owner/;
        await expect(program.query(statement), statement).rejects.toThrow(refused);
      }
    } finally {
      await program.end();
    }
  });
});

/** How many rows every table has, and what was changed last in them. */
async function contents(): Promise<Record<string, string>> {
  const { rows: tables } = await owner.query<{ name: string }>(
    "select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by 1",
  );
  const of: Record<string, string> = {};
  for (const { name } of tables.filter(table => table.name !== "api_key")) {
    const { rows } = await owner.query<{ sum: string }>(
      `select md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as sum from "${name}" t`,
    );
    of[name] = rows[0]?.sum ?? "";
  }
  return of;
}
