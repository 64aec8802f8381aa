import { readFile } from "node:fs/promises";
import { Command } from "commander";
import type { Checks, CliContext, Connected } from "#cli/define.ts";
import { commands } from "#cli/registry.ts";
import type { Net } from "#net/client.ts";
import { liftSeq } from "#store/seq-epoch.ts";
import type { World } from "#tests/pipeline/world.ts";
import { shippedScorer } from "#tests/scorer.ts";

/** What a command did to the outside. */
export interface Outcome {
  out: string;
  err: string;
  exitCode: number;
}

export interface Around {
  world?: World;
  stdin?: readonly (string | Uint8Array)[];
  isTerminal?: boolean;
  variables?: Record<string, string>;
  checks?: Checks;
  net?: Net;
}

const absent = (what: string) => (): never => {
  throw new Error(`this test gives no ${what}`);
};

const noNet: Net = {
  fetch: absent("network"),
  post: absent("network"),
  mayAsk: url => !new URL(url).hostname.startsWith("127."),
  close: async () => {},
};

async function* chunks(parts: readonly (string | Uint8Array)[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield Buffer.from(part as string);
}

function connected({ deps, database }: World, net: Net): Connected {
  return {
    deps,
    net,
    publicUrl: "https://molva.example",
    liftSeq: top => liftSeq(database.ownerUrl, top),
    close: async () => {},
  };
}

/** Runs one command as the program does, with an outside of the test's own; rejects with what it threw. */
export async function runCommand(args: readonly string[], around: Around = {}): Promise<Outcome> {
  const outcome: Outcome = { out: "", err: "", exitCode: 0 };
  const { world, net = noNet } = around;
  const context: CliContext = {
    connect: async () => connected(world ?? absent("database")(), net),
    openNet: async () => net,
    openScorer: async () => shippedScorer(),
    openChecks: async () => around.checks ?? absent("checks")(),
    out: text => {
      outcome.out += text;
    },
    drained: async () => {},
    err: text => {
      outcome.err += text;
    },
    isTerminal: around.isTerminal ?? false,
    readText: path => readFile(path, "utf8"),
    variable: name => around.variables?.[name],
    stdin: chunks(around.stdin ?? []),
    setExitCode: code => {
      outcome.exitCode = code;
    },
    clock: () => world?.deps.clock() ?? new Date("2026-11-20T12:00:00Z"),
  };
  const program = new Command("molva").exitOverride().configureOutput({
    writeOut: context.out,
    writeErr: context.err,
  });
  for (const add of commands) add(program, context);
  for (const command of program.commands) command.copyInheritedSettings(program);
  await program.parseAsync(["node", "molva", ...args]);
  return outcome;
}
