/** What a schema library says of one wrong value; only what words are made of. */
export interface SchemaIssue {
  readonly code: string;
  readonly message: string;
  readonly expected?: string;
  readonly keys?: readonly string[];
  readonly values?: readonly unknown[];
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly format?: string;
}

const typeWords: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** What a value is, in the same words. */
export const typeWordOf = (value: unknown): string =>
  typeWords[Array.isArray(value) ? "array" : typeof value] ?? "something else";

const formatWords: Record<string, string> = {
  uuid: "an id (a UUID)",
  url: "an address such as https://example.com/page",
};

/** `expected …` in plain words; empty when the issue is of another sort and its own message has to do. */
export function expectationOf(issue: SchemaIssue): string {
  const { code, message, expected = "", values = [], format = "" } = issue;
  if (/^expected/i.test(message)) return `e${message.slice(1)}`;
  if (code === "invalid_type") return `expected ${typeWords[expected] ?? expected}`;
  if (code === "invalid_value") return `expected ${values.length > 1 ? "one of " : ""}${values.join(", ")}`;
  if (code === "too_small") return `expected at least ${amount(issue.minimum, issue.origin)}`;
  if (code === "too_big") return `expected at most ${amount(issue.maximum, issue.origin)}`;
  const words = code === "invalid_format" ? formatWords[format] : undefined;
  return words === undefined ? "" : `expected ${words}`;
}

/** What is wrong with a field that has been named already. */
export function saidOf(issue: SchemaIssue | undefined): string {
  if (issue === undefined) return "not understood";
  if (issue.code === "unrecognized_keys")
    return `there is no field ${(issue.keys ?? []).map(key => `"${key}"`).join(", ")} here`;
  const expectation = expectationOf(issue);
  // Zod tells a missing field from one of another type in its message alone.
  const isMissing = issue.code === "invalid_type" && issue.message.endsWith("received undefined");
  return isMissing ? `missing; ${expectation}` : expectation || issue.message;
}

function amount(count: number | bigint | undefined, origin: string | undefined): string {
  const one = { string: "character", array: "item" }[origin ?? ""];
  if (one === undefined) return `${count}`;
  return `${count} ${one}${Number(count) === 1 ? "" : "s"}`;
}
