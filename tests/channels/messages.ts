import fc from "fast-check";
import type { AlertNote, Message } from "#channels/define.ts";

/** One thin alert with every fact given. */
export function note(changes: Partial<AlertNote> = {}): AlertNote {
  return {
    id: "0193a1b2-0000-7000-8000-000000000001",
    kind: "negative-mention",
    ruleName: "Негатив о кофейне",
    brandName: "Волна",
    firedAt: new Date("2026-11-20T09:14:03.000Z"),
    reason: "Отзыв с оценкой 1 из 5 остался без ответа",
    source: "Отзывы на картах",
    tone: "negative",
    rating: { value: 1, scale: 5 },
    link: "https://molva.kofe-volna.ru/cases/17",
    mention: null,
    ids: { mention: "m-1", case: "c-17" },
    ...changes,
  };
}

/** A message of these alerts, all of them listed unless `total` says more. */
export function message(notes: readonly AlertNote[], changes: Partial<Message> = {}): Message {
  return {
    deliveryId: "0193a1b2-0000-7000-8000-0000000000aa",
    language: "ru",
    notes,
    total: notes.length,
    test: false,
    ...changes,
  };
}

/** As an author of hostile reviews would write: markup of every channel, direction marks, halves of characters. */
const shards = [
  "<!channel>",
  "<@U123>",
  "<b>",
  "</b>",
  "</blockquote>",
  "<a href=x",
  "&#57311;",
  "&amp;lt;",
  "&&&&",
  "```*_~`>",
  '"\\',
  "\u202Eабв",
  "שלום",
  "👩‍👩‍👧‍👦",
  "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
  "е\u0308\u0301\u0323",
  "\uD83D",
  "\uDE00",
  "\u0000\u0007\u001B[31m",
  "\r\n\n\u2028",
  "Хуже кофе не пил",
  " ",
];

const short = fc.array(fc.oneof(fc.constantFrom(...shards), fc.string({ unit: "binary", maxLength: 8 })), {
  maxLength: 12,
});

/** Hostile text, mostly short, at times thousands of characters, at times one endless grapheme. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: short.map(parts => parts.join("")) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(short, fc.integer({ min: 1, max: 900 }))
      .map(([parts, times]) => parts.join("").repeat(times)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "&".repeat(9000),
      '"'.repeat(9000),
      "😀".repeat(6000),
      "漢".repeat(9000),
      `a${"\u0301".repeat(9000)}`,
    ),
  },
);

const hostileUrl = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  hostileText.map(text => `https://kofe-volna.ru/?q=${text}`),
  fc.constantFrom(
    "http://localhost:8400/cases/1",
    "http://10.0.0.5/x",
    "javascript:alert(1)",
    "",
    "http://[::1]/",
    "https://a.b|c>d<.ru/",
  ),
);

const mention = fc.record({
  title: fc.option(hostileText),
  text: hostileText,
  authorName: fc.option(hostileText),
  url: fc.option(hostileUrl),
});

/** Any alert that a hostile world can make, with or without the mention's own words. */
export const hostileNote: fc.Arbitrary<AlertNote> = fc.record({
  id: fc.oneof(fc.uuid(), hostileText),
  kind: fc.oneof(
    fc.constantFrom(
      "negative-mention",
      "spike",
      "sla",
      "serp-entry",
      "keyword",
      "source-health",
      "rating-drop",
    ),
    fc.constantFrom("__proto__", "constructor", ""),
    hostileText,
  ),
  ruleName: hostileText,
  brandName: hostileText,
  firedAt: fc.date({ min: new Date("2020-01-01"), max: new Date("2040-01-01"), noInvalidDate: true }),
  reason: hostileText,
  source: fc.option(hostileText),
  tone: fc.constantFrom("positive", "neutral", "negative", null),
  rating: fc.option(
    fc.record({
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
      scale: fc.double({ min: 1, noNaN: true, noDefaultInfinity: true }),
    }),
  ),
  link: hostileUrl,
  mention: fc.option(mention),
  ids: fc.dictionary(fc.string({ maxLength: 20 }), hostileText, { maxKeys: 12 }),
});

/** One alert, a few, or a group that stands for up to a million. */
export const hostileMessage: fc.Arbitrary<Message> = fc
  .record({
    deliveryId: fc.uuid(),
    language: fc.constantFrom("ru" as const, "en" as const),
    notes: fc.oneof(
      fc.array(hostileNote, { minLength: 1, maxLength: 1 }),
      fc.array(hostileNote, { maxLength: 14 }),
    ),
    hidden: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000_000 })),
    test: fc.boolean(),
  })
  .map(({ hidden, ...rest }) => ({ ...rest, total: rest.notes.length + hidden }));

/** So many runs; a failure is told by its own error and its seed, for a counterexample may be megabytes long. */
export function runs<T>(numRuns: number): fc.Parameters<T> {
  return {
    numRuns,
    endOnFailure: true,
    reporter: ({ failed, seed, counterexamplePath, errorInstance }) => {
      if (!failed) return;
      const said = errorInstance instanceof Error ? errorInstance.message.slice(0, 1000) : "no error";
      throw new Error(`seed ${seed}, path ${counterexamplePath}: ${said}`);
    },
  };
}
