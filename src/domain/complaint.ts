import { z } from "zod";
import { type Complaint, InputError } from "./errors.ts";
import { expectationOf, type SchemaIssue, typeWordOf } from "./expected.ts";
import { didYouMean } from "./nearest.ts";

/** One thing that a schema found wrong. */
export interface Issue extends SchemaIssue {
  readonly path: readonly PropertyKey[];
  /** Of a field with several shapes: what is wrong with each of them. */
  readonly errors?: readonly (readonly Issue[])[];
  /** Of a field that chooses among shapes: what it may be. */
  readonly options?: readonly unknown[];
}

/** What was checked: its name, as it came, and the schema that it should fit. */
export interface Checked {
  where: "body" | "querystring" | "params" | "file";
  given: unknown;
  schema: unknown;
}

const longestShown = 80;

const wholes = { body: "The body", querystring: "The query", params: "The path", file: "The file" };

/** Nobody reads more, and each unknown field is compared with the known ones. */
const mostComplaints = 100;

/** What is wrong with what was given, field by field. */
export function complaintsOf(issues: readonly Issue[], checked: Checked): Complaint[] {
  const first = issues.slice(0, mostComplaints).flatMap(issue => nearestShape(issue, checked));
  return first.flatMap(issue => {
    const steps = issue.path.map(String);
    if (issue.code === "unrecognized_keys") return unknownFields(issue.keys ?? [], steps, checked);
    // A list of a query string came as one text, so its index says nothing to the caller.
    const path = (checked.where === "querystring" ? steps.slice(0, 1) : steps).join(".");
    const value = valueAt(checked, steps);
    const name = path === "" ? wholes[checked.where] : path;
    return [{ path, message: `${name} ${saying(issue, value, isSecret(steps))}` }];
  });
}

/** Of a field with several shapes, what is wrong with the one that it is most like. */
function nearestShape(issue: Issue, checked: Checked): readonly Issue[] {
  if (issue.code !== "invalid_union") return [issue];
  if (issue.options !== undefined) return [{ ...issue, code: "invalid_value", values: issue.options }];
  const best = mostAlike(issue.errors ?? [], valueAt(checked, issue.path.map(String)));
  // Words of our own about all shapes say more than those about one.
  if (best === undefined || /^expected/i.test(issue.message)) return [issue];
  return best.flatMap(inner => nearestShape({ ...inner, path: [...issue.path, ...inner.path] }, checked));
}

/**
 * What is wrong with a value by the shape that it is most like: it is of that type, and has the fewest fields that the
 * shape does not know, then the fewest missing.
 */
function mostAlike<Of extends Pick<Issue, "code" | "path" | "keys">>(
  shapes: readonly (readonly Of[])[],
  value: unknown,
): readonly Of[] | undefined {
  const isMissing = ({ path }: Of) => path.length > 0 && fieldAt(value, path.map(String)) === undefined;
  const faults = (issues: readonly Of[]) => [
    issues.filter(({ code, path }) => code === "invalid_type" && path.length === 0).length,
    issues.flatMap(({ keys = [] }) => keys).length,
    issues.filter(isMissing).length,
    issues.length,
  ];
  const compare = (a: readonly number[], b: readonly number[]) =>
    a.map((count, n) => count - (b[n] as number)).find(difference => difference !== 0) ?? 0;
  return shapes.toSorted((a, b) => compare(faults(a), faults(b)))[0];
}

function unknownFields(
  keys: readonly string[],
  steps: readonly string[],
  { where, given, schema }: Checked,
): Complaint[] {
  const what = where === "querystring" ? "query parameter" : "field";
  const known = knownFields(schema, steps, given);
  const list = known.length === 0 ? "there are none here" : `expected ${known.join(", ")}`;
  return keys.slice(0, mostComplaints).map(key => {
    const guess = didYouMean(key, known);
    const path = [...steps, key].join(".");
    return { path, message: `There is no ${what} "${cut(path)}"${guess === "" ? `; ${list}` : guess}` };
  });
}

/** Names of the fields at a place of a schema, in the shape that the given value is most like. */
function knownFields(schema: unknown, steps: readonly string[], given: unknown): string[] {
  const here = bare(schema);
  const [step, ...rest] = steps;
  if (here instanceof z.ZodUnion) return knownFields(shapeFor(here, given), steps, given);
  if (step === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
  const inner = isRecord(given) ? given[step] : undefined;
  if (here instanceof z.ZodObject) return knownFields(here.shape[step], rest, inner);
  return here instanceof z.ZodArray ? knownFields(here.element, rest, inner) : [];
}

/** The shape of a union that a value means: by the field that chooses, or the one that it is most like. */
function shapeFor(union: z.ZodUnion, given: unknown): unknown {
  if (!(union instanceof z.ZodDiscriminatedUnion) || !isRecord(given)) {
    const faults = union.options.map(shape => z.safeParse(shape, given).error?.issues ?? []);
    return union.options[faults.indexOf(mostAlike(faults, given) as (typeof faults)[number])];
  }
  const field = union.def.discriminator;
  return union.options.find(
    shape => shape instanceof z.ZodObject && z.safeParse(shape.shape[field], given[field]).success,
  );
}

function bare(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault;
  return isWrapped ? bare(schema.unwrap()) : schema;
}

function valueAt({ where, given }: Checked, steps: readonly string[]): unknown {
  if (where !== "querystring" || steps.length < 2) return fieldAt(given, steps);
  const [first = "", ...rest] = steps;
  const list = [fieldAt(given, [first])].flat().flatMap(part => `${part}`.split(","));
  return fieldAt(list, rest);
}

function fieldAt(given: unknown, steps: readonly string[]): unknown {
  let value = given;
  for (const step of steps) value = isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isSecret = (steps: readonly string[]): boolean =>
  steps.some(step => step === "credentials" || step === "settings");

function saying(issue: Issue, value: unknown, secret: boolean): string {
  const expected = expectationOf(issue);
  if (value === undefined || value === null) return `is missing${expected && `; ${expected}`}`;
  const { origin } = issue;
  const isLong = issue.code.startsWith("too_") && (origin === "string" || origin === "array");
  const is = isLong ? `has ${sizeOf(value, origin)}` : `is ${shown(value, secret)}`;
  const guess =
    typeof value === "string" && !secret ? didYouMean(value, (issue.values ?? []).map(String)) : "";
  return `${is}; ${expected || issue.message}${guess}`;
}

const sizeOf = (value: unknown, origin: string): string =>
  `${(value as string | unknown[]).length ?? 0} ${origin === "string" ? "characters" : "items"}`;

/** A value short enough to show; of what may be a secret only its type. */
function shown(value: unknown, secret: boolean): string {
  const isShown = Array.isArray(value) ? value.every(part => typeof part === "string") : !isRecord(value);
  return isShown && !secret ? cut(JSON.stringify(value)) : typeWordOf(value);
}

const cut = (text: string): string =>
  text.length > longestShown ? `${text.slice(0, longestShown).toWellFormed()}…` : text;

/** Told at once to people who read one text; programs get all of them. */
const shownComplaints = 5;

/**
 * What the schema makes of a value, or an InputError with every wrong field of it, each by its path from \`name\`.
 * \`advice\` ends the error's own text.
 */
export function readAs<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { name, advice = "" }: { name: string; advice?: string },
): z.output<Schema> {
  const whole = z.object({ [name]: schema });
  const given = { [name]: value };
  const { data, error } = whole.safeParse(given);
  if (error === undefined) return data[name] as z.output<Schema>;
  const complaints = complaintsOf(error.issues as readonly Issue[], { where: "body", given, schema: whole });
  const told = complaints.slice(0, shownComplaints).map(({ message }) => message);
  const leftOut = complaints.length - told.length;
  const more = leftOut > 0 ? ` (${leftOut} more)` : "";
  throw new InputError(`${told.join(". ")}${more}${advice && `. ${advice}`}`, complaints);
}
