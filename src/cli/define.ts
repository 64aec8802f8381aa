import type { Command } from "commander";
import type { Net } from "#net/client.ts";
import type { Deps } from "#pipeline/deps.ts";
import type { Scorer } from "#tone/define.ts";

/** A connected process, as commands see it. */
export interface Connected {
  deps: Deps;
  net: Net;
  publicUrl: string;
  /** Lets the numbers of the change log go on above this one; done as the owner of the schema. */
  liftSeq(topSeq: string): Promise<void>;
  close(): Promise<void>;
}

/** One thing that `doctor` looks at. */
export interface Check {
  name: string;
  /** Says what was found; throws with what to do about it. */
  run(): Promise<string>;
}

/** What `doctor` looks at, in its order; they share what they open. */
export interface Checks {
  list: readonly Check[];
  close(): Promise<void>;
}

/** What commands may use of the outside; tests give their own. */
export interface CliContext {
  /** Connects to the database and the queue; the command closes it. */
  connect(): Promise<Connected>;
  /** The way out without a database. */
  openNet(): Promise<Net>;
  /** A scorer over the shipped model. */
  openScorer(): Promise<Scorer>;
  openChecks(): Promise<Checks>;
  out(text: string): void;
  /** Resolves when whoever reads the output takes more. */
  drained(): Promise<void>;
  err(text: string): void;
  /** Whether progress may be drawn over. */
  isTerminal: boolean;
  readText(path: string): Promise<string>;
  /** A variable of the environment, for files that name secrets instead of holding them. */
  variable(name: string): string | undefined;
  stdin: AsyncIterable<Buffer>;
  setExitCode(code: number): void;
  clock(): Date;
}

/** One file of this folder adds one command. */
export type AddCommand = (program: Command, context: CliContext) => void;
