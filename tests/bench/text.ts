/** A repeatable stream of numbers in [0, 1): mulberry32. */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const syllables = "ба во ги да же зо ку ле ми но пе ра су та фе хо ца чу ша ще".split(" ");
const endings = ["", "а", "у", "ом", "е", "ы", "ов", "ами", "ить", "ный", "ая"];
const small = "и в не на что я с как а по но мы к у из за то же от о так для".split(" ");
const praise = ["Всё отлично, рекомендую.", "Очень доволен покупкой!", "Спасибо, прекрасный сервис."];
const blame = [
  "Ужасный сервис, обманули.",
  "Отвратительно, верните деньги!",
  "Кошмар, товар сломался сразу.",
];

/** 5,000 stems of syllables; the n-th most frequent one comes with a probability of 1/n, as in speech. */
const stems = Array.from({ length: 5000 }, (_, index) => {
  let word = "";
  for (let rest = index + syllables.length; rest > 0; rest = Math.floor(rest / syllables.length))
    word += syllables[rest % syllables.length];
  return `${word}л`;
});

const pick = <T>(list: readonly T[], next: () => number): T => list[Math.floor(next() * list.length)] as T;

/** A text in the shape of Russian of about `bytes` bytes in UTF-8 that names the brand and has the wished tone. */
function review(next: () => number, bytes: number, tone: "negative" | "positive" | "neutral"): string {
  let text = "Заказывал в магазине Волна. ";
  if (tone !== "neutral") text += `${pick(tone === "negative" ? blame : praise, next)} `;
  while (text.length * 1.85 < bytes) {
    text +=
      next() < 0.25 ? pick(small, next) : stems[Math.floor(stems.length ** next()) - 1] + pick(endings, next);
    text += next() < 0.08 ? ". " : " ";
  }
  return text.trimEnd();
}

export const benchBrand = "Волна";

/** What texts are made of: where the stream of numbers stands, and every which one is negative. */
export interface Mix {
  next: () => number;
  negativeEvery: number;
}

/** A page of a JSON Feed 1.1 with `count` new texts of ~600 bytes by 50,000 authors, over the last month. */
export function feedPage({ next, negativeEvery }: Mix, first: number, count: number, now: Date): Uint8Array {
  const items = Array.from({ length: count }, (_, index) => {
    const tone = index % negativeEvery === 0 ? "negative" : next() < 0.375 ? "positive" : "neutral";
    return {
      id: `text-${first + index}`,
      url: `https://reviews.example.org/texts/${first + index}`,
      content_text: review(next, 600, tone),
      date_published: new Date(now.getTime() - next() * 30 * 86_400_000).toISOString(),
      authors: [{ name: `author ${Math.floor(next() * 50_000)}` }],
    };
  });
  const feed = { version: "https://jsonfeed.org/version/1.1", title: "Reviews", items };
  return new TextEncoder().encode(JSON.stringify(feed));
}
