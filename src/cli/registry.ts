import type { AddCommand } from "./define.ts";

/** Every command of this folder; one line each. */
export const commands: readonly AddCommand[] = [];
