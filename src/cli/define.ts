import type { Command } from "commander";
import type { Net } from "#net/client.ts";
import type { Deps } from "#pipeline/deps.ts";

/** A connected process, as commands see it. */
export interface Connected {
  deps: Deps;
  net: Net;
  publicUrl: string;
  close(): Promise<void>;
}

/** What commands may use of the outside; tests give their own. */
export interface CliContext {
  /** Connects to the database and the queue; the command closes it. */
  connect(): Promise<Connected>;
  /** The way out without a database. */
  openNet(): Net;
  out(text: string): void;
  err(text: string): void;
  /** Whether progress may be drawn over. */
  isTerminal: boolean;
  readText(path: string): Promise<string>;
  stdin: AsyncIterable<Buffer>;
  setExitCode(code: number): void;
  clock(): Date;
}

/** One file of this folder adds one command. */
export type AddCommand = (program: Command, context: CliContext) => void;
