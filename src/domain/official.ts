import type { Item } from "./item.ts";

type Author = NonNullable<Item["author"]>;

/**
 * How a brand's own people are told from others at one site.
 * `accounts`: ids, profile URLs, or `@names` of the brand there; an id means the account of that number on the
 * site at hand, so give only those that belong to it. `badgeWords`: words or phrases looked for in badges.
 * `names`: how the brand is called, for display names. `defaultGroups`: badges everybody may have.
 */
export interface OfficialRules {
  accounts?: readonly string[];
  badgeWords?: readonly string[];
  names?: readonly string[];
  defaultGroups?: readonly string[];
}

/** What forums and shops print beside the people who speak for a company. */
export const officialBadgeWords: readonly string[] = [
  "представитель компании",
  "официальный представитель",
  "представитель магазина",
  "представитель бренда",
  "support",
  "official",
  "staff",
  "developer",
  "разработчик",
  "компания",
  "сотрудник",
];

/** Groups that anybody joins by registering, or by not registering. */
const defaultBadgeGroups: readonly string[] = [
  "guest",
  "member",
  "new member",
  "newbie",
  "registered user",
  "registered users",
  "user",
  "гость",
  "зарегистрированный пользователь",
  "новичок",
  "новый пользователь",
  "пользователь",
  "участник",
];

/** Who keeps a forum in order speaks for the forum; a repost's origin says nothing about who reposted it. */
const notTheBrand =
  /(?<![\p{L}\p{N}])(?:админ|модератор|супермодератор|admin|moderator|supermoderator|forwarded from|бывш|ex-|former)/u;

/**
 * Why an author speaks for the brand (`account …`, `badge …`, `name …`, at most 200 characters), or null.
 * The first rule that holds wins: a listed account; a badge with one of the words; a display name with the
 * brand's name, worn by someone whose group is not open to everybody. Text is compared case-folded, after NFKC.
 */
export function officialEvidence(author: Author | null, rules: OfficialRules): string | null {
  if (author === null) return null;
  const account = rules.accounts?.find(candidate => isAccountOf(author, candidate));
  if (account !== undefined) return evidence("account", account);
  const badges = author.badges.filter(badge => !notTheBrand.test(fold(badge)));
  if (badges.length === 0) return null;
  const words = (rules.badgeWords ?? officialBadgeWords).map(asPhrase);
  const badge = badges.find(text => words.some(word => holds(asPhrase(text), word)));
  if (badge !== undefined) return evidence("badge", badge);
  return nameEvidence(author, badges, rules);
}

function nameEvidence(author: Author, badges: readonly string[], rules: OfficialRules): string | null {
  const open = new Set((rules.defaultGroups ?? defaultBadgeGroups).map(asPhrase));
  const group = badges.find(text => !open.has(asPhrase(text)));
  if (group === undefined) return null;
  const shown = asPhrase(author.name ?? "");
  const name = rules.names?.find(candidate => holds(shown, asPhrase(candidate)));
  return name === undefined ? null : evidence("name", `${author.name} (${group})`);
}

function isAccountOf(author: Author, account: string): boolean {
  const wanted = account.trim();
  if (wanted === "" || wanted === "@") return false;
  if (wanted.startsWith("@")) return author.name !== null && fold(author.name) === fold(wanted.slice(1));
  if (wanted.includes("/")) return author.url !== null && sameProfile(author.url, wanted);
  return author.id !== null && fold(author.id) === fold(wanted);
}

const sameProfile = (one: string, other: string): boolean => {
  const key = profileKey(one);
  return key !== null && key === profileKey(other);
};

/** Host and path without what differs between two links to one profile: scheme, `www.`, session, order, slash. */
function profileKey(link: string): string | null {
  const text = link.includes("://") ? link : `https://${link.replace(/^\/+/, "")}`;
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  url.searchParams.delete("sid");
  url.searchParams.sort();
  const host = url.host.replace(/^www\./, "");
  return fold(`${host}${url.pathname.replace(/\/+$/, "")}?${url.searchParams}`);
}

/** Upper before lower case: so ß meets SS and the two Greek sigmas meet, as in full case folding. */
const fold = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFKC")
    .replaceAll("ё", "е")
    .trim();

/** Words between single spaces, with a space at both ends, so that containment means whole words. */
const asPhrase = (text: string): string =>
  ` ${
    fold(text)
      .match(/[\p{L}\p{M}\p{N}]+/gu)
      ?.join(" ") ?? ""
  } `;

const holds = (phrase: string, part: string): boolean => part.trim() !== "" && phrase.includes(part);

const evidence = (rule: string, what: string): string =>
  `${rule} ${what.replace(/\s+/g, " ").trim()}`.slice(0, 200).toWellFormed();
