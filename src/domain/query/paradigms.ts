/** A word's unchanging part and the endings that may follow it. */
export interface Paradigm {
  base: string;
  endings: ReadonlySet<string>;
}

/** The endings after a base, chosen by its last letter. */
type Declension = (base: string) => ReadonlySet<string>;

const list = (endings: string): string[] => endings.split(" ").map(ending => ending.replace("-", ""));

const fixed = (endings: string): Declension => {
  const all = new Set(list(endings));
  return () => all;
};

/** Russian spelling: ы turns into и after г к х ж ш ч щ, an unstressed о into е after ж ш ч щ ц. */
function spelt(endings: string): Declension {
  const plain = list(endings);
  const narrow = plain.map(ending => ending.replace(/^ы/, "и"));
  const fronted = plain.filter(ending => /^о/.test(ending)).map(ending => ending.replace(/^о/, "е"));
  const hard = new Set(plain);
  const velar = new Set(narrow);
  const hushing = new Set([...narrow, ...fronted, "ей"]);
  const tse = new Set([...plain, ...fronted]);
  return base => {
    if (/[гкх]$/.test(base)) return velar;
    if (/[жшчщ]$/.test(base)) return hushing;
    return base.endsWith("ц") ? tse : hard;
  };
}

const masculine = spelt("- а у ом е ы ов ам ами ах");
const feminine = spelt("- а у е ы ой ою ам ами ах");
const neuter = spelt("- о а у ом е ы ов ам ами ах");
const eitherHard = spelt("- а у ом е ы ов ой ою ам ами ах");
const softSign = fixed("ь я ю е и ем ей ью ям ями ях");
const softFeminine = fixed("я и ю е ей ею ь - ям ями ях");
const softNeuter = fixed("е я ю ем и ей ям ями ях");
const shortI = fixed("й я ю е и ем ев ям ями ях");
const iotated = fixed("я е ю и й ей ею ем ям ями ях");
const adjective = fixed(
  "ый ий ой ая яя ое ее ые ие ого его ому ему ым им ом ем ей ою ею ую юю ых их ыми ими - а о ы",
);
/** Names in -ов, -ев, -ин and towns in -ово, -ино decline between noun and adjective. */
const possessive = fixed("- а о у ым ом е ы ых ыми ой ою");
const momentary = fixed("уть ул ула уло ули у ешь ет ем ете ут ув и ите");

/** A word that ends so may be a base, which is the word without its last `cut` letters, and an ending. */
interface Rule {
  ends: RegExp;
  cut: number;
  declension: Declension;
}

const rule = (ends: RegExp, cut: number, declension: Declension): Rule => ({ ends, cut, declension });

/**
 * Words are taken for dictionary forms. A consonant is never cut: "Ростов" is no form of "рост".
 * Vowels of other cases are cut from longer words only.
 */
const rules: readonly Rule[] = [
  rule(/[бвгджзклмнпрстфхцчшщ]$/, 0, masculine),
  rule(/(?:[ое]в|[иы]н)$/, 0, possessive),
  rule(/(?:[ое]в|[иы]н)[оа]$/, 1, possessive),
  rule(/[бвгджзклмнпрстфхцчшщ]а$/, 1, feminine),
  rule(/[бвгджзклмнпрстфхцчшщ]о$/, 1, neuter),
  rule(/.{3}[бвгджзклмнпрстфхцчшщ][уы]$/, 1, eitherHard),
  rule(/.{3}[гкхжшчщ]и$/, 1, eitherHard),
  rule(/[жшчщц]е$|.{4}[бвгдзклмнпрстфх]е$/, 1, eitherHard),
  rule(/[бвгдзклмнпрстфхжшчщ]ь$/, 1, softSign),
  rule(/[бвгдзклмнпрстфх]я$/, 1, softFeminine),
  rule(/[бвдзлмнпрстф]е$/, 1, softNeuter),
  rule(/.{3}[бвдзлмнпрстф][ию]$/, 1, softFeminine),
  rule(/[аеиоуэюя]й$/, 1, shortI),
  rule(/[аеиоуыэюяь][яе]$/, 1, iotated),
  rule(/.{2}(?:[ыо]й|[оы]е|[ая]я)$|.{2}[нкгхжшчщ](?:ий|ее|ие)$/, 2, adjective),
  rule(/.{3}[бвгджзклмнпрстфхцчшщ]о$/, 1, adjective),
  rule(/.{2}нуть$/, 3, momentary),
  rule(/.{2}нул$/, 2, momentary),
  rule(/.{2}нул[аои]$/, 3, momentary),
];

const vowel = /[аеиоуыэюя]/;

/** кубок → кубка, палец → пальца: the vowel that flees when an ending comes. */
function withoutFleeting(word: string): Paradigm[] {
  const parts = /^(.*[бвгджзклмнпрстфхцчшщ])[ое]([кцлрн])(ь?)$/.exec(word);
  if (parts === null || !vowel.test(parts[1]!)) return [];
  const [, head, last, sign] = parts;
  const base = head!.endsWith("л") && last === "ц" ? `${head}ь${last}` : `${head}${last}`;
  return [{ base, endings: (sign === "ь" ? softSign : masculine)(base) }];
}

const nothing: ReadonlySet<string> = new Set([""]);

/** чашка → чашек, кольцо → колец, башня → башен, кофейня → кофеен: the vowel that comes when an ending goes. */
function withFleeting(word: string): Paradigm[] {
  const parts = /^(.*[бвгджзйклмнпрстфхцчшщ])ь?(?:([кц])[аои]|(н)[яо])$/.exec(word);
  if (parts === null) return [];
  const head = parts[1]!;
  const last = parts[2] ?? parts[3]!;
  const bases = head.endsWith("й")
    ? [`${head.slice(0, -1)}е${last}`]
    : [`${head}е${last}`, `${head}о${last}`];
  return bases.map(base => ({ base, endings: nothing }));
}

/**
 * The forms of a folded Russian word in its dictionary form, by the endings of nouns, adjectives and names.
 * Some are words that nobody writes; few mean something else: forms of "почта" are not "почти".
 */
export function paradigmsOf(word: string): Paradigm[] {
  if (word.length < 3 || !vowel.test(word)) return [];
  const found = rules
    .filter(({ ends }) => ends.test(word))
    .map(({ cut, declension }) => {
      const base = word.slice(0, word.length - cut);
      return { base, endings: declension(base) };
    });
  return [...found, ...withoutFleeting(word), ...withFleeting(word)];
}
