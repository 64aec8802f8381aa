import { readFileSync } from "node:fs";
import { Command } from "commander";
import type { CliContext } from "#cli/define.ts";
import { commands } from "#cli/registry.ts";
import { EnvError, readEnv } from "#config/env.ts";
import { endWithReader, processContext } from "./cli-context.ts";
import { type RunningRole, roles } from "./roles.ts";

/** Runs the `molva` program on these arguments; without any it starts everything. */
export async function runCli(argv: readonly string[]): Promise<void> {
  endWithReader();
  try {
    await createProgram(processContext()).parseAsync(argv.length > 2 ? [...argv] : [...argv, "start"]);
  } catch (error) {
    process.stderr.write(`${said(error)}\n`);
    end(1);
  }
}

/** The roles that run, and the commands of src/cli; the reference page is made from it. */
export function createProgram(context: CliContext): Command {
  const program = new Command("molva")
    .description("Self-hosted reputation monitoring")
    .version(programVersion())
    .showHelpAfterError();
  addStart(program);
  for (const role of roles) {
    program
      .command(role)
      .description(`run the ${role} alone`)
      .action(() => run([role], false));
  }
  program
    .command("migrate")
    .description("bring the database to the newest schema")
    .action(async () => print(await migrateNow()));
  for (const add of commands) add(program, context);
  return program;
}

const programVersion = (): string =>
  (JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string })
    .version;

function addStart(program: Command): void {
  program
    .command("start")
    .description("everything in one process, on an embedded PostgreSQL unless DATABASE_URL is set")
    .option("--demo", "add a demo brand whose pages this program serves itself")
    .action(({ demo = false }: { demo?: boolean }) => run(roles, demo));
}

/** What runs is loaded only then: `score` and the like begin without the API and the queue. */
async function run(wanted: readonly RunningRole[], demo: boolean): Promise<void> {
  const { serve } = await import("./serve.ts");
  // Whatever a job that was cut still holds open must not keep the process.
  process.exit(await serve({ env: readEnv(process.env), roles: wanted, demo, print }));
}

async function migrateNow(): Promise<string> {
  const [{ migrateAll, openDatabase }, { createLog }] = await Promise.all([
    import("./runtime.ts"),
    import("./log.ts"),
  ]);
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
