import { InputError } from "#domain/errors.ts";

/** A query that cannot be read; `column` is 1-based and counts characters (code points) of the query as typed. */
export class QuerySyntaxError extends InputError {
  readonly column: number;
  readonly expected: string;

  constructor(text: string, offset: number, problem: string, expected: string) {
    const column = [...text.slice(0, offset)].length + 1;
    super(`Column ${column}: ${problem}; expected ${expected}.`, "query");
    this.column = column;
    this.expected = expected;
  }
}
