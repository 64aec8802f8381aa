import { randomBytes } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { buildApp } from "#api/app.ts";
import type { ApiDeps } from "#api/define.ts";
import { createLog } from "#boot/log.ts";
import { secretBox } from "#boot/secret-box.ts";
import { InputError } from "#domain/errors.ts";
import { createKey, newKeyText } from "#pipeline/keys.ts";
import { addPerson } from "#pipeline/people.ts";
import { inTransaction } from "#store/db.ts";
import { type Role, roles } from "#store/tables.ts";
import { openWorld, type World } from "#tests/pipeline/world.ts";

interface CallOptions {
  /** The text of a key; the admin's when absent, none when null. */
  key?: string | null;
  /** Sent as JSON; a string goes out as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Called {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed when it is JSON, else the text. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read answers of every shape
  body: any;
  text: string;
}

type Method = "GET" | "POST" | "PATCH" | "DELETE" | "PUT" | "HEAD" | "OPTIONS";

/** The whole API over a fresh database. */
export interface Api {
  world: World;
  app: FastifyInstance;
  deps: ApiDeps;
  /** An own brand, and another that the `foreign` keys are limited to. */
  brandId: string;
  foreignBrandId: string;
  /** The person of the manager's key, and the one of the approver's. */
  personId: string;
  approverId: string;
  /** A key of each role that sees all brands. */
  keys: Record<Role, string>;
  /** A key of each role that sees the foreign brand alone. */
  foreign: Record<Role, string>;
  expiredKey: string;
  /** Log lines as they would leave the process. */
  lines: string[];
  /** What readiness is told of the queue. */
  queue: { ready: boolean };
  makeKey(role: Role, options?: KeyOptions): Promise<string>;
  call(method: Method, path: string, options?: CallOptions): Promise<Called>;
  /** Listens on a free port and returns the address, for what only a real connection shows. */
  listen(): Promise<string>;
  close(): Promise<void>;
}

interface KeyOptions {
  brandIds?: readonly string[] | null;
  personId?: string | null;
  expiresAt?: Date | null;
}

/** Hosts of tests' settings that the egress guard of tests refuses. */
const refusedHosts = /^(localhost|127\.|10\.|169\.254\.|\[)/;

function apiDeps(world: World, lines: string[], queue: { ready: boolean }): ApiDeps {
  return {
    ...world.deps,
    steady: world.db,
    log: createLog("info", line => lines.push(line)),
    secrets: secretBox([randomBytes(32).toString("base64")]),
    publicUrl: "https://molva.example",
    queueReady: async () => queue.ready,
    metrics: async () => "# HELP molva_up Whether this process runs\n# TYPE molva_up gauge\nmolva_up 1\n",
    checkAddress: url => {
      if (refusedHosts.test(new URL(url).hostname))
        throw new InputError(`${new URL(url).hostname} may not be reached; MOLVA_EGRESS_ALLOW can list it`);
    },
    randomBytes: size => randomBytes(size),
    trustProxy: false,
    checkAnswers: true,
  };
}

/** Keys are made at the beginning of time, so that an expired one can be. */
const keyMaker =
  ({ db }: World): Api["makeKey"] =>
  (role, { brandIds = null, personId = null, expiresAt = null } = {}) =>
    inTransaction(db, async tx => {
      const text = newKeyText(size => randomBytes(size));
      await createKey(tx, { text, name: `the ${role}`, role, brandIds, personId, expiresAt }, new Date(0));
      return text;
    });

const caller =
  (app: FastifyInstance, adminKey: string): Api["call"] =>
  async (method, path, { key = adminKey, body, headers = {} } = {}) => {
    const response = await app.inject({
      method,
      url: path,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const isJson = /json\b/.test(String(response.headers["content-type"])) && response.payload !== "";
    return {
      status: response.statusCode,
      headers: response.headers as Called["headers"],
      body: isJson ? JSON.parse(response.payload) : response.payload,
      text: response.payload,
    };
  };

/** Opens the API over a new database whose clock the test moves by `world.setNow`. */
export async function openApi(startIso?: string): Promise<Api> {
  const world = await openWorld(startIso);
  const lines: string[] = [];
  const queue = { ready: true };
  const deps = apiDeps(world, lines, queue);
  const brandId = await world.makeBrand({ name: "Волна" });
  const foreignBrandId = await world.makeBrand({ name: "Прибой", query: "Прибой" });
  const [manager, approver] = await inTransaction(world.db, async tx => [
    await addPerson(tx, "Анна", deps.clock()),
    await addPerson(tx, "Борис", deps.clock()),
  ]);
  const makeKey = keyMaker(world);
  const holders: Partial<Record<Role, string>> = {
    admin: approver?.id as string,
    approver: approver?.id as string,
    manager: manager?.id as string,
  };
  const ofEachRole = async (brandIds: readonly string[] | null) =>
    Object.fromEntries(
      await Promise.all(
        roles.map(async role => [role, await makeKey(role, { brandIds, personId: holders[role] ?? null })]),
      ),
    ) as Record<Role, string>;
  const keys = await ofEachRole(null);
  const app = await buildApp(deps);
  return {
    world,
    app,
    deps,
    brandId,
    foreignBrandId,
    personId: manager?.id as string,
    approverId: approver?.id as string,
    keys,
    foreign: await ofEachRole([foreignBrandId]),
    expiredKey: await makeKey("admin", { expiresAt: new Date(deps.clock().getTime() - 1) }),
    lines,
    queue,
    makeKey,
    call: caller(app, keys.admin),
    listen: () => app.listen({ host: "127.0.0.1", port: 0 }),
    close: async () => {
      await app.close();
      await world.close();
    },
  };
}
