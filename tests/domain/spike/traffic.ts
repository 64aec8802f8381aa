/** Counts of a made-up brand by the minute. */
export interface Traffic {
  startMs: number;
  counts: Float64Array;
  holes: boolean[];
}

export interface TrafficOptions {
  seed: number;
  days: number;
  /** Mentions an hour, on average of the week. */
  mean: number;
  /** The week has the shape of people's days; flat otherwise. */
  shaped: boolean;
  /** Relative variance of the rate by ten minutes, and by the hour: gamma-mixed Poisson counts. */
  dispersion: { tenMinutes: number; hour: number };
  holidays: number;
  /** Collector holes of up to ten hours. */
  holes: number;
  /** From this minute on three times as much for three hours. */
  surgeAt?: number;
}

const minutesADay = 1_440;

/** Mulberry32: 32 bits of state are enough to repeat a test. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const normal = (random: () => number) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Mean 1 and this variance (G. Marsaglia, W. Tsang, ACM TOMS 26, 2000). */
function gamma(random: () => number, variance: number): number {
  if (variance === 0) return 1;
  const d = 1 / variance - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v * variance;
  }
}

function poisson(random: () => number, mean: number): number {
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  for (; product > limit; count++) product *= random();
  return count;
}

/** Traffic in Moscow, whose days are three hours ahead of UTC; it begins on a Monday. */
export function makeTraffic(options: TrafficOptions): Traffic {
  const { seed, days, mean, dispersion, surgeAt = Number.POSITIVE_INFINITY } = options;
  const random = randomOf(seed);
  const length = days * minutesADay;
  const counts = new Float64Array(length);
  const busyness = Array.from({ length: days + 1 }, () => 1);
  for (let n = 0; n < options.holidays; n++) busyness[Math.floor(random() * days)] = n % 2 ? 1.5 : 0.4;
  let [ofHour, ofTen] = [1, 1];
  for (let minute = 0; minute < length; minute++) {
    if (minute % 60 === 0) ofHour = gamma(random, dispersion.hour);
    if (minute % 10 === 0) ofTen = gamma(random, dispersion.tenMinutes);
    const shape = (options.shaped ? shapeAt(minute) : 1) * (busyness[localDay(minute)] ?? 1);
    const surge = minute >= surgeAt && minute < surgeAt + 180 ? 3 : 1;
    counts[minute] = poisson(random, (mean / 60) * shape * ofHour * ofTen * surge);
  }
  const traffic = { startMs: Date.UTC(2026, 0, 5), counts, holes: new Array<boolean>(length).fill(false) };
  for (let n = 0; n < options.holes; n++) digHole(traffic, random, surgeAt);
  return traffic;
}

const localDay = (minute: number): number => Math.floor((minute + 180) / minutesADay);

/** People speak by day, and less at weekends. */
function shapeAt(minute: number): number {
  const hour = ((minute + 180) % minutesADay) / 60;
  const weekday = localDay(minute) % 7 < 5 ? 1.15 : 0.6;
  return (1 + 0.8 * Math.sin(((hour - 9) / 24) * 2 * Math.PI)) * weekday;
}

/** Up to ten hours of which nothing was collected, never beside the surge. */
function digHole({ counts, holes }: Traffic, random: () => number, surgeAt: number): void {
  const from = Math.floor((random() * (counts.length - 700)) / 15) * 15;
  const to = from + 15 * Math.ceil(random() * 40);
  if (from < surgeAt + 180 && surgeAt - minutesADay < to) return;
  counts.fill(0, from, to);
  holes.fill(true, from, to);
}
