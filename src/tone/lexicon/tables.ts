import type { Tables } from "#tone/vocabulary.ts";
import type { Marked } from "./define.ts";
import { englishAspects } from "./en-aspects.ts";
import { englishComplaints } from "./en-complaints.ts";
import { englishPhrases } from "./en-phrases.ts";
import { englishPraise } from "./en-praise.ts";
import { intentWords } from "./intents.ts";
import { roleWords } from "./roles.ts";
import { russianAspects } from "./ru-aspects.ts";
import { russianComplaints } from "./ru-complaints.ts";
import { russianPhrases } from "./ru-phrases.ts";
import { russianPraise } from "./ru-praise.ts";
import { russianSlang } from "./ru-slang.ts";

/** One list per name of what either marks. */
const inBoth = (one: Marked, other: Marked): Marked =>
  Object.fromEntries(
    [...new Set([...Object.keys(one), ...Object.keys(other)])].map(name => [
      name,
      `${one[name] ?? ""} ${other[name] ?? ""}`,
    ]),
  );

/** Our own vocabulary of tone, written for this project. */
export const lexicon: Tables = {
  weighted: [
    russianComplaints,
    russianPraise,
    russianPhrases,
    russianSlang,
    englishComplaints,
    englishPraise,
    englishPhrases,
  ],
  roles: roleWords,
  aspects: inBoth(russianAspects, englishAspects),
  intents: intentWords,
};
