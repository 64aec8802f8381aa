import { type Document, isMap, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError } from "#domain/errors.ts";
import { didYouMean } from "#domain/nearest.ts";
import { sourceKinds } from "#sources/registry.ts";
import { type Config, configSchema } from "./schema.ts";

const maxChars = 1024 * 1024;
const maxAliases = 100;
const shownProblems = 20;

/** A variable of the environment, or undefined. */
export type Variable = (name: string) => string | undefined;

/**
 * Reads the file that `apply` takes. `${NAME}` in a value is the environment's variable, so that secrets can
 * stay out of the file. Whatever does not fit is an InputError with the line and the path of each mistake.
 */
export function readConfig(text: string, variable: Variable): Config {
  if (text.length > maxChars) throw new InputError(`The file is longer than ${maxChars} characters`);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: true });
  const [broken] = [...document.errors, ...document.warnings];
  if (broken) throw new InputError(`The file is no YAML: ${broken.message}`);
  const given = filled(plainOf(document), variable, []) ?? {};
  const { data, error } = configSchema.safeParse(given);
  if (error === undefined) return data;
  const problems = error.issues.map(issue => said(issue, given, line(document, lines, issue.path)));
  const more = problems.length - shownProblems;
  throw new InputError(
    [...problems.slice(0, shownProblems), ...(more > 0 ? [`and ${more} more`] : [])].join("\n"),
  );
}

function plainOf(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (error) {
    throw new InputError(`The file is refused: ${error instanceof Error ? error.message : "not understood"}`);
  }
}

/** The same value with the variables in its texts; an unset one is an error that names its place. */
function filled(value: unknown, variable: Variable, path: readonly string[]): unknown {
  if (typeof value === "string") {
    return value.replace(/\$\{([A-Z_][A-Z0-9_]*)\}/g, (_all, name: string) => {
      const found = variable(name);
      if (found !== undefined && found !== "") return found;
      throw new InputError(
        `${path.join(".")}: the variable ${name} is not set; expected it in the environment`,
      );
    });
  }
  if (Array.isArray(value))
    return value.map((each, index) => filled(each, variable, [...path, String(index)]));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, filled(each, variable, [...path, key])]),
  );
}

type Issue = z.core.$ZodIssue;

/** The line on which the nearest part of the path stands that the file has. */
function line(document: Document, lines: LineCounter, path: Issue["path"]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as
      | { range?: [number, number, number] }
      | undefined;
    if (node?.range) return lines.linePos(node.range[0]).line;
  }
  return isMap(document.contents) ? 1 : 0;
}

function said(issue: Issue, given: unknown, at: number): string {
  const where = issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  return `line ${Math.max(at, 1)}: ${where}${messageOf(issue, given)}`;
}

function messageOf(issue: Issue, given: unknown): string {
  if (issue.code === "invalid_union" && issue.path.at(-1) === "kind") return unknownKind(issue, given);
  if (issue.code === "unrecognized_keys" && issue.path.at(-1) === "settings")
    return unknownSetting(issue, given);
  return issue.message;
}

const valueAt = (given: unknown, path: Issue["path"]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], given);

function unknownKind(issue: Issue, given: unknown): string {
  const kind = String(valueAt(given, issue.path));
  const known = issue.path[0] === "sources" ? sourceKinds.map(({ id }) => id) : [];
  return `there is no kind "${kind.slice(0, 100)}"${didYouMean(kind, known)}${known.length > 0 ? ` Known: ${known.join(", ")}` : ""}`;
}

/** Keys of settings that a source kind does not have. */
function unknownSetting(issue: Issue & { code: "unrecognized_keys" }, given: unknown): string {
  const kindId = valueAt(given, [...issue.path.slice(0, -1), "kind"]);
  const schema = sourceKinds.find(({ id }) => id === kindId)?.settings as { shape?: object } | undefined;
  const known = Object.keys(schema?.shape ?? {});
  const [key] = issue.keys as [string];
  return `unknown key "${key}"${didYouMean(key, known)}${known.length > 0 ? ` Known: ${known.join(", ")}` : ""}`;
}
