import type { Units } from "#domain/words.ts";

/** What a letter tells about the language: shared Cyrillic, shared Latin, or one of a few. */
const cyrillicSigns: readonly (readonly [string, string])[] = [
  ["ru", "ыэёъ"],
  ["uk", "їєґ"],
  ["be", "ў"],
  ["kk", "әғқңұүһ"],
  ["sr", "ђјљњћџ"],
  ["mk", "ѓќѕ"],
  ["tg", "ҷҳӣӯ"],
];
const latinSigns: readonly (readonly [string, string])[] = [
  ["de", "ßäöü"],
  ["pl", "łąęśżźćń"],
  ["cs", "řěůščž"],
  ["tr", "ığş"],
  ["es", "ñ¿¡áíóú"],
  ["fr", "çèêëàùœ"],
  ["pt", "ãõ"],
];
const latinWords: Readonly<Record<string, string>> = {
  en: "the and is of to in it you that was for on are with this have not but my very they i a be at so as we do can me your no all an",
  de: "der die das und ist ich nicht ein eine mit sie wir auf für den dem es war sehr auch zu von",
  fr: "le la les et est un une des je pas vous pour dans ce que qui du au très avec",
  es: "el los las y es un una de que no por con para muy pero se mi lo del",
  it: "il lo gli e di che non un una per con sono molto ma della è",
  pt: "o os e um uma de que não com para muito mas por em",
  pl: "i w nie na się z do to jest że jak ale bardzo",
  tr: "ve bir bu çok için da de ne ama",
  ru: "ne i v na chto kak eto ya vse ochen tak u s po no za dostavka zakaz spasibo horosho xorosho ploho vam oni mne tovar kachestvo bystro eshe uzhe ili bylo privet net esli tolko",
};
const sampleUnits = 2000;
const sampleWords = 60;
const sampleWordUnits = 400;

/** Other scripts, by range of UTF-16 units. */
const scripts: readonly (readonly [from: number, to: number, language: string])[] = [
  [0x0370, 0x03ff, "el"],
  [0x0530, 0x058f, "hy"],
  [0x0590, 0x05ff, "he"],
  [0x0600, 0x06ff, "ar"],
  [0x0900, 0x097f, "hi"],
  [0x0e00, 0x0e7f, "th"],
  [0x10a0, 0x10ff, "ka"],
  [0x3040, 0x30ff, "ja"],
  [0x4e00, 0x9fff, "zh"],
  [0xac00, 0xd7af, "ko"],
];

export interface LanguageGuess {
  /** ISO 639-1, or "und". */
  language: string;
  /** Russian written in Latin letters. */
  translit: boolean;
}

/** By UTF-16 unit: 1 for shared Cyrillic, 2 for shared Latin, else four times the index of what it tells. */
interface Codes {
  names: string[];
  ofUnit: Uint8Array;
}

const others = scripts.map(([, , language]) => [language, ""] as const);
const russian: LanguageGuess = { language: "ru", translit: false };

function buildCodes(): Codes {
  const names = [""];
  const ofUnit = new Uint8Array(65_536);
  const code = (name: string): number => {
    const at = names.indexOf(name);
    return 4 * (at < 0 ? names.push(name) - 1 : at);
  };
  ofUnit.fill(1, 0x0400, 0x0530);
  for (const [from, to] of [
    [0x41, 0x5a],
    [0x61, 0x7a],
    [0xc0, 0x24f],
  ] as const) {
    ofUnit.fill(2, from, to + 1);
  }
  for (const [from, to, language] of scripts) ofUnit.fill(code(language), from, to + 1);
  for (const [language, letters] of [...cyrillicSigns, ...latinSigns]) {
    for (const letter of letters + letters.toUpperCase()) ofUnit[letter.charCodeAt(0)] = code(language);
  }
  for (const letter of "іІ") ofUnit[letter.charCodeAt(0)] = code("і");
  for (const letter of "өӨ") ofUnit[letter.charCodeAt(0)] = code("ө");
  ofUnit["×".charCodeAt(0)] = 0;
  ofUnit["÷".charCodeAt(0)] = 0;
  return { names, ofUnit };
}

const total = (count: (name: string) => number, signs: readonly (readonly [string, string])[]): number =>
  signs.reduce((sum, [name]) => sum + count(name), 0);

function mostOf(
  count: (name: string) => number,
  signs: readonly (readonly [string, string])[],
  otherwise: string,
) {
  let best = otherwise;
  let most = 0;
  for (const [name] of signs) {
    if (count(name) > most) {
      most = count(name);
      best = name;
    }
  }
  return best;
}

function cyrillicLanguage(count: (name: string) => number): string {
  const kazakh = count("kk") + count("ө");
  const dotted = count("і");
  if (kazakh > 0 && kazakh + dotted > count("ru") / 4) return count("kk") > 0 ? "kk" : "ky";
  if (count("be") > 0) return "be";
  if (dotted > 0 && dotted + count("uk") >= count("ru")) return "uk";
  return mostOf(count, cyrillicSigns, "ru");
}

const hashSeed = 0x811c9dc5 | 0;
/** Keys of this many bits are small integers. */
const hashMask = 0x3fffffff;

const hashWord = (word: string): number => {
  let hash = hashSeed;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), 0x01000193);
  return hash & hashMask;
};

/** The lower case of a letter; × and ÷ stand among the letters and are none. */
function lowerOf(code: number): number {
  const lower = String.fromCharCode(code).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : code;
}

/** Small words by hash with a bit per language that knows them; the bit's number is its place in `order`. */
function collectWords(): { bitsOf: Map<number, number>; order: string[] } {
  const order = [...new Set([...Object.keys(latinWords), ...latinSigns.map(([language]) => language)])];
  const bitsOf = new Map<number, number>();
  for (const [language, words] of Object.entries(latinWords)) {
    for (const word of words.split(" ").map(hashWord))
      bitsOf.set(word, (bitsOf.get(word) ?? 0) | (1 << order.indexOf(language)));
  }
  return { bitsOf, order };
}

/**
 * Builds the guess by letter rules: which letters a text has, then for Latin which small words. `units` holds
 * the head of the text.
 */
export function createLanguageGuess(): (text: string, units: Units) => LanguageGuess {
  const { names, ofUnit } = buildCodes();
  const counts = new Uint32Array(names.length);
  const index = new Map(names.map((name, at) => [name, at]));
  const russianSigns = index.get("ru") ?? 0;
  const count = (name: string): number => counts[index.get(name) ?? 0] ?? 0;
  const { bitsOf, order } = collectWords();
  const votes = new Uint32Array(order.length);
  const lower = Uint16Array.from({ length: 0x250 }, (_, code) => lowerOf(code));

  /** Languages in the order of their first votes: of equals the first wins. */
  const voted: number[] = [];

  const add = (at: number, count: number): void => {
    if (votes[at] === 0) voted.push(at);
    votes[at] = (votes[at] as number) + count;
  };

  const vote = (hash: number): void => {
    const bits = bitsOf.get(hash & hashMask) ?? 0;
    for (let at = 0; bits >> at > 0; at++) if (((bits >> at) & 1) === 1) add(at, 2);
  };

  const letterOf = (code: number): number => (code < lower.length ? (lower[code] as number) : code);

  /** Lets the first words of a text vote for the languages that know them. */
  const countWords = (units: Units, length: number): void => {
    let words = 0;
    let hash = hashSeed;
    for (let i = 0; i < length && words < sampleWords; i++) {
      const code = units[i] as number;
      if (ofUnit[code] !== 0) hash = Math.imul(hash ^ letterOf(code), 0x01000193);
      else if (hash !== hashSeed) {
        vote(hash);
        hash = hashSeed;
        words++;
      }
    }
    if (hash !== hashSeed && words < sampleWords) vote(hash);
  };

  const latinLanguage = (units: Units, length: number): string => {
    votes.fill(0);
    voted.length = 0;
    countWords(units, Math.min(length, sampleWordUnits));
    for (const [language] of latinSigns) add(order.indexOf(language), Math.min(6, 2 * count(language)));
    let best = "und";
    let most = 0;
    for (const at of voted) {
      if ((votes[at] as number) <= most) continue;
      most = votes[at] as number;
      best = order[at] as string;
    }
    return best;
  };

  /** Counts letters into `counts` and returns the shared ones. */
  const tally = (units: Units, length: number): { cyrillic: number; latin: number; signs: number } => {
    counts.fill(0);
    const end = Math.min(length, sampleUnits);
    let cyrillic = 0;
    let latin = 0;
    let signs = 0;
    for (let i = 0; i < end; i++) {
      const code = ofUnit[units[i] as number] as number;
      cyrillic += code & 1;
      latin += (code >> 1) & 1;
      if (code > 2) {
        counts[code >> 2] = (counts[code >> 2] as number) + 1;
        signs++;
      }
    }
    return { cyrillic, latin, signs };
  };

  const byScript = (cyrillic: number, latin: number, units: Units, length: number): LanguageGuess => {
    const other = total(count, others);
    if (other > cyrillic && other > latin) {
      return { language: count("ja") > 0 ? "ja" : mostOf(count, others, "und"), translit: false };
    }
    if (cyrillic === 0 && latin === 0) return { language: "und", translit: false };
    // A Russian review full of Latin product names is still Russian.
    if (cyrillic * 2 >= latin) return { language: cyrillicLanguage(count), translit: false };
    const language = latinLanguage(units, length);
    return { language, translit: language === "ru" };
  };

  return (text, units) => {
    const { cyrillic, latin, signs } = tally(units, text.length);
    const onlyRussian = signs === (counts[russianSigns] as number);
    if (onlyRussian && cyrillic > 0 && (cyrillic + signs) * 2 >= latin) return russian;
    const allCyrillic = cyrillic + total(count, cyrillicSigns) + count("і") + count("ө");
    return byScript(allCyrillic, latin + total(count, latinSigns), units, text.length);
  };
}
