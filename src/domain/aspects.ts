export type Tone = "positive" | "neutral" | "negative";

/** What a text says of one aspect; a person's word has no score. */
export interface AspectWord {
  aspect: string;
  tone: Tone;
  score?: number;
}

/** How one mention counts for one aspect: the tone toward it, and its part of the mention's own tone. */
export interface AspectCount {
  aspect: string;
  tone: Tone;
  /** In parts of `wholeShare`. */
  share: number;
}

/** One mention in parts, as a number that up to 16 divide: shares are added and taken away without a rest. */
export const wholeShare = 720_720;
const mostCarriers = 16;

/** As exact as it is stored, so that a stored word weighs what it weighed when it was written. */
const strength = ({ score = 0 }: AspectWord): number => Math.fround(Math.abs(score));

/**
 * What a mention counts for: each aspect once, by its strongest word, of equal ones the first. The mention's tone
 * is carried by those aspects that have the same tone, in equal parts; where none has, by no aspect.
 */
export function aspectCounts(words: readonly AspectWord[], tone: Tone): AspectCount[] {
  const strongest = new Map<string, AspectWord>();
  for (const word of words) {
    const known = strongest.get(word.aspect);
    if (known === undefined || strength(word) > strength(known)) strongest.set(word.aspect, word);
  }
  const found = [...strongest.values()].sort((a, b) => (a.aspect < b.aspect ? -1 : 1));
  const carriers = found.filter(word => word.tone === tone).slice(0, mostCarriers);
  return found.map(word => ({
    aspect: word.aspect,
    tone: word.tone,
    share: carriers.includes(word) ? wholeShare / carriers.length : 0,
  }));
}
