import { type Document, isMap, LineCounter, type Node, parseDocument, type Scalar } from "yaml";
import { complaintsOf, type Issue } from "#domain/complaint.ts";
import { InputError } from "#domain/errors.ts";
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
  const complaints = complaintsOf(error.issues as readonly Issue[], {
    where: "file",
    given,
    schema: configSchema,
  });
  const told = complaints.map(({ path, message }) => `line ${lineOf(document, lines, path)}: ${message}`);
  const more = told.length - shownProblems;
  throw new InputError(
    [...told.slice(0, shownProblems), ...(more > 0 ? [`and ${more} more`] : [])].join("\n"),
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

/** The line on which the nearest part of the path begins that the file has; of a field, with its name. */
function lineOf(document: Document, lines: LineCounter, path: string): number {
  const steps = path.split(".");
  for (let length = steps.length; length > 0; length--) {
    const start = startOf(document, steps.slice(0, length));
    if (start !== undefined) return lines.linePos(start).line;
  }
  return 1;
}

function startOf(document: Document, steps: readonly string[]): number | undefined {
  const around = document.getIn(steps.slice(0, -1), true);
  const pair = isMap<Scalar>(around) ? around.items.find(({ key }) => key.value === steps.at(-1)) : undefined;
  const node = pair?.key ?? (document.getIn(steps, true) as Node | undefined);
  return node?.range?.[0];
}
