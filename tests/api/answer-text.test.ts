import fc from "fast-check";
import Fastify from "fastify";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { answerCompiler } from "#api/answer-compiler.ts";
import { answerWriter } from "#api/answer-text.ts";
import { allRoutes } from "#api/routes.ts";
import { instant } from "#api/shape.ts";

const planted = "a column that nobody named";
const secrets = { plantedHash: planted, plantedCredentials: { token: planted } };

describe("nothing leaves but what the schema names", () => {
  const person = z.object({ name: z.string() });
  const cases: [string, z.ZodType, unknown, string][] = [
    ["an object", person, { ...secrets, name: "Вера" }, '{"name":"Вера"}'],
    ["an item of a list", z.array(person), [{ name: "a", ...secrets }], '[{"name":"a"}]'],
    ["a nested object", z.object({ of: person }), { of: { name: "a", ...secrets } }, '{"of":{"name":"a"}}'],
    ["a nullable object", person.nullable(), { name: "a", ...secrets }, '{"name":"a"}'],
    [
      "an optional object",
      z.object({ of: person.optional() }),
      { of: { name: "a", ...secrets } },
      '{"of":{"name":"a"}}',
    ],
    [
      "a value of a record",
      z.record(z.string(), person),
      { k: { name: "a", ...secrets } },
      '{"k":{"name":"a"}}',
    ],
    [
      "the first option of a union",
      z.union([z.object({ gone: z.literal(true) }), person]),
      { gone: true, ...secrets },
      '{"gone":true}',
    ],
    [
      "a later option of a union",
      z.union([z.object({ gone: z.literal(true) }), person]),
      { name: "a", ...secrets },
      '{"name":"a"}',
    ],
    [
      "an object that takes no other fields in",
      z.strictObject({ n: z.int() }),
      { n: 1, ...secrets },
      '{"n":1}',
    ],
  ];
  it.each(cases)("%s", (_name, schema, value, text) => {
    expect(answerWriter(schema)(value)).toBe(text);
  });

  it("through Fastify, whatever the handler sends", async () => {
    const app = Fastify();
    app.setSerializerCompiler(answerCompiler({ check: false }));
    app.get("/", { schema: { response: { 200: z.array(person) } } }, async () => [{ name: "a", ...secrets }]);
    const { payload } = await app.inject("/");
    expect(payload).toBe('[{"name":"a"}]');
  });

  it("fields of a prototype, and a prototype as a field", () => {
    expect(answerWriter(z.object({ a: z.int() }))(Object.create({ a: 1, b: 2 }))).toBe('{"a":1}');
    const parsed = JSON.parse('{"__proto__":1,"b":2}');
    expect(answerWriter(z.record(z.string(), z.int()))(parsed)).toBe('{"b":2}');
  });
});

/** A value as the schema names it, and the same with a planted field in every object. */
interface Pair {
  clean: unknown;
  dirty: unknown;
}
type Def = z.core.$ZodTypes["_zod"]["def"];

const same = (values: fc.Arbitrary<unknown>): fc.Arbitrary<Pair> =>
  values.map(value => ({ clean: value, dirty: value }));
const defOf = (schema: z.core.$ZodType) => (schema as z.core.$ZodTypes)._zod.def;
const text = fc.string({ unit: "binary", maxLength: 60 });
const halves = fc.constantFrom("\ud83d", "\udc4d\ud83d", '"', "\\", "\u2028", "\u0000", "\u007f");
const instants = fc.date({ noInvalidDate: true });

/** Builds pairs for any schema by its own reading of it, so that the expected text owes nothing to the writer. */
function pairs(def: Def): fc.Arbitrary<Pair> {
  switch (def.type) {
    case "string":
      return same(fc.oneof(text, halves));
    case "number":
      return same(fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })));
    case "boolean":
      return same(fc.boolean());
    case "date":
      return same(instants);
    case "null":
      return same(fc.constant(null));
    case "enum":
      return same(fc.constantFrom(...Object.values(def.entries)));
    case "literal":
      return same(fc.constantFrom(...def.values));
    case "unknown":
      return same(fc.jsonValue({ maxDepth: 2 }));
    case "nullable":
      return fc.oneof(same(fc.constant(null)), pairs(defOf(def.innerType)));
    case "optional":
      return fc.oneof(same(fc.constant(undefined)), pairs(defOf(def.innerType)));
    case "array":
      return fc.array(pairs(defOf(def.element)), { maxLength: 3 }).map(items => ({
        clean: items.map(item => item.clean),
        dirty: items.map(item => item.dirty),
      }));
    case "record":
      return named(fc.array(fc.tuple(fc.uuid(), pairs(defOf(def.valueType))), { maxLength: 2 }), {});
    case "object": {
      const fields = Object.entries(def.shape).map(([name, field]) =>
        fc.tuple(fc.constant(name), pairs(defOf(field))),
      );
      return named(fc.tuple(...fields), secrets);
    }
    case "union":
      return fc.oneof(...def.options.map(option => pairs(defOf(option))));
    default:
      throw new Error(`no values of z.${def.type}()`);
  }
}

const named = (entries: fc.Arbitrary<[string, Pair][]>, more: object): fc.Arbitrary<Pair> =>
  entries.map(fields => ({
    clean: Object.fromEntries(fields.map(([name, { clean }]) => [name, clean])),
    dirty: { ...Object.fromEntries(fields.map(([name, { dirty }]) => [name, dirty])), ...more },
  }));

describe("every answer of the API", () => {
  const replies = allRoutes({} as never)
    .filter(({ reply }) => reply._zod.def.type !== "undefined")
    .map(({ method = "GET", url, reply }) => [`${method} ${url}`, reply] as const);

  it.each(replies)(
    "%s is JSON of the named fields, in their order, with instants as texts",
    (_name, reply) => {
      const write = answerWriter(reply);
      const check = ({ clean, dirty }: Pair) => {
        expect(write(dirty)).toBe(JSON.stringify(clean));
      };
      fc.assert(fc.property(pairs(defOf(reply)), check), { numRuns: 25 });
    },
  );
});

describe("what does not fit its schema does not leave", () => {
  const at = new Date("2026-11-20T09:14:03.007Z");
  const wrong: [string, z.ZodType, unknown][] = [
    ["null where a text belongs", z.string(), null],
    ["a number where a text belongs", z.string(), 5],
    ["a text where a number belongs", z.int(), "5"],
    ["no number", z.number(), Number.NaN],
    ["an infinite number", z.number(), Number.POSITIVE_INFINITY],
    ["a bigint", z.int(), 5n],
    ["a text where an instant belongs", instant, at.toISOString()],
    ["no instant", instant, new Date(Number.NaN)],
    ["a word that is none of the known", z.enum(["a", "b"]), "c"],
    ["an absent field", z.object({ a: z.int() }), {}],
    ["null where a field may be absent", z.object({ a: z.int().optional() }), { a: null }],
    ["a list where an object belongs", z.object({}), []],
    ["an object where a list belongs", z.array(z.int()), { 0: 1 }],
    ["a hole in a list", z.array(z.int()), [1, undefined]],
    ["none of the options", z.union([z.int(), z.null()]), "x"],
    [
      "a wrong value deep inside",
      z.array(z.object({ of: z.record(z.string(), z.int()) })),
      [{ of: { k: "1" } }],
    ],
  ];
  it.each(wrong)("%s", async (_name, schema, value) => {
    expect(answerWriter(schema)(value)).toBeUndefined();
    const app = Fastify();
    app.setSerializerCompiler(answerCompiler({ check: false }));
    app.get("/", { schema: { response: { 200: z.object({ value: schema }) } } }, async () => ({ value }));
    expect((await app.inject("/")).statusCode).toBe(500);
  });

  it("formats and lengths are seen to when the answers are checked", async () => {
    const asked = async (check: boolean) => {
      const app = Fastify();
      app.setSerializerCompiler(answerCompiler({ check }));
      app.get("/", { schema: { response: { 200: z.object({ id: z.uuid() }) } } }, async () => ({ id: "1" }));
      return (await app.inject("/")).statusCode;
    };
    expect(await asked(true)).toBe(500);
    expect(await asked(false)).toBe(200);
  });

  it("a schema that cannot be written is refused before anything is answered", () => {
    expect(() => answerWriter(z.object({ at: z.string().transform(Number) }))).toThrow("z.pipe()");
  });
});

it("long texts are escaped as short ones are", () => {
  for (const length of [100, 4_999, 5_000, 20_000]) {
    const long = `${"я".repeat(length - 1)}"`;
    expect(answerWriter(z.string())(long) === JSON.stringify(long)).toBe(true);
  }
});

describe("instants", () => {
  it.each([
    "2026-11-20T09:14:03.007Z",
    "2026-01-02T23:59:59.999Z",
    "1000-01-01T00:00:00.010Z",
    "0999-12-31T23:59:59.100Z",
    "+010000-01-01T00:00:00.000Z",
    "-000001-01-01T00:00:00.000Z",
  ])("%s", iso => {
    expect(answerWriter(instant)(new Date(iso))).toBe(`"${iso}"`);
  });
});
