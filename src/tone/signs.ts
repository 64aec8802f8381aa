import type { Units } from "#domain/words.ts";

const eyes = new Set([0x3a, 0x3b, 0x3d]);
const noses = new Set([0x2d, 0x27]);
const less = 0x3c;
const three = 0x33;
const closing = 0x29;

/** Tone in levels of an emoticon's mouth. */
const mouths: ReadonlyMap<number, number> = new Map([
  [closing, 2],
  [0x44, 3],
  [0x5d, 2],
  [0x2a, 2],
  [0x70, 1],
  [0x50, 1],
  [0x28, -2],
  [0x5b, -2],
  [0x5c, -1],
]);

const isHeart = (text: Units, at: number): boolean =>
  (text[at] as number) === less && (text[at + 1] as number) === three;

const mouthAt = (text: Units, at: number): number => (noses.has(text[at + 1] as number) ? at + 2 : at + 1);

/** Tone in levels of the emoticon that begins at `at` (`:-)`, `=(`, `<3`), 0 when there is none. */
export function emoticonLevel(text: Units, at: number, to: number): number {
  if (isHeart(text, at)) return 2;
  if (!eyes.has(text[at] as number)) return 0;
  const mouth = mouthAt(text, at);
  return mouth < to ? (mouths.get(text[mouth] as number) ?? 0) : 0;
}

/** The index after the emoticon at `at`, its mouth repeated or not. */
export function emoticonEnd(text: Units, at: number, to: number): number {
  if (isHeart(text, at)) return at + 2;
  const mouth = mouthAt(text, at);
  let end = mouth + 1;
  while (end < to && (text[end] as number) === (text[mouth] as number)) end++;
  return end;
}

/** "(см. рис. 3:)" ends a bracket and smiles at nobody. */
export const closesBracket = (text: Units, at: number): boolean =>
  (text[mouthAt(text, at)] as number) === closing;
