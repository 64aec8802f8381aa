import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { allRoutes } from "#api/routes.ts";
import { findChannelKind } from "#channels/registry.ts";
import { findSourceKind } from "#sources/registry.ts";
import { environmentRows, variables } from "./environment-table.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const readText = (name: string) => readFileSync(join(root, name), "utf8");
const [english, russian] = ["README.md", "README.ru.md"];

const marked = /(?<=<!-- environment:begin -->\n)[\s\S]*?(?=<!-- environment:end -->)/;
const tableOf = (text: string) => marked.exec(text)?.[0] ?? "";
/** First and last cell of each row: what does not depend on the language. */
const facts = (table: string) =>
  table
    .trim()
    .split("\n")
    .slice(2)
    .map(row => row.split(/(?<!\\)\|/).map(cell => cell.trim()))
    .map(cells => [cells[1], cells.at(-2)]);

const blocks = (text: string) =>
  [...text.matchAll(/```bash\n([\s\S]*?)```/g)].map(match => match[1] as string);

interface Call {
  method: string;
  path: string;
  body: string | null;
}

const anyId = "00000000-0000-7000-8000-000000000000";

/** Every `call METHOD PATH -d 'JSON'` of the page, with an id in place of shell variables. */
function callsOf(text: string): Call[] {
  const call = /\bcall (GET|POST|PATCH|DELETE) ("[^"]+"|\/\S+)(?: -d '((?:[^']|'"\$\w+"')*)')?/g;
  return [...text.matchAll(call)].map(([, method, path, body]) => ({
    method: method as string,
    path: (path as string).replaceAll('"', "").replace(/\$\w+/g, anyId),
    body: body?.replace(/'"\$\w+"'/g, anyId) ?? null,
  }));
}

const routes = allRoutes(null as never);
const routeOf = ({ method, path }: Call) => {
  const [pathname] = path.split("?");
  return routes.find(
    route =>
      (route.method ?? "GET") === method &&
      new RegExp(`^${route.url.replace(/:\w+/g, "[^/]+")}$`).test(pathname as string),
  );
};

/** Settings by the kind that the body names; a webhook's secret is made by Molva. */
const settingsSchemas: Record<string, (kind: string) => z.ZodType> = {
  "/v1/sources": kind => findSourceKind(kind).settings as z.ZodType,
  "/v1/alert-channels": kind => {
    const schema = findChannelKind(kind).settings as unknown as z.ZodObject;
    return "secret" in schema.shape ? schema.partial({ secret: true }) : schema;
  },
};

describe("the README", () => {
  it("describes every variable as config/env.ts does (`npx vitest run tests/docs/readme.test.ts -u` writes it)", async () => {
    const rows = environmentRows(({ meaning }) => meaning);
    const table = ["| Variable | Meaning | Default |", "|---|---|---|", ...rows, ""].join("\n");
    await expect(readText(english).replace(marked, () => table)).toMatchFileSnapshot(join(root, english));
  });

  it("has the two commands that the project promises", () => {
    for (const page of [english, russian]) {
      const commands = blocks(readText(page)).map(block => block.trim());
      expect(commands).toContain("npm ci && npm start -- --demo");
      expect(commands).toContain("npm ci && npm test");
    }
  });

  const calls = callsOf(readText(english));

  it("shows calls", () => {
    expect(calls.length).toBeGreaterThanOrEqual(18);
    expect(calls.filter(({ body }) => body !== null).length).toBeGreaterThanOrEqual(10);
  });

  it.each(calls)("shows $method $path as the API takes it", call => {
    const route = routeOf(call);
    expect(route, "a declared route").toBeDefined();
    const query = Object.fromEntries(new URL(call.path, "http://localhost").searchParams);
    if (route?.query) expect(route.query.safeParse(query).error).toBeUndefined();
    else expect(query).toEqual({});
    if (call.body === null) {
      expect(route?.body === undefined || route.body.safeParse(null).success).toBe(true);
      return;
    }
    const body = JSON.parse(call.body) as { kind: string; settings: unknown };
    expect(route?.body?.safeParse(body).error).toBeUndefined();
    const settings = settingsSchemas[call.path]?.(body.kind);
    expect(settings?.safeParse(body.settings).error).toBeUndefined();
  });

  it("shows the same commands in Russian", () => {
    const skeleton = (text: string) =>
      blocks(text).map(block =>
        block.replace(/-d '(?:[^']|'"\$\w+"')*'/g, "-d").replace(/\S+=https:\S+/g, ""),
      );
    expect(skeleton(readText(russian))).toEqual(skeleton(readText(english)));
    expect(callsOf(readText(russian)).map(({ path }) => path)).toEqual(calls.map(({ path }) => path));
    for (const call of callsOf(readText(russian)))
      if (call.body !== null)
        expect(routeOf(call)?.body?.safeParse(JSON.parse(call.body)).error, call.path).toBeUndefined();
  });

  it("describes the same variables with the same defaults in Russian", () => {
    const table = tableOf(readText(russian));
    expect(facts(table)).toEqual(facts(tableOf(readText(english))));
    expect(facts(table)).toHaveLength(variables.length);
  });
});

describe("links of the pages that people read", () => {
  const pages = [english, russian, "CONTRIBUTING.md", "docs/operations.md"] as const;
  it.each(pages)("%s points at files that are there", page => {
    const targets = [...readText(page as string).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
      match => match[1] as string,
    );
    expect(targets.filter(target => !existsSync(join(root, dirname(page as string), target)))).toEqual([]);
  });
});
