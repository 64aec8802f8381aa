/**
 * One forward step of the schema. `transaction: false` is for CREATE INDEX CONCURRENTLY and the like:
 * one statement, repeatable after a crash.
 */
export interface Migration {
  name: string;
  up: string;
  transaction: boolean;
}
