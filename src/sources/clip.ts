/** Trimmed text of at most `max` UTF-16 units, cut between characters; null when nothing is left. */
export function clip(text: string | null | undefined, max: number): string | null {
  const trimmed = text?.trim() ?? "";
  if (trimmed === "") return null;
  if (trimmed.length <= max) return trimmed;
  const cut = trimmed.slice(0, max);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
