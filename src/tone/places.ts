/**
 * Where a word stands, in bits. The first three add the word's weights of one more block each; all but `after` and
 * `near` also say how much the word counts of itself.
 */
export const places = {
  negated: 1,
  after: 2,
  near: 4,
  unreal: 8,
  past: 16,
  before: 32,
  concession: 64,
  asked: 128,
  quoted: 256,
  /** In a clause about somebody else than the brand. */
  rival: 512,
} as const;

/** Every place that a word can have is less than this. */
const placeCount = 1024;
/** Bits of the whole that a word counts where nothing is said about it. */
export const gateBits = 6;
export const wholeGate: number = 1 << gateBits;

/**
 * Percent that a word counts of itself: what is denied, wished, over, conceded, asked or said by others means less
 * than it says, or the contrary; so does what is said of others than the brand. Chosen on sources left out of training; a fifth more or less changes nothing.
 */
const percent: readonly (readonly [place: number, percent: number])[] = [
  [places.negated, -40],
  [places.unreal, 20],
  [places.past, 0],
  [places.before, 30],
  [places.concession, 40],
  [places.asked, 70],
  [places.quoted, 30],
  [places.rival, 40],
];
/** "У этого хамят, зато тот порадовал": near the brand a word counts on whichever side of the contrast it stands. */
const contrasts = places.before | places.concession;

/** By place what a word counts of itself, of `wholeGate`; integers, so that every machine agrees. */
export const gates: Int32Array = Int32Array.from({ length: placeCount }, (_, place) => {
  const counted = (place & places.near) === 0 ? place : place & ~contrasts;
  return Math.round(
    percent.reduce((gate, [bit, by]) => ((counted & bit) === 0 ? gate : (gate * by) / 100), wholeGate),
  );
});
