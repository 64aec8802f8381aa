/** What a letter tells about the language: shared Cyrillic, shared Latin, or one of a few. */
export const cyrillicSigns: readonly (readonly [string, string])[] = [
  ["ru", "ыэёъ"],
  ["uk", "їєґ"],
  ["be", "ў"],
  ["kk", "әғқңұүһ"],
  ["sr", "ђјљњћџ"],
  ["mk", "ѓќѕ"],
  ["tg", "ҷҳӣӯ"],
];
/** The same for Latin letters. */
export const latinSigns: readonly (readonly [string, string])[] = [
  ["de", "ßäöü"],
  ["pl", "łąęśżźćń"],
  ["cs", "řěůščž"],
  ["tr", "ığş"],
  ["es", "ñ¿¡áíóú"],
  ["fr", "çèêëàùœ"],
  ["pt", "ãõ"],
];
/** Small words that only their language has, or nearly. */
export const latinWords: Readonly<Record<string, string>> = {
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

/** The languages of other scripts, shaped like signs. */
export const others = scripts.map(([, , language]) => [language, ""] as const);

/** By UTF-16 unit: 1 for shared Cyrillic, 2 for shared Latin, else four times the index of what it tells. */
interface Codes {
  names: string[];
  ofUnit: Uint8Array;
}

/** Builds the codes of all units. */
export function buildCodes(): Codes {
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
