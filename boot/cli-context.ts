import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { CliContext } from "#cli/define.ts";
import { readEnv } from "#config/env.ts";

/** The outside, loaded when it is needed, as commands of the `molva` program use it: this process, its environment, its database. */
export function processContext(): CliContext {
  return {
    connect: async () => {
      const [{ openRuntime }, { createLog }, { liftSeq }] = await Promise.all([
        import("./runtime.ts"),
        import("./log.ts"),
        import("#store/seq-epoch.ts"),
      ]);
      const runtime = await openRuntime({
        env: readEnv(process.env),
        log: createLog("warn", line => process.stderr.write(line)),
        maxConnections: 5,
        statementTimeoutMs: 600_000,
        name: "cli",
      });
      return { ...runtime, liftSeq: topSeq => liftSeq(runtime.ownerUrl, topSeq) };
    },
    openNet: async () => {
      const { createNet } = await import("#net/client.ts");
      const env = readEnv(process.env);
      return createNet({ allow: env.MOLVA_EGRESS_ALLOW, userAgent: "Molva/0.1", contact: env.MOLVA_CONTACT });
    },
    openScorer: async () => (await import("./scorer.ts")).openScorer(),
    openChecks: async () => (await import("./doctor.ts")).openChecks(process.env),
    out: text => void process.stdout.write(text),
    drained: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, "drain");
    },
    err: text => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    readText: path => readFile(path, "utf8"),
    variable: name => process.env[name],
    stdin: process.stdin,
    setExitCode: code => {
      process.exitCode = code;
    },
    clock: () => new Date(),
  };
}

/** Whoever reads our output may stop reading: that ends the program, it is no error. */
export function endWithReader(): void {
  process.stdout.on("error", error => {
    if ("code" in error && error.code === "EPIPE") process.exit();
    throw error;
  });
}
