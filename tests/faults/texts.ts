/** The three places of the site, each read by a source kind of another shape. */
export const places = ["feed", "reviews", "channel"] as const;
export type Place = (typeof places)[number];

export const channelName = "surf_news";
export const appId = "123456789";

/** One text of the site and all that is known of it without asking the program. */
export interface Written {
  place: Place;
  n: number;
  externalId: string;
  /** Which of the two brands it is about. */
  brands: readonly ("Волна" | "Прибой")[];
  wasNegative: boolean;
  negative: boolean;
  text: string;
  /** What it said before its edit. */
  firstText: string | null;
  /** Of its appearance or last edit, as the place shows it. */
  at: Date;
  firstAt: Date;
}

const idOf: Record<Place, (n: number) => string> = {
  feed: n => `feed-${n}`,
  reviews: n => String(7_000_000_000 + n),
  channel: n => `${channelName}/${n}`,
};

/** Under fifteen words, so that no two are taken for a re-post. */
function sentence(brands: readonly string[], negative: boolean, n: number): string {
  const subject = brands.length === 0 ? "Кофейня у дома" : brands.join(" и ");
  return negative
    ? `${subject}: ужасный сервис, обманули и нахамили. Случай ${n}.`
    : `${subject}: всё отлично, спасибо, очень довольны! Заказ ${n}.`;
}

/** The n-th text of a place: every third is a complaint, some name two brands, some none. */
export function write(place: Place, n: number, at: Date): Written {
  const negative = n % 3 === 0;
  const brands = place === "reviews" ? (["Волна"] as const) : named(n);
  const text = sentence(brands, negative, n);
  return {
    place,
    n,
    externalId: idOf[place](n),
    brands,
    wasNegative: negative,
    negative,
    text,
    firstText: null,
    at,
    firstAt: at,
  };
}

function named(n: number): Written["brands"] {
  if (n % 7 === 6) return [];
  return n % 5 === 0 ? ["Волна", "Прибой"] : ["Волна"];
}

/** The author thinks better, or worse, of it. */
export function edit(written: Written, at: Date): void {
  written.firstText = written.text;
  written.negative = !written.negative;
  written.text = sentence(written.brands, written.negative, written.n);
  if (written.place === "reviews") written.at = at;
}
