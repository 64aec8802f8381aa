import ground from "#migrations/0001-ground.ts";
import type { Migration } from "#migrations/define.ts";

/** Every migration in its order; a new file is added at the end and never changed once released. */
export const migrations: readonly Migration[] = [ground];
