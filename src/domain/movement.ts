/** Mentions that one part of a whole carries, and how much more praise than blame they are. */
export interface Weight {
  /** Mentions, not always whole ones. */
  count: number;
  /** Praising minus blaming ones. */
  lean: number;
}

/** What one part moved net sentiment by, in points: through the tone within it, and through its share of the whole. */
export interface Contribution {
  points: number;
  ofTone: number;
  ofShare: number;
}

const of = (weight: Weight | undefined): Weight => weight ?? { count: 0, lean: 0 };

/**
 * Splits the movement of net sentiment between two times over the parts of all mentions, so that the contributions
 * add up to it. Net sentiment is Σ wᵢ·nᵢ, w the part's share and n its own net sentiment. A part contributes by its
 * tone w̄·Δn and by its share Δw·(n̄ − N̄), bars being means of both times: a part that grows drags the whole towards
 * itself. It is Bennet's decomposition (1920, "The theory of measurement of changes in cost of living", Journal of the
 * Royal Statistical Society 83:455–462) with shares told against the mean, which takes nothing away, as they add up to 1
 * at either time. A part of one time alone moves by its share. Null where a time has no mentions.
 */
export function contributions(
  before: ReadonlyMap<string, Weight>,
  now: ReadonlyMap<string, Weight>,
): { movement: number; parts: Map<string, Contribution> } | null {
  const [past, present] = [sum(before), sum(now)];
  if (past.count === 0 || present.count === 0) return null;
  const [pastNet, presentNet] = [past.lean / past.count, present.lean / present.count];
  const middle = (pastNet + presentNet) / 2;
  const parts = new Map<string, Contribution>();
  for (const key of new Set([...before.keys(), ...now.keys()])) {
    const [one, two] = [of(before.get(key)), of(now.get(key))];
    if (one.count === 0 && two.count === 0) continue;
    const shares = [one.count / past.count, two.count / present.count] as const;
    const nets = [netOf(one, two), netOf(two, one)] as const;
    const ofTone = 100 * ((shares[0] + shares[1]) / 2) * (nets[1] - nets[0]);
    const ofShare = 100 * (shares[1] - shares[0]) * ((nets[0] + nets[1]) / 2 - middle) + 0;
    parts.set(key, { points: ofTone + ofShare, ofTone, ofShare });
  }
  return { movement: 100 * (presentNet - pastNet), parts };
}

/** A part's own net sentiment; that of the other time where it has no mentions. */
const netOf = (own: Weight, other: Weight): number =>
  own.count > 0 ? own.lean / own.count : other.lean / other.count;

function sum(parts: ReadonlyMap<string, Weight>): Weight {
  let [count, lean] = [0, 0];
  for (const part of parts.values()) {
    count += part.count;
    lean += part.lean;
  }
  return { count, lean };
}

/**
 * Rounds numbers to hundredths so that they still add up to their rounded sum: those with the largest rests are
 * rounded up (Hamilton's method).
 */
export function roundTogether(values: readonly number[]): number[] {
  const hundredths = values.map(value => value * 100);
  const floors = hundredths.map(Math.floor);
  const whole = Math.round(hundredths.reduce((total, value) => total + value, 0));
  let left = whole - floors.reduce((total, value) => total + value, 0);
  const order = hundredths
    .map((value, index) => ({ index, rest: value - (floors[index] as number) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of order) {
    if (left <= 0) break;
    floors[index] = (floors[index] as number) + 1;
    left--;
  }
  return floors.map(value => value / 100 + 0);
}
