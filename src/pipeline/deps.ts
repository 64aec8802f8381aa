import type { Db } from "#store/db.ts";
import type { IngestTools } from "./ingest/judge-page.ts";

/** "Do it now" through the queue; what is lost here is found again by the tick. */
interface Enqueue {
  /** False when the source has an unfinished job already. */
  collect(job: { sourceId: string; runId: string }): Promise<boolean>;
  notify(): Promise<void>;
  /** Sends approved replies that are due, and looks what became of those sent. */
  publish(): Promise<void>;
}

/** Encrypts what must not be readable in the database; `open` throws when the key is not the one that sealed. */
export interface SecretBox {
  seal(text: string): Buffer;
  open(sealed: Buffer): string;
}

/** Everything that verbs of this room may need; each takes only what it uses. */
export interface Deps extends IngestTools {
  db: Db;
  enqueue: Enqueue;
  secrets: SecretBox;
  clock: () => Date;
  random: () => number;
  log: Log;
}

/** One structured line per thing that happened. */
export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
