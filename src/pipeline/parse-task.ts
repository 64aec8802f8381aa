import type { FailedOutcome, Retry } from "#domain/errors.ts";
import type { Item } from "#domain/item.ts";
import type { Ask, Json, SearchLook, SourceRequest } from "#sources/define.ts";

/** One reply to read; everything but the bytes is copied into the thread. */
export interface ParseTask {
  kindId: string;
  bytes: Uint8Array;
  headers: Record<string, string>;
  status: number;
  url: string;
  request: SourceRequest;
  ask: Ask<unknown>;
}

/** A page whose items are complete and valid. */
interface ParsedPage {
  items: Item[];
  next: SourceRequest | null;
  details: SourceRequest[];
  /** Undefined when the kind proposed none, which differs from null. */
  cursor: Json | undefined;
  look: SearchLook | null;
}

export interface Parsed {
  page: ParsedPage;
  /** WHATWG name of the encoding that the text was read in. */
  encoding: string;
  /** U+FFFD per character, 0 to 1. */
  replacementShare: number;
}

/** An error as plain data: classes do not survive the way out of a thread. */
export interface ParseProblem {
  code: string;
  message: string;
  retry: Retry;
  outcome: FailedOutcome;
  /** For the log; null for errors that are ours. */
  stack: string | null;
}

export type ParseAnswer = { parsed: Parsed } | { problem: ParseProblem };
