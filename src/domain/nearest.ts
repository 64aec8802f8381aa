/** Levenshtein distance. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, character] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const replaced = (row[column - 1] ?? 0) + (character === to[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

const longestWord = 100;

/** The words most like the given one, the nearest first. */
export const nearest = (word: string, known: readonly string[], count: number): string[] =>
  known
    .map(id => ({ id, distance: editDistance(word.toLowerCase().slice(0, longestWord), id.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ id }) => id);

/** `; did you mean "…"?`, or nothing when no known word is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const [best] = nearest(word, known, 1);
  if (best === undefined || best === word) return "";
  const isNear =
    editDistance(word.toLowerCase().slice(0, longestWord), best.toLowerCase()) <=
    Math.max(2, best.length / 3);
  return isNear ? `; did you mean "${best}"?` : "";
}
