import { MolvaError } from "#domain/errors.ts";
import type { ParseAnswer, Parsed, ParseProblem } from "./parse-task.ts";

/** What a thread says of its work: the page, or the error as plain data. */
export function answerTask(parse: () => Parsed): ParseAnswer {
  try {
    return { parsed: parse() };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** An error that is not ours comes from a page that is built otherwise: the kind stumbled over it. */
function problemOf(error: unknown): ParseProblem {
  if (error instanceof MolvaError) {
    const { code, message, retry, outcome } = error;
    return { code, message, retry, outcome, stack: null };
  }
  return {
    code: "layout-changed",
    message: "The reply could not be read: it is built otherwise than this source kind knows it.",
    retry: "backoff",
    outcome: "layout-changed",
    stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}
