import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { z } from "zod";
import { buildApp } from "#api/app.ts";
import type { ApiDeps } from "#api/define.ts";
import { titles } from "#api/problem.ts";
import { createProgram } from "#boot/cli.ts";
import type { CliContext } from "#cli/define.ts";
import { envSchema } from "#config/env.ts";
import { configJsonSchema } from "#pipeline/apply/schema.ts";
import type { AnySourceKind } from "#sources/define.ts";
import { sourceKinds } from "#sources/registry.ts";
import { codeWords, problemWords } from "./error-words.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));

const made = (title: string, intro: string): string =>
  `# ${title}\n\n<!-- Made from the code: \`npm run docs\` writes it anew, a test fails when it drifts. -->\n\n${intro}\n`;

/** Text within a table of Markdown. */
const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map(row => `| ${row.map(cell).join(" | ")} |`).join("\n");
const code = (text: string): string => `\`${text}\``;

function environmentPage(): string {
  const rows = Object.entries(envSchema).map(([name, schema]) => {
    const { defaultValue } = schema.def as { defaultValue?: unknown };
    const shown = Array.isArray(defaultValue) && defaultValue.length === 0 ? "empty" : String(defaultValue);
    return [
      code(name),
      schema.description ?? "",
      defaultValue === undefined ? "unset" : shown === "empty" ? shown : code(shown),
    ];
  });
  const intro = [
    "Every variable may also come as `NAME_FILE`, a file that holds the value. A wrong or missing value stops the",
    "start with one line that names the variable, what was given and what is expected.",
  ].join("\n");
  return `${made("Environment", intro)}\n${table(["Variable", "Meaning", "Default"], rows)}\n`;
}

interface Field {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  description?: string;
  default?: unknown;
  items?: Field;
  anyOf?: Field[];
  format?: string;
}

function typeOf({ type, enum: options, const: only, items, anyOf, format }: Field): string {
  if (only !== undefined) return JSON.stringify(only);
  if (options !== undefined) return options.map(option => JSON.stringify(option)).join(" · ");
  if (anyOf !== undefined) return anyOf.map(typeOf).join(" or ");
  if (type === "array" && items !== undefined) return `list of ${typeOf(items)}`;
  return [format ?? [type ?? "any"].flat().join(" or ")].join("");
}

function fieldsOf(schema: z.ZodType): string {
  const json = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as {
    properties?: Record<string, Field>;
    required?: string[];
  };
  const rows = Object.entries(json.properties ?? {}).map(([name, field]) => [
    code(name),
    typeOf(field),
    field.description ?? "",
    json.required?.includes(name)
      ? "required"
      : field.default === undefined
        ? ""
        : code(JSON.stringify(field.default)),
  ]);
  return rows.length === 0 ? "None." : table(["Field", "Type", "Meaning", "Default"], rows);
}

function replyFacts({ reply }: AnySourceKind): string {
  if (reply === undefined) return "no: people post the approved text themselves";
  const { kinds, minLength, maxLength, edits } = reply.limits;
  const editable = edits ? `, ${edits.count} edit within ${edits.withinMs / 86_400_000} days` : ", no edits";
  return `yes, to ${kinds.join(" and ")}: ${minLength} to ${maxLength} characters${editable}`;
}

function kindSection(kind: AnySourceKind): string {
  const facts = [
    ["Homepage", kind.homepage],
    ["Family", kind.family],
    ["Reached by", kind.via],
    ["Brings", kind.yields.join(", ")],
    ["Asked every", kind.request === undefined ? "never: texts are sent to it" : kind.every],
    ["Stale after", kind.staleAfter],
    ["On by default", kind.enabledByDefault ? "yes" : "no: its terms may forbid collecting; decide yourself"],
    ["Obeys robots.txt", kind.obeysRobots ? "yes" : "no: it is made to be asked by programs"],
    ["Can reply", replyFacts(kind)],
    ...kind.limits.map((limit, index) => [index === 0 ? "Limits" : "", limit]),
  ];
  return [
    `## \`${kind.id}\`: ${kind.title.en} (${kind.title.ru})`,
    table(["", ""], facts as string[][]),
    `### Settings\n\n${fieldsOf(kind.settings)}`,
    ...(kind.credentials === undefined ? [] : [`### Credentials\n\n${fieldsOf(kind.credentials)}`]),
    `### Example\n\n\`\`\`json\n${JSON.stringify({ kind: kind.id, ...kind.example }, null, 2)}\n\`\`\``,
  ].join("\n\n");
}

function sourceKindsPage(): string {
  const intro =
    "What Molva can collect from. `GET /v1/source-kinds` tells the same to programs; `molva source try` asks once.";
  return `${made("Source kinds", intro)}\n${sourceKinds.map(kindSection).join("\n\n")}\n`;
}

function errorsPage(): string {
  const problems = Object.entries(problemWords).map(([type, [statuses, what]]) => [
    code(type),
    statuses,
    titles[type as keyof typeof titles],
    what,
  ]);
  const codes = Object.entries(codeWords).map(([name, what]) => [code(name), what]);
  const intro = [
    "Errors of the API are `application/problem+json` (RFC 9457): `type` is `urn:molva:problem:` and one of these,",
    "`detail` says what was given, what is expected and what to do, `errors` names each wrong field.",
  ].join("\n");
  return `${[
    made("Errors", intro).trimEnd(),
    table(["Type", "Status", "Title", "Meaning"], problems),
    "## Error codes\n\nRuns (`GET /v1/runs`), failed jobs and the command line name errors by these codes.",
    table(["Code", "Meaning"], codes),
  ].join("\n\n")}\n`;
}

/** Asked for nothing when only help is printed. */
const noContext = {} as CliContext;

function commandHelp(command: Command): string {
  let text = "";
  const write = (part: string): void => {
    text += part;
  };
  command.configureHelp({ helpWidth: 100 }).configureOutput({ writeOut: write, writeErr: write });
  command.outputHelp();
  return text.trimEnd();
}

function commandSections(command: Command, path: string): string[] {
  const subcommands = command.commands.filter(sub => sub.name() !== "help");
  const own =
    subcommands.length > 0 && path !== "molva"
      ? []
      : [`## \`${path}\`\n\n\`\`\`text\n${commandHelp(command)}\n\`\`\``];
  return [...own, ...subcommands.flatMap(sub => commandSections(sub, `${path} ${sub.name()}`))];
}

function commandsPage(): string {
  const intro = [
    "`npm run molva -- <command>` in a checkout, `molva <command>` in the container. With `--json` programs can read",
    "what is printed. The exit code is not 0 when something failed; progress is drawn on terminals only.",
  ].join("\n");
  return `${made("Command line", intro)}\n${commandSections(createProgram(noContext), "molva").join("\n\n")}\n`;
}

async function openApi(): Promise<string> {
  const silent = () => {};
  const log: Record<string, unknown> = { level: "silent" };
  for (const level of ["fatal", "error", "warn", "info", "debug", "trace"]) log[level] = silent;
  log["child"] = () => log;
  const app = await buildApp({ log, trustProxy: false } as unknown as ApiDeps);
  try {
    return json(app.swagger());
  } finally {
    await app.close();
  }
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Every page that is made from the code, by its path from the root. */
export async function pages(): Promise<Record<string, string>> {
  return {
    "docs/environment.md": environmentPage(),
    "docs/source-kinds.md": sourceKindsPage(),
    "docs/errors.md": errorsPage(),
    "docs/cli.md": commandsPage(),
    "docs/openapi.json": await openApi(),
    "config/molva.schema.json": json(configJsonSchema()),
  };
}

/** Error codes that the source text names. */
export function codesInSource(): string[] {
  const files = readdirSync(`${root}src`, { recursive: true, encoding: "utf8" }).filter(file =>
    file.endsWith(".ts"),
  );
  const texts = [...files.map(file => `src/${file}`), "boot/secret-box.ts"].map(file =>
    readFileSync(root + file, "utf8"),
  );
  const found = texts.flatMap(text => [
    ...[...text.matchAll(/(?:super|new MolvaError)\(\s*"([a-z][a-z-]*)",/g)].map(match => match[1] as string),
    ...[...text.matchAll(/new TransportError\(\s*"([a-z-]+)"/g)].map(match => `transport-${match[1]}`),
    ...[...text.matchAll(/errorCode: "([a-z-]+)"/g)].map(match => match[1] as string),
  ]);
  return [...new Set(found)].toSorted();
}
