/** What can tell who somebody is; `account` is an @name. */
const personalKinds = ["email", "phone", "card", "order", "account", "name"] as const;
type PersonalKind = (typeof personalKinds)[number];

/** A place in a text, in UTF-16 units. */
export interface PersonalSpan {
  kind: PersonalKind;
  start: number;
  end: number;
}

const email =
  /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]{1,64}@(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{2,63}/gu;
const account = /(?<![p{L}p{N}_@.])@[A-Za-z]\w{2,31}/g;
/** Digits with at most two separators in a row. */
const digits = /(?<![\p{L}\p{N}_])[+(]{0,2}\d(?:[ \u00a0().\-‑–]{0,2}\d){5,39}(?![\p{L}\p{N}_])/gu;
const dates = /(?<!\d)\d{1,2}\.\d{1,2}\.(?:\d{4}|\d{2})(?!\d)|\d{4}-\d{2}-\d{2}(?!\d)/g;
/** A word that says what the number is, up to three words such as "номер" or "№", and the number. */
const order =
  /(?<![\p{L}\p{N}])(?:заказ|заявк|обращени|договор|чек|квитанци|накладн|отправлени|посылк|трек|брон|билет|полис|счет|счёт|паспорт|снилс|инн|order|ticket|invoice|booking|tracking|passport)\p{L}{0,4}(?:[\s:,-]{1,3}(?:номер|код|number|no|is|за)\.?){0,2}[\s:]{0,3}(?:[№#]\s?)?((?:[A-Za-zА-Яа-я]{1,4}-?)?\d[\dA-Za-z/-]{2,29})/giu;
const numbered = /[№#]\s?((?:[A-Za-z]{1,4}-?)?\d[\dA-Za-z/-]{3,29})/gu;

const minPhoneDigits = 10;
const minShortDigits = 7;

/** E-mails, phones, cards, numbers of orders and documents, @names; overlapping finds are one, in order. */
export function findPersonal(text: string): PersonalSpan[] {
  return joined([
    ...matches(text, email, "email"),
    ...groups(text, order),
    ...groups(text, numbered),
    ...[...text.matchAll(digits)].flatMap(match => numberSpan(match[0], match.index)),
    ...matches(text, account, "account"),
  ]);
}

const matches = (text: string, pattern: RegExp, kind: PersonalKind): PersonalSpan[] =>
  [...text.matchAll(pattern)].map(({ 0: found, index }) => ({
    kind,
    start: index,
    end: index + found.length,
  }));

const groups = (text: string, pattern: RegExp): PersonalSpan[] =>
  [...text.matchAll(pattern)].map(match => {
    const end = match.index + match[0].length;
    return { kind: "order", start: end - (match[1] as string).length, end };
  });

function numberSpan(found: string, start: number): PersonalSpan[] {
  const kind = kindOfNumber(found.replace(dates, ""));
  return kind === null ? [] : [{ kind, start, end: start + found.length }];
}

function kindOfNumber(found: string): PersonalKind | null {
  const bare = found.replace(/\D/g, "");
  if (bare.length >= 13 && bare.length <= 19 && isLuhn(bare)) return "card";
  if (bare.length >= minPhoneDigits) return "phone";
  if (bare.length < minShortDigits) return null;
  if (/[-‑–(+]/.test(found)) return "phone";
  return found === bare ? "order" : null;
}

/** The check digit of payment cards (ISO/IEC 7812-1, Luhn). */
function isLuhn(number: string): boolean {
  let sum = 0;
  for (let index = 0; index < number.length; index++) {
    const digit = Number(number[number.length - 1 - index]);
    const doubled = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += index % 2 === 1 ? doubled : digit;
  }
  return sum % 10 === 0;
}

/** Spans in order; those that overlap become one of the first's kind. */
export function joined(spans: readonly PersonalSpan[]): PersonalSpan[] {
  const result: PersonalSpan[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1);
    if (last && span.start < last.end) last.end = Math.max(last.end, span.end);
    else result.push({ ...span });
  }
  return result;
}
