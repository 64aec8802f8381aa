import type { z } from "zod";

/** The JSON of a value with nothing in it but what the schema names; undefined: the value does not fit. */
type Write = (value: unknown) => string | undefined;

type Schema = z.core.$ZodTypes;
type Kind = Schema["_zod"]["def"]["type"];
type Def<K extends Kind> = Extract<Schema["_zod"]["def"], { type: K }>;

/**
 * Makes of a schema what writes its values. It reads the schema once and not at each value: types, absent and
 * unknown fields and fixed values are seen to, formats and lengths are not. A kind of schema that it does not
 * know is an error here, before anything is answered.
 */
export function answerWriter(schema: z.core.$ZodType): Write {
  const { def } = (schema as Schema)._zod;
  const make = writers[def.type] as ((def: Schema["_zod"]["def"]) => Write) | undefined;
  if (make === undefined) {
    throw new Error(`An answer cannot hold z.${def.type}(): teach src/api/answer-text.ts to write it`);
  }
  return make(def);
}

const writers: { [K in Kind]?: (def: Def<K>) => Write } = {
  string: () => value => (typeof value === "string" ? quoted(value) : undefined),
  number: () => value => (Number.isFinite(value) ? `${value}` : undefined),
  boolean: () => value => (typeof value === "boolean" ? `${value}` : undefined),
  date: () => value => (isInstant(value) ? instantText(value) : undefined),
  null: () => oneOf([null]),
  undefined: () => () => undefined,
  unknown: () => value => JSON.stringify(value),
  enum: def => oneOf(Object.values(def.entries)),
  literal: def => oneOf(def.values),
  nullable: def => {
    const write = answerWriter(def.innerType);
    return value => (value === null ? "null" : write(value));
  },
  optional: def => answerWriter(def.innerType),
  array: def => listWriter(answerWriter(def.element)),
  record: def => recordWriter(answerWriter(def.valueType)),
  object: def => objectWriter(def.shape),
  union: def => firstOf(def.options.map(answerWriter)),
};

/** Anything but what JSON takes as it is: quotes, backslashes, control characters, halves of pairs. */
const needsEscape = /[^ !#-[\]-\ud7ff\ue000-\uffff]/;
/** Searching a longer text for what must be escaped costs more than it spares. */
const searchedLength = 5_000;

const quoted = (text: string): string =>
  text.length < searchedLength && !needsEscape.test(text) ? `"${text}"` : JSON.stringify(text);

const isInstant = (value: unknown): value is Date => value instanceof Date && !Number.isNaN(value.getTime());

const two = (value: number): string => (value < 10 ? `0${value}` : `${value}`);

/** As toISOString writes it, in a third of its time: a year of days is 730 of them. */
function instantText(at: Date): string {
  const year = at.getUTCFullYear();
  if (year < 1000 || year > 9999) return `"${at.toISOString()}"`;
  const day = `${year}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())}`;
  const ms = at.getUTCMilliseconds();
  const second = `${two(at.getUTCSeconds())}.${ms < 100 ? "0" : ""}${two(ms)}`;
  return `"${day}T${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${second}Z"`;
}

function oneOf(values: readonly unknown[]): Write {
  const texts = new Map(values.map(value => [value, JSON.stringify(value)]));
  return value => texts.get(value);
}

function firstOf(writes: readonly Write[]): Write {
  return value => {
    for (const write of writes) {
      const text = write(value);
      if (text !== undefined) return text;
    }
    return undefined;
  };
}

function listWriter(write: Write): Write {
  return value => {
    if (!Array.isArray(value)) return undefined;
    let text = "";
    for (const item of value) {
      const written = write(item);
      if (written === undefined) return undefined;
      text += text === "" ? written : `,${written}`;
    }
    return `[${text}]`;
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function recordWriter(write: Write): Write {
  return value => {
    if (!isObject(value)) return undefined;
    let text = "";
    for (const [name, item] of Object.entries(value)) {
      // Who merges the answer into an object of his own must not get a prototype from us.
      if (item === undefined || name === "__proto__") continue;
      const written = write(item);
      if (written === undefined) return undefined;
      text += `${text === "" ? "" : ","}${quoted(name)}:${written}`;
    }
    return `{${text}}`;
  };
}

function objectWriter(shape: Def<"object">["shape"]): Write {
  const fields = Object.entries(shape).map(([name, field]) => ({
    name,
    label: `${JSON.stringify(name)}:`,
    nextLabel: `,${JSON.stringify(name)}:`,
    mayBeAbsent: field._zod.optin === "optional" || field._zod.def.type === "unknown",
    write: answerWriter(field),
  }));
  return value => {
    if (!isObject(value)) return undefined;
    let text = "";
    for (const { name, label, nextLabel, mayBeAbsent, write } of fields) {
      const field = value[name];
      if (field === undefined && mayBeAbsent) continue;
      const written = write(field);
      if (written === undefined) return undefined;
      text += text === "" ? label + written : nextLabel + written;
    }
    return `{${text}}`;
  };
}
