import { unitsPerLogit } from "#tone/logit.ts";
import type { Manner, ModelFacts } from "#tone/model/file.ts";
import { softmax } from "./learn.ts";
import type { Weighed } from "./manners.ts";

const rounds = 400;
const rate = 0.5;
/** Rows that each star is taken to have seen on its own, saying nothing. */
const doubt = 4;
/** What stars without a text are worth, in logits: people are asked for nothing more. */
const alone = [-3, -2, 0, 1.8, 3] as const;
/** Text polarity in logits that contradicts the stars. */
const conflictLogits = 0.7;

const starsOf = (one: Weighed): number => Math.round(one.row.input.rating?.value ?? 3) - 1;

/**
 * Learns what one to five stars add to the polarity of a text's own logits, by gradient descent on the
 * softmax loss of texts whose tone was read by a person, conflicts included.
 */
export function fitStars(
  rated: readonly Weighed[],
  { bias, temperature }: Manner,
): Pick<ModelFacts, "stars" | "starsAlone" | "conflictFrom"> {
  const stars = [0, 0, 0, 0, 0];
  const counts = stars.map((_, star) => rated.filter(one => starsOf(one) === star).length + doubt);
  for (let round = 0; round < rounds; round++) {
    const slopes = stars.map(value => (doubt * value) / 4);
    for (const one of rated) {
      const star = starsOf(one);
      const s = one.s / temperature + (stars[star] as number);
      const [negative, , positive] = softmax(s, one.u / temperature + bias);
      const wanted = one.row.label === 2 ? 1 : one.row.label === 0 ? -1 : 0;
      slopes[star] = (slopes[star] as number) + (positive - negative - wanted);
    }
    for (const star of stars.keys())
      stars[star] = (stars[star] as number) - (rate * (slopes[star] as number)) / (counts[star] as number);
  }
  const units = (values: readonly number[]): number[] =>
    values.map(value => Math.round(value * unitsPerLogit));
  return {
    stars: units(stars),
    starsAlone: units(alone),
    conflictFrom: Math.round(conflictLogits * unitsPerLogit),
  };
}
