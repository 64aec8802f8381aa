import type { TextKind } from "#domain/item.ts";

/**
 * The blocks that weigh words. `shared` weighs every text, `review` and `social` add what is special to a
 * family of kinds; the others weigh words once more where they stand. The weights of one feature in all
 * blocks lie side by side in a row, because reading memory is what a new word costs.
 */
export const wordBlocks = ["shared", "review", "social", "negated", "after", "near"] as const;
export type WordBlock = (typeof wordBlocks)[number];
/** Features that tell what stands around a word have rows of one pair. */
export const blockNames = [...wordBlocks, "context"] as const;
export type Block = (typeof blockNames)[number];

const rowBits = 18;
const contextBits = 18;
const rowCount = 2 ** rowBits;
const pairsPerRow = wordBlocks.length;
const firstContext = rowCount * pairsPerRow;
/** Pairs of weights in a row. */
export const rowPairs = pairsPerRow;
/** The pairs of the context block follow those of all rows. */
export const contextStart = firstContext;
export const pairCount = contextStart + 2 ** contextBits;

/** Where the row of a feature begins among the pairs; its pair in a block is `indexOfBlock` further. */
export const rowAt = (hash: number): number => (Math.imul(hash, 0x9e3779b1) >>> (32 - rowBits)) * pairsPerRow;

/** The pair of a feature in the context block. */
export const contextAt = (hash: number): number =>
  firstContext + (Math.imul(hash, 0x85ebca77) >>> (32 - contextBits));

export const indexOfBlock = Object.fromEntries(wordBlocks.map((name, at) => [name, at])) as Record<
  WordBlock,
  number
>;

/** The block that a pair belongs to. */
export const blockOfPair = (pair: number): Block =>
  pair >= contextStart ? "context" : (wordBlocks[pair % rowPairs] as WordBlock);

/** The block of a kind beside the shared one; null for news and for an unknown kind. */
export function blockOfKind(kind: TextKind | null): "review" | "social" | null {
  if (kind === null || kind === "news" || kind === "search-result") return null;
  return kind === "review" ? "review" : "social";
}
