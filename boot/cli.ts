import { readFile } from "node:fs/promises";
import { Command } from "commander";
import type { CliContext } from "#cli/define.ts";
import { commands } from "#cli/registry.ts";
import { EnvError, readEnv } from "#config/env.ts";
import { createNet } from "#net/client.ts";
import { createLog } from "./log.ts";
import { migrateAll, openDatabase, openRuntime } from "./runtime.ts";
import { serve } from "./serve.ts";
import { roles } from "./start.ts";

/** The `molva` program: roles that run, and the commands of src/cli. */
export async function runCli(argv: readonly string[]): Promise<void> {
  const program = new Command("molva").description("Self-hosted reputation monitoring").showHelpAfterError();
  addStart(program);
  for (const role of roles) {
    program
      .command(role)
      .description(`run the ${role} alone`)
      .action(async () => end(await serve({ env: readEnv(process.env), roles: [role], demo: false, print })));
  }
  program
    .command("migrate")
    .description("bring the database to the newest schema")
    .action(async () => print(await migrateNow()));
  const context = cliContext();
  for (const add of commands) add(program, context);
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    process.stderr.write(`${said(error)}\n`);
    end(1);
  }
}

function addStart(program: Command): void {
  program
    .command("start", { isDefault: true })
    .description("everything in one process, on an embedded PostgreSQL unless DATABASE_URL is set")
    .option("--demo", "add a demo brand whose pages this program serves itself")
    .action(async ({ demo = false }: { demo?: boolean }) =>
      end(await serve({ env: readEnv(process.env), roles, demo, print })),
    );
}

async function migrateNow(): Promise<string> {
  const env = readEnv(process.env);
  const database = await openDatabase(env, createLog("warn"));
  try {
    const steps = database.embedded ? [] : await migrateAll(database);
    return steps.length === 0 ? "The database is up to date.\n" : `Applied: ${steps.join(", ")}\n`;
  } finally {
    await database.stop();
  }
}

const print = (text: string): void => void process.stdout.write(text);
const end = (code: number): void => {
  process.exitCode = code;
};

/** Errors of people get their one line; those of the program keep the stack. */
function said(error: unknown): string {
  if (error instanceof EnvError) return error.message;
  if (error instanceof Error && "code" in error && "retry" in error) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function cliContext(): CliContext {
  const netOf = () => {
    const env = readEnv(process.env);
    return createNet({ allow: env.MOLVA_EGRESS_ALLOW, userAgent: "Molva/0.1", contact: env.MOLVA_CONTACT });
  };
  return {
    connect: () =>
      openRuntime({
        env: readEnv(process.env),
        log: createLog("warn", line => process.stderr.write(line)),
        maxConnections: 5,
        statementTimeoutMs: 600_000,
        name: "cli",
      }),
    openNet: netOf,
    out: print,
    err: text => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    readText: path => readFile(path, "utf8"),
    stdin: process.stdin,
    setExitCode: end,
    clock: () => new Date(),
  };
}
