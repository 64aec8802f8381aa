import type { TextKind } from "#domain/item.ts";
import type { FlagName } from "./topics/outputs.ts";

/** The order in which intents are listed: what hurries first. */
export const intentOrder = [
  "threat",
  "safety",
  "complaint",
  "question",
  "suggestion",
  "praise",
  "spam",
] as const;

/** Nobody complains, praises or threatens in what is only reported. */
const neverReported: ReadonlySet<string> = new Set(["threat", "complaint", "suggestion", "praise"]);

/** What the author is about to do or asks for, in the order of `intentOrder`. */
export function intentsOf(kind: TextKind | null, flags: ReadonlySet<FlagName>): string[] {
  const isReport = kind === "news" || kind === "search-result";
  return intentOrder.filter(intent => flags.has(intent) && !(isReport && neverReported.has(intent)));
}
