import { similarity, wordCount } from "#domain/similarity.ts";
import { foldText } from "#domain/text.ts";
import { readWords, unitsOf } from "#domain/words.ts";
import { findPersonal, type PersonalSpan } from "./personal.ts";

export const replyChecks = [
  "empty",
  "too-short",
  "too-long",
  "forbidden-word",
  "promise-word",
  "personal-data",
  "placeholder",
  "duplicate",
] as const;
type ReplyCheck = (typeof replyChecks)[number];

/** Why a text may not be sent; the place is in UTF-16 units, null where the whole text is meant. */
export interface ReplyProblem {
  check: ReplyCheck;
  message: string;
  found: string | null;
  start: number | null;
  end: number | null;
}

/** What a text is checked against. */
export interface ReplyBounds {
  /** Of the place that is answered, in characters; null: the source says nothing. */
  length: { min: number; max: number; where: string } | null;
  forbiddenWords: readonly string[];
  promiseWords: readonly string[];
  /** Phones and e-mails of the brand's own, which an answer may show. */
  contacts: readonly string[];
  /** The last answers of the brand to other people. */
  recent: readonly string[];
}

/** From so many words on texts are compared by their phrases; shorter ones are the same or not. */
const minComparedWords = 15;
const sameFrom = 0.9;

/** Everything that speaks against sending a text, in its order. Empty: it may go. */
export function checkReply(text: string, bounds: ReplyBounds): ReplyProblem[] {
  const trimmed = text.trim();
  if (trimmed === "") return [whole("empty", "The answer is empty; write what you want to say")];
  return [
    ...lengthProblems(trimmed, bounds.length),
    ...phraseProblems(text, bounds),
    ...personalProblems(text, bounds.contacts),
    ...placeholderProblems(text),
    ...duplicateProblems(trimmed, bounds.recent),
  ].toSorted((a, b) => (a.start ?? -1) - (b.start ?? -1));
}

const whole = (check: ReplyCheck, message: string): ReplyProblem => ({
  check,
  message,
  found: null,
  start: null,
  end: null,
});

/** A source may count an emoji as one character or as two: the text fits either way. */
function lengthProblems(text: string, bounds: ReplyBounds["length"]): ReplyProblem[] {
  if (bounds === null) return [];
  const { min, max, where } = bounds;
  const least = [...text].length;
  if (least < min)
    return [whole("too-short", `The answer has ${least} characters; ${where} takes ${min} to ${max}`)];
  const over = text.length - max;
  if (over <= 0) return [];
  return [
    whole(
      "too-long",
      `The answer has ${text.length} characters, ${over} more than ${where} takes (${min} to ${max})`,
    ),
  ];
}

interface Place {
  start: number;
  end: number;
}

function phraseProblems(text: string, { forbiddenWords, promiseWords }: ReplyBounds): ReplyProblem[] {
  const places = placesOf(text);
  const told = (check: ReplyCheck, why: string) => (place: Place) => {
    const found = text.slice(place.start, place.end);
    const at = `characters ${place.start + 1}–${place.end}`;
    return { check, message: `“${found}” (${at}) ${why}`, found, ...place };
  };
  return [
    ...phrasePlaces(places, forbiddenWords).map(
      told("forbidden-word", "is among the brand's words that no answer may hold; say it otherwise"),
    ),
    ...phrasePlaces(places, promiseWords).map(
      told("promise-word", "promises something in the brand's name; say what has been done instead"),
    ),
  ];
}

interface PlacedWord extends Place {
  folded: string;
}

function placesOf(text: string): PlacedWord[] {
  const { starts, ends } = readWords(unitsOf(text));
  return starts.map((start, index) => {
    const end = ends[index] as number;
    return { start, end, folded: foldText(text.slice(start, end)) };
  });
}

/** Where the phrases of a list stand; a word that ends in `*` stands for every word that begins so. */
function phrasePlaces(words: readonly PlacedWord[], phrases: readonly string[]): Place[] {
  const patterns = phrases.map(wordsOfPhrase).filter(pattern => pattern.length > 0);
  const places: Place[] = [];
  for (let index = 0; index < words.length; index++) {
    const longest = patterns
      .filter(pattern => pattern.every((part, offset) => fits(words[index + offset]?.folded, part)))
      .reduce((most, pattern) => Math.max(most, pattern.length), 0);
    if (longest === 0) continue;
    const last = words[index + longest - 1] as PlacedWord;
    places.push({ start: (words[index] as PlacedWord).start, end: last.end });
    index += longest - 1;
  }
  return places;
}

interface PhraseWord {
  folded: string;
  isBeginning: boolean;
}

function wordsOfPhrase(phrase: string): PhraseWord[] {
  return placesOf(phrase).map(({ folded, end }) => ({ folded, isBeginning: phrase[end] === "*" }));
}

const fits = (word: string | undefined, { folded, isBeginning }: PhraseWord): boolean =>
  word !== undefined && (isBeginning ? word.startsWith(folded) : word === folded);

const personalWords: Record<PersonalSpan["kind"], string> = {
  email: "an e-mail address",
  phone: "a phone number",
  card: "the number of a payment card",
  order: "the number of an order or document",
  account: "an account's name",
  name: "a name",
};

function personalProblems(text: string, contacts: readonly string[]): ReplyProblem[] {
  const own = new Set(contacts.map(contactKey));
  return findPersonal(text)
    .filter(({ kind, start, end }) => kind !== "account" && !own.has(contactKey(text.slice(start, end))))
    .map(({ kind, start, end }) => ({
      check: "personal-data",
      message: `“${text.slice(start, end)}” (characters ${start + 1}–${end}) looks like ${personalWords[kind]}, and everybody can read the answer; take it out, or list it among the brand's own contacts`,
      found: text.slice(start, end),
      start,
      end,
    }));
}

const unfilled = /\{\{[^{}]{0,60}\}\}|\[(?:EMAIL|PHONE|CARD|ORDER|ACCOUNT|NAME|TEXT)_\d{1,6}\]/g;

const placeholderProblems = (text: string): ReplyProblem[] =>
  [...text.matchAll(unfilled)].map(({ 0: found, index }) => ({
    check: "placeholder",
    message: `“${found}” (characters ${index + 1}–${index + found.length}) was never filled in; write what belongs there`,
    found,
    start: index,
    end: index + found.length,
  }));

/** One contact in one spelling: the digits of a number, its country's 8 as 7; else the letters. */
function contactKey(contact: string): string {
  if (/\p{L}/u.test(contact)) return foldText(contact.trim());
  const bare = contact.replace(/\D/g, "");
  return bare.length === 11 && bare.startsWith("8") ? `7${bare.slice(1)}` : bare;
}

function duplicateProblems(text: string, recent: readonly string[]): ReplyProblem[] {
  const number = recent.findIndex(other => isSameAnswer(text, other)) + 1;
  if (number === 0) return [];
  const which = number === 1 ? "the last answer" : `the answer ${number} before this one`;
  return [
    whole(
      "duplicate",
      `The answer repeats ${which} of the brand (of the last ${recent.length}); people see copies side by side, so write it for this person`,
    ),
  ];
}

/** The same words, or, in texts of 15 words and more, nine tenths of the same phrases. */
function isSameAnswer(one: string, other: string): boolean {
  const plain = (text: string) =>
    placesOf(text)
      .map(({ folded }) => folded)
      .join(" ");
  if (plain(one) === plain(other)) return true;
  if (wordCount(one) < minComparedWords || wordCount(other) < minComparedWords) return false;
  return similarity(one, other) >= sameFrom;
}
