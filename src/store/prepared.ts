import type pg from "pg";

/** Statements that one connection keeps prepared; further ones are planned at each call. */
const keptStatements = 200;
/** A text is worth preparing from this call on; lists of varying length seldom come so often. */
const worthwhileCalls = 3;

/** What reads without parameters is worth keeping too; `begin` and the like are not. */
const isQuestion = /^\s*(?:select|with)\b/;

type Query = (text: unknown, values?: unknown, ...rest: unknown[]) => unknown;

/**
 * Has a connection prepare the statements that it is asked again and again: planning them costs more than
 * running them. PostgreSQL itself decides when a plan for any parameters is as good as one for these.
 */
export function prepareOften(client: pg.ClientBase): void {
  const calls = new Map<string, number>();
  const names = new Map<string, string>();
  const query = client.query.bind(client) as Query;
  const nameOf = (text: string): string | undefined => {
    const known = names.get(text);
    if (known !== undefined || names.size >= keptStatements) return known;
    const count = (calls.get(text) ?? 0) + 1;
    if (calls.size > 10 * keptStatements) calls.clear();
    calls.set(text, count);
    if (count < worthwhileCalls) return undefined;
    calls.delete(text);
    const name = `molva_${names.size}`;
    names.set(text, name);
    return name;
  };
  const prepared: Query = (text, values, ...rest) => {
    const isOne =
      typeof text === "string" && Array.isArray(values) && (values.length > 0 || isQuestion.test(text));
    const name = isOne ? nameOf(text) : undefined;
    return name === undefined ? query(text, values, ...rest) : query({ name, text, values }, ...rest);
  };
  client.query = prepared as typeof client.query;
}
