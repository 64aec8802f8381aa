import { z } from "zod";
import { expectationOf, type SchemaIssue } from "#domain/expected.ts";
import { didYouMean } from "#domain/nearest.ts";

/** One thing that a schema found wrong, as the validator of the framework hands it on. */
export interface Violation {
  /** Zod's code of the issue. */
  keyword: string;
  instancePath: string;
  message: string;
  params: Partial<SchemaIssue> & {
    /** Of a field with several shapes: what is wrong with each of them. */
    errors?: readonly (readonly Issue[])[];
  };
}

interface Issue {
  code: string;
  path: readonly PropertyKey[];
  message: string;
}

/** What was checked: its name, as it came, and the schema that it should fit. */
export interface Checked {
  where: "body" | "querystring" | "params";
  given: unknown;
  schema: unknown;
}

/** One wrong field in words: what it is, what is expected, and what to write when that can be guessed. */
export interface Complaint {
  path: string;
  message: string;
}

const longestShown = 80;

/** What is wrong with a request, field by field. */
export function complaintsOf(violations: readonly Violation[], checked: Checked): Complaint[] {
  return violations.flatMap(nearestShape).flatMap(violation => {
    const steps = violation.instancePath.split("/").filter(step => step !== "");
    if (violation.keyword === "unrecognized_keys")
      return (violation.params.keys ?? []).map(key => unknownField(key, steps, checked));
    // A list of a query string came as one text, so its index says nothing to the caller.
    const path = (checked.where === "querystring" ? steps.slice(0, 1) : steps).join(".");
    const value = valueAt(checked, steps);
    const name = path === "" ? "The body" : path;
    return [{ path, message: `${name} ${saying(violation, value, isSecret(steps))}` }];
  });
}

/** Of a field with several shapes, what is wrong with the one that it is most like. */
function nearestShape(violation: Violation): readonly Violation[] {
  const [best] = (violation.params.errors ?? []).toSorted((a, b) => a.length - b.length);
  if (violation.keyword !== "invalid_union" || best === undefined) return [violation];
  return best.map(({ code, path, message, ...params }) => ({
    keyword: code,
    instancePath: [violation.instancePath.replace(/\/$/, ""), ...path].join("/"),
    message,
    params,
  }));
}

function unknownField(key: string, steps: readonly string[], { where, schema }: Checked): Complaint {
  const what = where === "querystring" ? "query parameter" : "field";
  const known = knownFields(schema, steps);
  const guess = didYouMean(key, known);
  const list = known.length === 0 ? "there are none here" : `expected ${known.join(", ")}`;
  const path = [...steps, key].join(".");
  return { path, message: `There is no ${what} "${cut(path)}"${guess === "" ? `; ${list}` : guess}` };
}

/** Names of the fields at a place of a schema; none where it has several shapes. */
function knownFields(schema: unknown, steps: readonly string[]): string[] {
  const here = bare(schema);
  const [step, ...rest] = steps;
  if (step === undefined) return here instanceof z.ZodObject ? Object.keys(here.shape) : [];
  if (here instanceof z.ZodObject) return knownFields(here.shape[step], rest);
  return here instanceof z.ZodArray ? knownFields(here.element, rest) : [];
}

function bare(schema: unknown): unknown {
  const isWrapped =
    schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault;
  return isWrapped ? bare(schema.unwrap()) : schema;
}

function valueAt({ where, given }: Checked, steps: readonly string[]): unknown {
  let value = given;
  for (const [depth, step] of steps.entries()) {
    if (where === "querystring" && depth === 1) value = [value].flat().flatMap(part => `${part}`.split(","));
    value = isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

const isSecret = (steps: readonly string[]): boolean =>
  steps.some(step => step === "credentials" || step === "settings");

function saying(violation: Violation, value: unknown, secret: boolean): string {
  const expected = expectationOf({
    ...violation.params,
    code: violation.keyword,
    message: violation.message,
  });
  if (value === undefined || value === null) return `is missing${expected && `; ${expected}`}`;
  const { origin } = violation.params;
  const isLong = violation.keyword.startsWith("too_") && (origin === "string" || origin === "array");
  const is = isLong ? `has ${sizeOf(value, origin)}` : `is ${shown(value, secret)}`;
  const guess =
    typeof value === "string" && !secret
      ? didYouMean(value, (violation.params.values ?? []).map(String))
      : "";
  return `${is}; ${expected || violation.message}${guess}`;
}

const sizeOf = (value: unknown, origin: string): string =>
  `${(value as string | unknown[]).length ?? 0} ${origin === "string" ? "characters" : "items"}`;

/** A value short enough to show; of what may be a secret only its type. */
function shown(value: unknown, secret: boolean): string {
  if (Array.isArray(value) && value.length !== 0 && !value.every(part => typeof part === "string"))
    return "a list";
  if (isRecord(value) && !Array.isArray(value)) return "an object";
  if (secret && typeof value === "string") return "a text";
  return cut(JSON.stringify(value));
}

const cut = (text: string): string =>
  text.length > longestShown ? `${text.slice(0, longestShown).toWellFormed()}…` : text;
