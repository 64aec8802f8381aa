import { z } from "zod";
import type { Ask, Json } from "#sources/define.ts";

/**
 * What a board's source remembers. `forums`: the newest post that the list of each forum named. `feeds`: of each
 * feed (by forum, "all" for the board) the newest post and change. `known`: the forums found in the running run.
 */
const memorySchema = z.object({
  forums: z.record(z.string(), z.number().int()),
  feeds: z.record(z.string(), z.object({ postId: z.number().int(), changedAt: z.iso.datetime() })),
  known: z.array(z.number().int()),
});
export type Memory = z.output<typeof memorySchema>;

const nothing: Memory = { forums: {}, feeds: {}, known: [] };

export const readMemory = (cursor: Json): Memory => memorySchema.safeParse(cursor).data ?? nothing;

/** What earlier pages of this run left, on top of what the last complete run did. */
export const memoryNow = (ask: Ask<unknown>): Memory => readMemory(ask.progress ?? ask.cursor);

export const feedScope = (forum: number | null): string => (forum === null ? "all" : String(forum));

/** The newest post of a forum that complete runs have read, by its list or by a feed; null for a first look. */
export function markOf(memory: Memory, forum: number): number | null {
  const marks = [
    memory.forums[String(forum)],
    memory.feeds[feedScope(forum)]?.postId,
    memory.feeds[feedScope(null)]?.postId,
  ].filter(mark => mark !== undefined);
  return marks.length === 0 ? null : marks.reduce((a, b) => Math.max(a, b));
}
