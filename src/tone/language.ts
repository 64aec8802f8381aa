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
  const wordLanguages = new Map<string, string[]>();
  for (const [language, words] of Object.entries(latinWords)) {
    for (const word of words.split(" "))
      wordLanguages.set(word, [...(wordLanguages.get(word) ?? []), language]);
  }

  const latinLanguage = (text: string): string => {
    const votes = new Map<string, number>();
    const words = text
      .slice(0, sampleWordUnits)
      .toLowerCase()
      .split(/[^\p{L}]+/u, sampleWords);
    for (const word of words) {
      for (const language of wordLanguages.get(word) ?? [])
        votes.set(language, (votes.get(language) ?? 0) + 2);
    }
    for (const [language] of latinSigns)
      votes.set(language, (votes.get(language) ?? 0) + Math.min(6, 2 * count(language)));
    let best = "und";
    let most = 0;
    for (const [language, vote] of votes) {
      if (vote > most) {
        most = vote;
        best = language;
      }
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

  const byScript = (cyrillic: number, latin: number, text: string): LanguageGuess => {
    const other = total(count, others);
    if (other > cyrillic && other > latin) {
      return { language: count("ja") > 0 ? "ja" : mostOf(count, others, "und"), translit: false };
    }
    if (cyrillic === 0 && latin === 0) return { language: "und", translit: false };
    // A Russian review full of Latin product names is still Russian.
    if (cyrillic * 2 >= latin) return { language: cyrillicLanguage(count), translit: false };
    const language = latinLanguage(text);
    return { language, translit: language === "ru" };
  };

  return (text, units) => {
    const { cyrillic, latin, signs } = tally(units, text.length);
    const onlyRussian = signs === (counts[russianSigns] as number);
    if (onlyRussian && cyrillic > 0 && (cyrillic + signs) * 2 >= latin) return russian;
    const allCyrillic = cyrillic + total(count, cyrillicSigns) + count("і") + count("ө");
    return byScript(allCyrillic, latin + total(count, latinSigns), text);
  };
}
