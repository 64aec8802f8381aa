import { randomBytes } from "node:crypto";
import { Option } from "commander";
import { durationMs } from "#domain/duration.ts";
import { InputError } from "#domain/errors.ts";
import { createKey, newKeyText } from "#pipeline/keys.ts";
import { byOperator } from "#pipeline/operator.ts";
import type { AddCommand, CliContext } from "./define.ts";

const roles = ["admin", "manager", "approver", "analyst", "ingest"] as const;

interface Options {
  name: string;
  role: (typeof roles)[number];
  brand?: string[];
  person?: string;
  expires?: string;
  json?: boolean;
}

/** `key create`: a key for the API, shown once. */
export const addKey: AddCommand = (program, context) => {
  program
    .command("key")
    .description("keys of the API")
    .command("create")
    .description("make a key; its text is shown once and only its hash is kept")
    .requiredOption("--name <name>", "what the key is for")
    .addOption(new Option("--role <role>", "what it may do").choices(roles).makeOptionMandatory())
    .option("--brand <id...>", "the brands it may see; all without this")
    .option("--person <name>", "add this person and give the key to them; a service's key without this")
    .option("--expires <when>", 'a time such as 2027-01-01T00:00:00Z, or from now such as "90d"')
    .option("--json", "print JSON")
    .action((options: Options) => create(context, options));
};

async function create(context: CliContext, options: Options): Promise<void> {
  const { deps, close } = await context.connect();
  try {
    const text = newKeyText(size => randomBytes(size));
    const id = text.split("_")[1] as string;
    const key = {
      text,
      name: options.name,
      role: options.role,
      brandIds: options.brand ?? null,
      expiresAt: options.expires === undefined ? null : timeOf(options.expires, context.clock()),
      ...(options.person === undefined ? {} : { personName: options.person }),
    };
    await byOperator(deps, { action: "create", object: "key" }, async (tx, now) => ({
      result: await createKey(tx, key, now),
      objectId: id,
    }));
    const { name, role, brandIds, expiresAt } = key;
    context.out(
      options.json ? `${JSON.stringify({ id, key: text, name, role, brandIds, expiresAt })}\n` : `${text}\n`,
    );
    if (!options.json && context.isTerminal) context.err("Shown once: keep it now.\n");
  } finally {
    await close();
  }
}

function timeOf(text: string, now: Date): Date {
  if (/^\d+[a-z]+$/.test(text)) return new Date(now.getTime() + durationMs(text));
  const at = new Date(text);
  if (Number.isNaN(at.getTime()) || !/^\d{4}-/.test(text)) {
    throw new InputError(
      `--expires is "${text}"; expected a time such as 2027-01-01T00:00:00Z, or a duration such as "90d"`,
    );
  }
  return at;
}
