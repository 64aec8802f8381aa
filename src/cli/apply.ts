import { randomBytes } from "node:crypto";
import { InputError } from "#domain/errors.ts";
import { applyConfig } from "#pipeline/apply/apply.ts";
import type { Applied, FieldChange } from "#pipeline/apply/difference.ts";
import { readConfig } from "#pipeline/apply/read.ts";
import type { AddCommand, CliContext } from "./define.ts";

const help = `
The file is YAML: brands, sources, channels, rules; see config/molva.example.yaml. Things are known by their
names. What the file does not name stays as it is; the same file again changes nothing. \${NAME} in a value is
the environment's variable, so that secrets can stay out of the file.`;

/** `apply FILE`: brings brands, sources, channels and rules to what a file says. */
export const addApply: AddCommand = (program, context) => {
  program
    .command("apply")
    .description("set up brands, sources, channels and rules from one file")
    .argument("<file>", "YAML, such as config/molva.yaml")
    .option("--dry-run", "check everything and show the difference, change nothing")
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action((path: string, { dryRun = false, json = false }: { dryRun?: boolean; json?: boolean }) =>
      run(context, path, dryRun, json),
    );
};

async function run(context: CliContext, path: string, dryRun: boolean, json: boolean): Promise<void> {
  const text = await context.readText(path).catch(() => {
    throw new InputError(`"${path}" cannot be read; expected a YAML file such as config/molva.example.yaml`);
  });
  const config = readConfig(text, context.variable);
  const { deps, net, close } = await context.connect();
  try {
    const checkAddress = (url: string): void => {
      if (!net.mayAsk(url))
        throw new InputError(`${url} may not be reached; MOLVA_EGRESS_ALLOW can list its host`);
    };
    const changes = await applyConfig(deps, config, { dryRun, randomBytes, checkAddress });
    context.out(
      json
        ? `${JSON.stringify({ dryRun, changes: changes.map(one => shown(one, dryRun)) })}\n`
        : said(changes, dryRun),
    );
  } finally {
    await close();
  }
}

/** A secret made by a dry run is not one. */
function shown({ issued, ...one }: Applied, dryRun: boolean): Applied {
  return dryRun || issued === undefined ? one : { ...one, issued };
}

const signs = { create: "+", update: "~", keep: "=" } as const;

function said(changes: readonly Applied[], dryRun: boolean): string {
  const lines = changes.flatMap(one => {
    if (one.action === "keep") return [];
    const { object, name, action, fields, issued = {} } = shown(one, dryRun);
    const secrets = Object.entries(issued).map(([field, value]) => `    ${field}: ${value} (shown once)`);
    const details = action === "update" ? fields.map(fieldLine) : [];
    return [`${signs[action]} ${object} ${name}`, ...details, ...secrets];
  });
  const kept = changes.filter(({ action }) => action === "keep").length;
  const summary = `${dryRun ? "Would change" : "Changed"} ${changes.length - kept}, ${kept} as they should be`;
  return `${[...lines, summary].join("\n")}\n`;
}

const longest = 200;
const short = (value: unknown): string => (JSON.stringify(value) ?? "nothing").slice(0, longest);
const fieldLine = ({ field, before, after }: FieldChange): string =>
  `    ${field}: ${short(before)} → ${short(after)}`;
