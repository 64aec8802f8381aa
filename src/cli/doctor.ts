import type { AddCommand, Check } from "./define.ts";

interface Found {
  name: string;
  ok: boolean;
  said: string;
}

/** `doctor`: looks at everything around the program; one line each, with what to do. */
export const addDoctor: AddCommand = (program, context) => {
  program
    .command("doctor")
    .description("check database, queue, clock, keys and the egress guard")
    .option("--json", "print JSON")
    .action(async ({ json = false }: { json?: boolean }) => {
      const checks = await context.openChecks();
      const found: Found[] = [];
      try {
        for (const check of checks.list) {
          const one = withoutEcho(await look(check), found);
          found.push(one);
          if (!json) context.out(`${one.ok ? "✓" : "✗"} ${one.name}: ${one.said}\n`);
        }
      } finally {
        await checks.close();
      }
      const ok = found.every(one => one.ok);
      if (json) context.out(`${JSON.stringify({ ok, checks: found })}\n`);
      if (!ok) context.setExitCode(1);
    });
};

/** What stopped an earlier check too is said there, once. */
function withoutEcho(one: Found, before: readonly Found[]): Found {
  const same = before.find(({ ok, said }) => !ok && !one.ok && said === one.said);
  return same === undefined ? one : { ...one, said: `cannot be checked before "${same.name}" is right` };
}

async function look({ name, run }: Check): Promise<Found> {
  try {
    return { name, ok: true, said: await run() };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { name, ok: false, said: (message || "failed without a word").split("\n")[0] as string };
  }
}
