import type { FastifyInstance } from "fastify";

/**
 * Remembers the methods of every path registered from now on; the answer tells which a path has, `[]` for a
 * path that is not there at all.
 */
export function watchMethods(app: FastifyInstance): (path: string) => string[] {
  const known = new Map<string, { shape: RegExp; methods: Set<string> }>();
  app.addHook("onRoute", ({ url, method }) => {
    const entry = known.get(url) ?? { shape: shapeOf(url), methods: new Set() };
    for (const each of [method].flat()) entry.methods.add(each);
    known.set(url, entry);
  });
  return path =>
    [
      ...new Set([...known.values()].flatMap(({ shape, methods }) => (shape.test(path) ? [...methods] : []))),
    ].toSorted();
}

/** `/v1/brands/:id` as an expression over whole paths. */
function shapeOf(url: string): RegExp {
  const parts = url.split("/").map(part => {
    if (part.startsWith(":")) return "[^/]+";
    return part === "*" ? ".*" : RegExp.escape(part);
  });
  return new RegExp(`^${parts.join("/")}$`);
}
